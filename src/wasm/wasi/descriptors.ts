/** What a descriptor stands for; there are no files, so these three are all there ever is. */
export type Stream = 'stdin' | 'stdout' | 'stderr'

const streams: readonly (Stream | undefined)[] = [undefined, 'stdin', 'stdout', 'stderr']
const initial = 0x03_02_01
const streamBits = 0x03
const flagsShift = 2

/** The status flags that a descriptor keeps: append, dsync, nonblock, rsync, sync. */
export const knownFlags = 0x1f

/**
 * The three descriptors of one instance: which are open, what they stand for, and their status flags.
 *
 * All of it is one number (a byte per descriptor: stream, then flags), because an instance that is put back to its checkpoint
 * must get its descriptors back with its memory: keep {@link Descriptors.state} with the checkpoint and assign it on restore.
 */
export class Descriptors {
  /** Everything there is to save and restore. */
  state: number = initial

  /** What `fd` stands for, or `undefined` where it is not open. */
  stream(fd: number): Stream | undefined {
    return streams[this.#slot(fd) & streamBits]
  }

  /** Status flags of an open descriptor. */
  flags(fd: number): number {
    return this.#slot(fd) >> flagsShift
  }

  /** Replaces the status flags of an open descriptor by some of the known ones. */
  setFlags(fd: number, flags: number): void {
    this.#put(fd, (this.#slot(fd) & streamBits) | (flags << flagsShift))
  }

  /** Closes an open descriptor. */
  close(fd: number): void {
    this.#put(fd, 0)
  }

  /** Moves one open descriptor onto another, which is closed by that. */
  move(from: number, to: number): void {
    const slot = this.#slot(from)
    this.#put(from, 0)
    this.#put(to, slot)
  }

  #slot(fd: number): number {
    return fd >= 0 && fd <= 2 ? (this.state >> (fd * 8)) & 0xff : 0
  }

  #put(fd: number, slot: number): void {
    this.state = (this.state & ~(0xff << (fd * 8))) | (slot << (fd * 8))
  }
}
