import { Buffer } from 'node:buffer'
import { errno } from './errno.ts'
import type { WasiHost } from './host.ts'
import { inMemory } from './memory.ts'

type Strings = 'args_get' | 'args_sizes_get' | 'environ_get' | 'environ_sizes_get'

/** `args_*` and `environ_*`: lists of zero-terminated UTF-8 strings, encoded only if the guest asks for them, and again only where they have changed. */
export function strings(host: WasiHost): Record<Strings, (...args: never[]) => number> {
  const args = list(
    host,
    () => host.args,
    (args) => args,
  )
  const environ = list(
    host,
    () => host.env,
    (env) => Object.entries(env).map(([name, value]) => `${name}=${value}`),
  )
  return { args_get: args.get, args_sizes_get: args.sizes, environ_get: environ.get, environ_sizes_get: environ.sizes }
}

interface List {
  readonly get: (pointers: number, bytes: number) => number
  readonly sizes: (count: number, size: number) => number
}

function list<T>(host: WasiHost, read: () => T, spell: (from: T) => readonly string[]): List {
  let last: { readonly from: T; readonly encoded: Encoded } | undefined
  const strings = (): Encoded => {
    const from = read()
    if (last?.from !== from) last = { from, encoded: encode(spell(from)) }
    return last.encoded
  }
  return {
    get(pointers, bytes) {
      const { data, offsets } = strings()
      if (!inMemory(host, pointers, offsets.length * 4) || !inMemory(host, bytes, data.length)) return errno.fault
      host.bytes().set(data, bytes >>> 0)
      for (const [index, offset] of offsets.entries()) {
        host.view().setUint32((pointers >>> 0) + index * 4, (bytes >>> 0) + offset, true)
      }
      return errno.success
    },
    sizes(count, size) {
      if (!inMemory(host, count, 4) || !inMemory(host, size, 4)) return errno.fault
      const { data, offsets } = strings()
      host.view().setUint32(count >>> 0, offsets.length, true)
      host.view().setUint32(size >>> 0, data.length, true)
      return errno.success
    },
  }
}

interface Encoded {
  readonly data: Uint8Array
  readonly offsets: readonly number[]
}

function encode(strings: readonly string[]): Encoded {
  const parts = strings.map((string) => Buffer.from(`${string}\0`))
  let size = 0
  const offsets = parts.map((part) => {
    size += part.length
    return size - part.length
  })
  return { data: Buffer.concat(parts), offsets }
}
