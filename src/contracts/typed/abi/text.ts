/** Strings in the memory of a guest, in one encoding. */
export interface Text {
  /** Where strings begin: at a multiple of it. */
  readonly align: 1 | 2
  /**
   * Decodes a range with many strings in it at once, since most of the time of a lift goes into calls of the engine's decoders.
   * Each string is then a part of the result, as compiled code takes it.
   *
   * @returns undefined where the strings must be read one by one
   */
  open(start: number, end: number): string | undefined
  /** Decodes one string that is known to lie inside the memory. */
  read(pointer: number, length: number): string
  /** Writes a text into room that `allocate` makes, and gives its pointer; `length` is then as the guest takes it. */
  write(text: string, allocate: Allocate): number
  readonly length: number
}

/** Makes room in the guest, or more room for what was put into the room before. */
export interface Allocate {
  allocate(size: number, align: number): number
  extend(pointer: number, size: number, align: number, larger: number): number
}

/** The encodings of the canonical ABI. */
export type Encoding = 'utf8' | 'utf16' | 'latin1+utf16'

/** The most bytes that are decoded at once. Above it, one string after the other is quicker (measured on Node 26). */
export const widest = 4096

/** Up to this many characters a loop is quicker than a call into the engine's encoders. */
export const short = 16
