/**
 * Strings in the memory of a guest, in one encoding.
 *
 * Most of the time of a lift goes into calls of the engine's decoders. So all strings of a value are seen first; if they lie
 * close together one call decodes the whole range (the window), and each string is a part of that.
 */
export interface Text {
  /** Where strings may begin: at a multiple of it. */
  readonly align: 1 | 2
  /** The strings that were seen lie too far apart for a window: those of a part may not. */
  wide: boolean
  begin(): void
  /**
   * Checks where a string lies and widens the window.
   *
   * @param length - as the guest gives it
   * @returns how many bytes it has
   */
  see(pointer: number, length: number): number
  /** All strings have been seen. */
  end(): void
  /** Decodes a string that has been seen. */
  read(pointer: number, length: number): string
  /** How many bytes a text will have. */
  measure(text: string): number
  /** Writes a text where it has as many bytes as it was measured to have. */
  write(text: string, pointer: number, bytes: number): void
  /** Its length as the guest takes it. */
  lengthOf(text: string, bytes: number): number
}

/** The encodings of the canonical ABI. */
export type Encoding = 'utf8' | 'utf16' | 'latin1+utf16'

/** The most bytes that are decoded at once for their strings. Above it, one by one is quicker (measured on Node 26). */
export const widest = 4096

/** Up to this many characters a loop is quicker than a call into the engine's encoders. */
export const short = 24
