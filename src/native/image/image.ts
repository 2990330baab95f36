/** What the file of a shared library says about itself, read without running anything of it. */
export interface Image {
  readonly format: 'ELF' | 'Mach-O' | 'PE'
  /** As in `process.arch`, or the number that the format has for it. */
  readonly machine: string
  /** The library: all of the file, or the part of a universal one that is for this machine. */
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly exports: ReadonlyMap<string, Export>
  /** Why it will stay in memory after it was closed, where the file says so. */
  readonly stays: string | undefined
  /** Why it may stay, depending on what of it runs. */
  readonly mayStay?: string | undefined
}

/** Something that a library exports. */
export interface Export {
  readonly type: 'function' | 'data'
  /** Where its content lies in the bytes; `undefined` where it is in none. */
  readonly offset: number | undefined
}

/** Part of a file that is mapped at an address. */
export interface Segment {
  readonly address: number
  readonly offset: number
  /** Bytes that come from the file. */
  readonly size: number
}

/** Where in the file an address lies. */
export function fileOffset(segments: readonly Segment[], address: number): number | undefined {
  const segment = segments.find((one) => address >= one.address && address < one.address + one.size)
  return segment && address - segment.address + segment.offset
}

/** No name of a plugin is longer; scanning for the ends of hostile ones would take for ever. */
const longestName = 1024

/** Text up to a byte 0; `undefined` where it is too long for a name of ours. */
export function readName(bytes: Uint8Array, start: number): string | undefined {
  const window = bytes.subarray(start, start + longestName)
  const end = window.indexOf(0)
  return end < 0 ? undefined : Buffer.from(window.buffer, window.byteOffset, end).toString('latin1')
}

/** A number of 64 bits, which in a file that exists is a safe integer: what is not lies outside of every file. */
export const readLong = (view: DataView, at: number): number => Number(view.getBigUint64(at, true))
