import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { reasonOf } from '../errors.ts'

/** Where a command writes to and reads from. */
export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** Colours are for people: only when stdout is a terminal and `NO_COLOR` is not set. */
  readonly colors: boolean
  /** What was piped in; `undefined` on a terminal, where nobody types JSON. */
  read(): Promise<string | undefined>
}

/** One command of `mortise`. */
export interface Command {
  /** Usage, options and examples. */
  readonly help: string
  readonly options: ParseArgsOptionsConfig
  /** Long options may also be written with one dash, as the programs have them that it stands in for. */
  readonly dashed?: boolean
  /** @returns the exit code: 0 done, 1 the guest or the input failed */
  run(args: Arguments, terminal: Terminal): Promise<number>
}

/** Thrown for a command line that is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A parsed command line. */
export class Arguments {
  readonly positionals: readonly string[]
  readonly #values: Readonly<Record<string, unknown>>

  constructor(args: readonly string[], { options, dashed = false }: Pick<Command, 'options' | 'dashed'>) {
    try {
      const parsed = parseArgs({
        args: args.map((arg) => (dashed && /^-[a-z]{2}/.test(arg) ? `-${arg}` : arg)),
        options: { ...options, ...common },
        allowPositionals: true,
        strict: true,
      })
      this.positionals = parsed.positionals
      this.#values = parsed.values
    } catch (error) {
      throw new UsageError(reasonOf(error))
    }
  }

  get json(): boolean {
    return this.flag('json')
  }

  flag(name: string): boolean {
    return this.#values[name] === true
  }

  text(name: string): string | undefined {
    const value = this.#values[name]
    return typeof value === 'string' ? value : undefined
  }

  texts(name: string): readonly string[] {
    const value = this.#values[name]
    return Array.isArray(value) ? value.map(String) : []
  }

  /** An option that can have one of a few values. */
  choice<T extends string>(name: string, all: readonly T[]): T | undefined {
    const value = this.text(name)
    const known = all.find((candidate) => candidate === value)
    if (value !== undefined && known === undefined)
      throw new UsageError(`--${name} is '${value}', and can be ${all.join(', ')}`)
    return known
  }

  /** The one positional argument. */
  only(what: string): string {
    const [value, ...more] = this.positionals
    if (value === undefined || more.length > 0)
      throw new UsageError(`It takes one ${what}, and got ${this.positionals.length}`)
    return value
  }
}

/** Options that every command has. */
const common: ParseArgsOptionsConfig = { help: { type: 'boolean', short: 'h' }, json: { type: 'boolean' } }
