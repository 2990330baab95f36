const alphabet = /^[A-Za-z0-9+/]*={0,2}$/

/**
 * Decodes base64 of the standard alphabet, with padding; line breaks in it count for nothing.
 *
 * @returns the bytes, or the place of the first character that is wrong, as Go's decoder gives it
 */
export function decodeBase64(text: string): Uint8Array | number {
  const packed = text.includes('\n') || text.includes('\r') ? text.replaceAll(/[\r\n]/g, '') : text
  if (packed.length % 4 === 0 && alphabet.test(packed)) return Buffer.from(packed, 'base64')
  return wrongAt(Buffer.from(text))
}

const isBreak = (byte: number | undefined): boolean => byte === 0x0a || byte === 0x0d
const padding = 0x3d

/** Reads groups of four as Go's `encoding/base64` does, to end where it ends. */
function wrongAt(bytes: Uint8Array): number {
  let at = 0
  const skip = (): void => {
    while (isBreak(bytes[at])) at++
  }
  for (let place = 0; ; place = (place + 1) % 4) {
    skip()
    const byte = bytes[at]
    if (byte === undefined) return at - place
    at++
    if (byte !== padding) {
      if (!alphabet.test(String.fromCharCode(byte))) return at - 1
      continue
    }
    if (place < 2) return at - 1
    skip()
    if (place === 2) {
      if (at === bytes.length) return at
      if (bytes[at] !== padding) return at - 1
      at++
      skip()
    }
    return at
  }
}
