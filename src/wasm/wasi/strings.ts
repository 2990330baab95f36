import { Buffer } from 'node:buffer'
import { errno } from './errno.ts'
import type { WasiHost } from './host.ts'
import { inMemory } from './memory.ts'

type Strings = 'args_get' | 'args_sizes_get' | 'environ_get' | 'environ_sizes_get'

/** `args_*` and `environ_*`: lists of zero-terminated UTF-8 strings, encoded once and only if the guest asks for them. */
export function strings(host: WasiHost): Record<Strings, (...args: never[]) => number> {
  const args = list(host, () => host.args)
  const environ = list(host, () => Object.entries(host.env).map(([name, value]) => `${name}=${value}`))
  return { args_get: args.get, args_sizes_get: args.sizes, environ_get: environ.get, environ_sizes_get: environ.sizes }
}

interface List {
  readonly get: (pointers: number, bytes: number) => number
  readonly sizes: (count: number, size: number) => number
}

function list(host: WasiHost, read: () => readonly string[]): List {
  let encoded: Encoded | undefined
  const strings = (): Encoded => (encoded ??= encode(read()))
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
