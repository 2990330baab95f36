import type { Descriptors } from './descriptors.ts'
import { errno } from './errno.ts'
import type { WasiHost } from './host.ts'
import { inMemory } from './memory.ts'

/**
 * How many buffers one call looks at. A guest may name two million empty ones in 16 MiB, and no limit stops a host function
 * that works through them. Short reads and writes are allowed, so the rest is left to the guest's next call.
 */
const maxBuffers = 1024

/** The largest byte count that guests read as a positive number. */
const maxBytes = 0x7fff_ffff

/** `fd_read` and `fd_write`: standard input comes from the host, standard output and error go to it. */
export function io(
  host: WasiHost,
  descriptors: Descriptors,
): Record<'fd_read' | 'fd_write', (...args: never[]) => number> {
  return {
    fd_read(fd: number, buffers: number, count: number, read: number): number {
      if (descriptors.stream(fd) !== 'stdin') return errno.badf
      if (!buffersFit(host, buffers, count) || !inMemory(host, read, 4)) return errno.fault
      const lists = list(host, buffers, count)
      let total = 0
      for (const [pointer, length] of lists) {
        const got = host.read(host.bytes().subarray(pointer, pointer + Math.min(length, maxBytes - total)))
        total += got
        if (got < length) break
      }
      host.view().setUint32(read >>> 0, total, true)
      return errno.success
    },
    fd_write(fd: number, buffers: number, count: number, written: number): number {
      const stream = descriptors.stream(fd)
      if (stream === undefined || stream === 'stdin') return errno.badf
      // Everything is checked before the first byte goes out, so a refused call has written nothing.
      if (!buffersFit(host, buffers, count) || !inMemory(host, written, 4)) return errno.fault
      let total = 0
      const end = (buffers >>> 0) + Math.min(count >>> 0, maxBuffers) * 8
      for (let buffer = buffers >>> 0; buffer < end && total < maxBytes; buffer += 8) {
        const pointer = host.view().getUint32(buffer, true)
        const length = Math.min(host.view().getUint32(buffer + 4, true), maxBytes - total)
        if (length === 0) continue
        host.write(stream, host.bytes().subarray(pointer, pointer + length))
        total += length
      }
      host.view().setUint32(written >>> 0, total, true)
      return errno.success
    },
  }
}

/** The buffers, read before the first is filled: they may lie in one another. */
function list(host: WasiHost, buffers: number, count: number): readonly (readonly [pointer: number, length: number])[] {
  const view = host.view()
  return Array.from({ length: Math.min(count >>> 0, maxBuffers) }, (_, index) => {
    const at = (buffers >>> 0) + index * 8
    return [view.getUint32(at, true), view.getUint32(at + 4, true)] as const
  })
}

function buffersFit(host: WasiHost, buffers: number, count: number): boolean {
  const start = buffers >>> 0
  if (!inMemory(host, start, (count >>> 0) * 8)) return false
  const view = host.view()
  const end = start + Math.min(count >>> 0, maxBuffers) * 8
  for (let buffer = start; buffer < end; buffer += 8) {
    if (!inMemory(host, view.getUint32(buffer, true), view.getUint32(buffer + 4, true))) return false
  }
  return true
}
