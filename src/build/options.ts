import { inspect } from 'node:util'
import { MortiseError } from '../errors.ts'

/** How a guest is compiled. */
export interface BuildOptions {
  /**
   * What the optimizer works for; `none` is for builds in a hurry, as on every save while developing.
   *
   * @default 'speed'
   */
  readonly optimize?: 'none' | 'size' | 'speed'
  /**
   * The garbage collector. Without one a guest only ever allocates, and gets its memory back when the host restores it.
   * A guest that keeps state over the plugin's life needs one: `incremental` works in small steps while it runs, `minimal`
   * makes for smaller and faster guests but walks through everything that lives once per call, so it is for little state.
   *
   * @default 'none'
   */
  readonly gc?: 'none' | 'minimal' | 'incremental'
}

/** What `optimize` and `gc` can be, in the order of their numbers for the compiler. */
export const choices = {
  optimize: ['none', 'size', 'speed'],
  gc: ['none', 'minimal', 'incremental'],
} as const

/** The one parser of {@link BuildOptions}. */
export function parseOptions(options: BuildOptions): Required<BuildOptions> {
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(choices, name)) {
      const known = Object.keys(choices).join("', '")
      throw new MortiseError('OPTION_UNKNOWN', `Cannot build with the option '${name}': there is '${known}'`)
    }
  }
  return Object.freeze({
    optimize: choose('optimize', choices.optimize, options.optimize, 'speed'),
    gc: choose('gc', choices.gc, options.gc, 'none'),
  })
}

function choose<T extends string>(name: string, all: readonly T[], value: T | undefined, fallback: T): T {
  if (value === undefined) return fallback
  if (all.includes(value)) return value
  const wanted = `it is '${all.join("', '")}'`
  throw new MortiseError('OPTION_INVALID', `Cannot build with '${name}' set to ${show(value)}: ${wanted}`)
}

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : inspect(value, { depth: 0, breakLength: Infinity })
}
