/** Functions of a generated module, each written when it is first asked for. */
export class Functions {
  readonly #written = new Map<string, string>()

  /**
   * Writes a function, unless there is one of this name.
   *
   * @param head - its parameters and the type of its result: `(p: usize): User`
   * @param body - makes its statements, one a line
   * @returns its name
   */
  write(name: string, head: string, body: () => string): string {
    const full = `__${name}`
    if (!this.#written.has(full)) {
      // The place is taken before the body asks for functions of its own.
      this.#written.set(full, '')
      this.#written.set(full, `export function ${full}${head} {\n${indent(body())}}\n`)
    }
    return full
  }

  get names(): readonly string[] {
    return [...this.#written.keys()].toSorted()
  }

  /** All of them, by name. */
  get text(): string {
    return this.names.map((name) => this.#written.get(name) ?? '').join('\n')
  }
}

/** Statements with two more spaces before each. */
export function indent(statements: string): string {
  return statements.replaceAll(/^(?=.)/gm, '  ')
}

/** Several things between two texts: on one line where that is short enough, else one a line. */
export function listed(open: string, items: readonly string[], close: string, separator = ','): string {
  const line = `${open}${items.join(`${separator} `)}${close}`
  if (line.length <= widest) return line
  return `${open.trimEnd()}\n${indent(items.join(`${separator}\n`))}\n${close.trimStart()}`
}

const widest = 110
