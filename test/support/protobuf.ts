/** One field as it stands in a message. */
export interface WireField {
  readonly number: number
  /** A varint, or the bytes of a text or a message. */
  readonly value: bigint | Uint8Array
}

/** Reads a message of protobuf from its bytes alone: of the wire types those that Kubernetes uses. */
export function readMessage(bytes: Uint8Array): readonly WireField[] {
  const fields: WireField[] = []
  let at = 0
  const varint = (): bigint => {
    for (let value = 0n, shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]
      if (byte === undefined || shift > 63n) throw new Error(`A varint at ${at} has no end`)
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return value
    }
  }
  while (at < bytes.length) {
    const tag = Number(varint())
    const value = varint()
    if ((tag & 7) === 0) fields.push({ number: tag >> 3, value })
    else if ((tag & 7) !== 2 || at + Number(value) > bytes.length) throw new Error(`The tag ${tag} leads outside`)
    else fields.push({ number: tag >> 3, value: bytes.subarray(at, (at += Number(value))) })
  }
  return fields
}
