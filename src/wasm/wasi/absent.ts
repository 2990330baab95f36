import type { Descriptors } from './descriptors.ts'
import { errno } from './errno.ts'

type Refusal = (fd: number, ...args: never[]) => number

/**
 * The functions on what no guest has: directories and sockets. They answer what a program hears elsewhere that holds a wrong
 * descriptor, so its own error handling runs: `EBADF`, or that the open stream is no directory or socket.
 */
export function absent(descriptors: Descriptors): Record<string, Refusal> {
  const refuse =
    (open: number): Refusal =>
    (fd) =>
      descriptors.stream(fd) === undefined ? errno.badf : open
  const path = refuse(errno.notdir)
  const socket = refuse(errno.notsock)
  return {
    path_create_directory: path,
    path_filestat_get: path,
    path_filestat_set_times: path,
    path_link: path,
    path_open: path,
    path_readlink: path,
    path_remove_directory: path,
    path_rename: path,
    // The only one whose directory is not its first argument.
    path_symlink: (_target: number, _length: number, fd: number) => path(fd),
    path_unlink_file: path,
    sock_accept: socket,
    sock_recv: socket,
    sock_send: socket,
    sock_shutdown: socket,
  }
}
