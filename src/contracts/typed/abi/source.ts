import type { Type } from '../types.ts'

/**
 * Gathers the text of compiled code. Nothing of a contract goes into it but names as JSON strings and numbers that were
 * computed here, so that no contract can put code into it.
 */
export class Source {
  readonly #declarations: string[] = []
  readonly #functions = new Map<string, Map<Type, string>>()
  #names = 0

  /** A name that nothing else has. */
  name(what: string): string {
    return `${what}${this.#names++}`
  }

  /** A constant, outside of all functions. */
  constant(what: string, value: string): string {
    const name = this.name(what)
    this.#declarations.push(`const ${name} = ${value}`)
    return name
  }

  /** The function that does something with values of a type, written the first time that it is asked for. */
  function(what: string, type: Type, params: string, body: () => string): string {
    const functions = this.#functions.get(what) ?? new Map<Type, string>()
    this.#functions.set(what, functions)
    const known = functions.get(type)
    if (known !== undefined) return known
    const name = this.name(what)
    functions.set(type, name)
    this.#declarations.push(`function ${name}(${params}) {\n${body()}\n}`)
    return name
  }

  /** All functions and constants. */
  get text(): string {
    return this.#declarations.join('\n')
  }
}

/** A text as a literal of JavaScript. */
export const literal = (text: string): string => JSON.stringify(text)

/** A value with its `key`: `params["opaqueId"]`. */
export const member = (value: string, key: string): string => `${value}[${literal(key)}]`

/** `(p + 4)`, or `p` for nothing; of `(p + 4)` and 4 `(p + 8)`. */
export function plus(pointer: string, offset: number): string {
  if (offset === 0) return pointer
  const [, variable, before] = /^\((\w+) \+ (\d+)\)$/.exec(pointer) ?? []
  return `(${variable ?? pointer} + ${offset + Number(before ?? 0)})`
}
