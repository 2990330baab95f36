import { knownFlags, type Descriptors } from './descriptors.ts'
import { errno } from './errno.ts'
import type { WasiHost } from './host.ts'
import { inMemory } from './memory.ts'

const characterDevice = 2

/**
 * Rights of a stream: read or write, its status flags, its file status and polling. Seek and tell are missing on purpose: a
 * character device without them is a terminal to wasi-libc, so C guests buffer their output by line; fully buffered, a guest
 * that never exits would keep its last lines for ever.
 */
const rights = { common: (1n << 3n) | (1n << 21n) | (1n << 27n), read: 1n << 1n, write: 1n << 6n } as const

type Descriptor = (fd: number, ...args: never[]) => number

/** What all `fd_*` functions except reading and writing answer; they are about three streams and no file. */
export function fd(host: WasiHost, descriptors: Descriptors): Record<string, Descriptor> {
  /** Answers `code` for an open descriptor, `EBADF` for any other. */
  const openIs =
    (code: number): Descriptor =>
    (fd) =>
      descriptors.stream(fd) === undefined ? errno.badf : code

  return {
    fd_fdstat_get(fd: number, result: number): number {
      const stream = descriptors.stream(fd)
      if (stream === undefined) return errno.badf
      if (!inMemory(host, result, 24)) return errno.fault
      const at = result >>> 0
      const view = host.view()
      host.bytes().fill(0, at, at + 24)
      view.setUint8(at, characterDevice)
      view.setUint16(at + 2, descriptors.flags(fd), true)
      view.setBigUint64(at + 8, rights.common | (stream === 'stdin' ? rights.read : rights.write), true)
      return errno.success
    },
    fd_fdstat_set_flags(fd: number, flags: number): number {
      if (descriptors.stream(fd) === undefined) return errno.badf
      if ((flags & ~knownFlags) !== 0) return errno.inval
      descriptors.setFlags(fd, flags)
      return errno.success
    },
    fd_filestat_get(fd: number, result: number): number {
      if (descriptors.stream(fd) === undefined) return errno.badf
      if (!inMemory(host, result, 64)) return errno.fault
      const at = result >>> 0
      host.bytes().fill(0, at, at + 64)
      host.view().setUint8(at + 16, characterDevice)
      host.view().setBigUint64(at + 24, 1n, true)
      return errno.success
    },
    fd_close(fd: number): number {
      if (descriptors.stream(fd) === undefined) return errno.badf
      descriptors.close(fd)
      return errno.success
    },
    fd_renumber(from: number, to: number): number {
      if (descriptors.stream(from) === undefined || descriptors.stream(to) === undefined) return errno.badf
      descriptors.move(from, to)
      return errno.success
    },
    // No descriptor is a preopened directory. Any answer but EBADF makes the start-up of C and Rust programs exit.
    fd_prestat_get: () => errno.badf,
    fd_prestat_dir_name: () => errno.badf,
    fd_seek: openIs(errno.spipe),
    fd_tell: openIs(errno.spipe),
    fd_pread: openIs(errno.spipe),
    fd_pwrite: openIs(errno.spipe),
    fd_advise: openIs(errno.spipe),
    fd_allocate: openIs(errno.spipe),
    fd_readdir: openIs(errno.notdir),
    // As Linux answers for a terminal: nothing of it can be synchronised or truncated.
    fd_sync: openIs(errno.inval),
    fd_datasync: openIs(errno.inval),
    fd_filestat_set_size: openIs(errno.inval),
    fd_filestat_set_times: openIs(errno.nosys),
    fd_fdstat_set_rights: openIs(errno.nosys),
  }
}
