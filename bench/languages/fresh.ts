let count = 0

/** The same module as one that nobody has seen: with another custom section behind it. */
export function fresh(wasm: Uint8Array): Buffer<ArrayBuffer> {
  const section = Buffer.from([0, 9, 4, ...Buffer.from('next'), 0, 0, 0, 0])
  section.writeUInt32LE(++count, section.length - 4)
  return Buffer.concat([wasm, section])
}
