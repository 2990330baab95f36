/** Appends custom sections to a wasm module: any number, each a name and its bytes. */
export function appendSections(wasm: Uint8Array, sections: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  return Buffer.concat([
    wasm,
    ...sections.flatMap(([name, bytes]) => {
      const content = Buffer.concat([text(name), bytes])
      return [Uint8Array.of(0), unsigned(content.length), content]
    }),
  ])
}

/** The content of a `producers` section: which tools made the module, as `[field, [[name, version], …]]`. */
export function producers(fields: readonly (readonly [string, readonly (readonly [string, string])[]])[]): Uint8Array {
  const parts = fields.flatMap(([field, tools]) => [
    text(field),
    unsigned(tools.length),
    ...tools.flatMap(([name, version]) => [text(name), text(version)]),
  ])
  return Buffer.concat([unsigned(fields.length), ...parts])
}

function text(value: string): Uint8Array {
  const bytes = Buffer.from(value)
  return Buffer.concat([unsigned(bytes.length), bytes])
}

/** LEB128. */
function unsigned(value: number): Uint8Array {
  const bytes: number[] = []
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128)
  return Uint8Array.from([...bytes, value])
}
