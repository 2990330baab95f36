/** What a database gives and takes. */
export type Raw = string | number | bigint | boolean | Uint8Array | null

/** A statement, prepared once: its identity is what a driver keeps the prepared one by. */
export interface Query {
  readonly sql: string
  /** One of many that come and go: no connection keeps it for good. */
  readonly passing?: boolean
}

/** A statement with its values, for a driver to run. */
export interface Ask {
  readonly query: Query
  readonly values: readonly Raw[]
}

/** What came of it. */
export interface Answer {
  readonly rows: readonly (readonly Raw[])[]
  /** How many rows it changed. */
  readonly changes: number
}

/**
 * Something to be done in a database: what it yields the driver runs, one after the other. So every rule is written once, whether the
 * driver answers at once or later.
 */
export type Work<T> = Generator<Ask, T, Answer>

/** What differs between databases. */
export interface Dialect {
  /** The placeholder of a parameter; the first is 1. */
  readonly parameter: (index: number) => string
  readonly columns: {
    readonly integer: string
    readonly bigint: string
    readonly real: string
    readonly double: string
    readonly boolean: string
    readonly text: string
    readonly blob: string
  }
  /** What ends the definition of a table that lies in the order of its key. */
  readonly clustered: string
  /** Whether a text may hold U+0000. */
  readonly nul: boolean
  /** Tables that only this database needs. */
  readonly tables: readonly string[]
  /** Takes as many identifiers of a workspace, above `least`, which nobody else gets. @returns the last one */
  readonly reserve: (workspace: bigint, count: bigint, least: bigint) => Work<bigint>
  /** Keeps others from the log until the end of the transaction, where a transaction alone does not. */
  readonly lockLog: Query | undefined
}

/** Keeps queries that are made as they are needed, the last `most` of them. */
export class Queries {
  readonly #most: number
  readonly #known = new Map<string, Query>()

  constructor(most: number) {
    this.#most = most
  }

  /** The query of this name. */
  of(name: string, make: () => string): Query {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const query: Query = { sql: make(), passing: true }
    if (this.#known.size >= this.#most) {
      const [oldest = name] = this.#known.keys()
      this.#known.delete(oldest)
    }
    this.#known.set(name, query)
    return query
  }
}

/** `count` placeholders from `first` on, with commas. */
export function placeholders({ parameter }: Dialect, count: number, first = 1): string {
  return Array.from({ length: count }, (_, index) => parameter(first + index)).join(', ')
}

/** An identifier. Its name was checked, so that it holds no quotation mark. */
export const quoted = (name: string): string => `"${name}"`

/** Identifiers with commas. */
export const listed = (names: readonly string[]): string => names.map(quoted).join(', ')
