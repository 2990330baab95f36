import { Writable } from 'node:stream'
import { type Stream, turns } from './turn.ts'

/**
 * What a guest prints inside a call goes out as lines of that call, which the pipes of all calls together could not tell. The stream
 * itself is made with its first use, as ever.
 */
export function capture(name: Stream): void {
  const usual = Object.getOwnPropertyDescriptor(process, name)
  if (usual?.get === undefined) return
  let captured = false
  Object.defineProperty(process, name, {
    configurable: true,
    enumerable: true,
    get() {
      const stream: unknown = usual.get?.call(process)
      if (!captured && stream instanceof Writable) divert(stream, name)
      captured = true
      return stream
    },
  })
}

function divert(stream: Writable, name: Stream): void {
  const write: unknown = Reflect.get(stream, 'write')
  if (typeof write !== 'function') return
  Reflect.set(stream, 'write', (chunk: unknown, ...rest: unknown[]): unknown => {
    const turn = turns.getStore()
    const [encoding] = rest
    const text = typeof chunk === 'string' && typeof encoding === 'string' ? decode(chunk, encoding) : chunk
    if (turn === undefined || !(typeof text === 'string' || text instanceof Uint8Array)) {
      const taken: unknown = Reflect.apply(write, stream, [chunk, ...rest])
      return taken
    }
    turn.print(name, text)
    const callback = rest.find((argument) => typeof argument === 'function')
    if (callback !== undefined) process.nextTick(callback)
    return true
  })
}

const decode = (chunk: string, encoding: string): string | Uint8Array =>
  Buffer.isEncoding(encoding) && !/^utf-?8$/i.test(encoding) ? Buffer.from(chunk, encoding) : chunk
