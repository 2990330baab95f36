import type { Artifact } from '../artifact.ts'
import { MortiseError, reasonOf } from '../errors.ts'
import { defaults, parseLimits } from '../limits.ts'
import type { Code, Instance, LimitsOf, Runtime, Setting, Surface } from '../runtime.ts'
import { dispose } from './dispose.ts'
import { Graph } from './graph.ts'
import { EsmInstance } from './instance.ts'
import { type Exports, settled } from './namespace.ts'
import { within } from '../within.ts'

/** Options of the `esm` runtime. */
export type EsmOptions = LimitsOf<'esm'>

const limitNames = ['output'] as const

/** How many milliseconds a module may take to evaluate: one that awaits what never comes must not hold up its host. */
const longest = 60_000

/**
 * The runtime for ES modules in JavaScript or TypeScript, in process, on the event loop, and trusted like the host's own code. No
 * limit but that on its logs holds it, and nothing restores it.
 *
 * A module that was plugged in by its path may import other files by relative paths; every load reads them anew. Packages,
 * builtins and absolute URLs come from Node's own loader, which shares them and keeps them. A module that came as bytes imports
 * only builtins and absolute URLs.
 *
 * A version that was swapped out or unplugged is gone: what it exports as `dispose` is called and awaited, for five seconds at
 * most, once its last call has ended, and then V8 collects it. What still runs of it by then (a timer, a listener) keeps it.
 *
 * @param options - `output`, bytes of logs a call, default 1 MiB
 * @returns a runtime for the list of a `Mortise`
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
 * @example
 * ```ts
 * import { Mortise } from 'mortise'
 * import { action } from 'mortise/action'
 * import { esm } from 'mortise/esm'
 *
 * await using host = new Mortise({ runtimes: [esm()] })
 * const source = new TextEncoder().encode('export const main = ({ name }) => ({ greetings: `Hello, ${name}` })')
 * const hello = await host.plug('hello', source, action)
 * console.log(await hello.hooks.main({ name: 'Mike' }))
 * ```
 */
export function esm(options: EsmOptions = {}): Runtime<'esm'> {
  const own = parseLimits(options, limitNames, 'esm()')
  return Object.freeze({
    kind: 'esm',
    async prepare(artifact: Artifact, narrowed: LimitsOf<'esm'>) {
      const { output } = {
        ...defaults,
        ...own,
        ...parseLimits(narrowed, limitNames, "the limits of a plugin on 'esm'"),
      }
      return new EsmCode(artifact, output, await load(artifact))
    },
  })
}

class EsmCode implements Code<'esm'> {
  readonly digest: string
  readonly surface: Surface
  readonly instantiateSync = undefined
  readonly #artifact: Artifact
  readonly #output: number
  #first: Readonly<Exports> | undefined

  constructor(artifact: Artifact, output: number, first: Readonly<Exports>) {
    this.digest = artifact.digest
    this.surface = {
      imports: [],
      exports: Object.entries(first).map(([name, value]) => ({ name, type: typeof value })),
    }
    this.#artifact = artifact
    this.#output = output
    this.#first = first
  }

  async instantiate(setting: Setting<'esm'>): Promise<Instance<'esm'>> {
    const exports = this.#first ?? (await load(this.#artifact))
    this.#first = undefined
    return new EsmInstance(exports, this.#output, setting)
  }

  async release(): Promise<void> {
    if (this.#first !== undefined) await dispose(this.#first)
  }
}

/** Every load is a graph of its own, so that two plugins made of the same source share no state. */
async function load({ bytes, digest, url = `mortise:${digest.slice(0, 12)}` }: Artifact): Promise<Readonly<Exports>> {
  try {
    return settled(await within(longest, 'its evaluation', new Graph().load(url, new TextDecoder().decode(bytes))))
  } catch (cause) {
    if (MortiseError.is(cause, 'MODULE_REFUSED')) throw cause
    const why = reasonOf(cause)
    throw new MortiseError('MODULE_REFUSED', `Cannot load the ES module ${url}: ${why}`, { problems: [why], cause })
  }
}
