/** What a module exports, live: each name is a getter. */
export type Exports = Record<string, unknown>

/** An empty namespace, which has nothing but what is exported into it. */
export function namespace(): Exports {
  const exports: Exports = {}
  Object.setPrototypeOf(exports, null)
  return Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' })
}

/** What `export * from` does: all names but `default`, and none that the module exports itself. */
export function exportAll(to: Exports, from: unknown): void {
  if (typeof from !== 'object' || from === null) return
  for (const name of Object.keys(from)) {
    if (name === 'default' || Object.hasOwn(to, name)) continue
    Object.defineProperty(to, name, { enumerable: true, get: (): unknown => Reflect.get(from, name) })
  }
}

/** Checks that a module exports what is imported from it by name, as an engine does before anything runs. */
export function requireNames(exports: unknown, names: readonly string[], specifier: string, importer: string): void {
  for (const name of names) {
    if (typeof exports === 'object' && exports !== null && name in exports) continue
    throw new SyntaxError(`'${specifier}', which ${importer} imports, exports no '${name}'`)
  }
}

/** The exports as they are now, as plain values: a call through a getter takes 10 ns and more. */
export function settled(exports: Exports): Readonly<Exports> {
  const values = { ...exports }
  Object.setPrototypeOf(values, null)
  return Object.freeze(values)
}
