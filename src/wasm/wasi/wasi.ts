import { absent } from './absent.ts'
import { clock } from './clock.ts'
import { Descriptors } from './descriptors.ts'
import { fd } from './fd.ts'
import type { WasiHost } from './host.ts'
import { io } from './io.ts'
import { poll } from './poll.ts'
import { program } from './process.ts'
import { strings } from './strings.ts'

/**
 * The 46 functions of WASI preview 1 for one instance: arguments, environment, clocks, randomness, sleep, output and exit,
 * and no file system or network.
 *
 * Nothing that a guest passes makes them throw or write outside its memory: a bad pointer is `EFAULT`. They throw only what
 * the host's `write`, `sleep`, `random` and `exit` throw, untouched.
 *
 * @param host - what the instance lends
 * @param descriptors - state of the three streams; pass one in where an instance is put back to a checkpoint
 */
export function wasi(
  host: WasiHost,
  descriptors: Descriptors = new Descriptors(),
): Readonly<Record<string, (...args: never[]) => unknown>> {
  return {
    ...strings(host),
    ...clock(host),
    ...fd(host, descriptors),
    ...io(host, descriptors),
    ...absent(descriptors),
    ...poll(host, descriptors),
    ...program(host),
  }
}
