import { stripTypeScriptTypes } from 'node:module'
import type { Artifact } from '../artifact.ts'
import { MortiseError, reasonOf } from '../errors.ts'
import { defaults, parseLimits } from '../limits.ts'
import type { Code, Instance, LimitsOf, Runtime, Setting, Surface } from '../runtime.ts'
import { EsmInstance } from './instance.ts'

/** Options of the `esm` runtime. */
export type EsmOptions = LimitsOf<'esm'>

const limitNames = ['output'] as const

/**
 * The runtime for ES modules in JavaScript or TypeScript (whose types are stripped): in process, on the event loop, and
 * trusted like the host's own code. No limit but that on its logs holds it, and nothing restores it.
 *
 * A module that was plugged in by its path may import other modules; one that came as bytes only packages by URL.
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

type Namespace = Readonly<Record<string, unknown>>

class EsmCode implements Code<'esm'> {
  readonly digest: string
  readonly surface: Surface
  readonly instantiateSync = undefined
  readonly #artifact: Artifact
  readonly #output: number
  #first: Namespace | undefined

  constructor(artifact: Artifact, output: number, first: Namespace) {
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
}

let loads = 0

/** Every load is a module of its own, so that two plugins made of the same source share no state. */
async function load({ bytes, digest, url }: Artifact): Promise<Namespace> {
  const id = `mortise=${digest.slice(0, 8)}-${++loads}`
  try {
    return await (url === undefined ? loadText(new TextDecoder().decode(bytes), id) : importUrl(`${url}?${id}`))
  } catch (cause) {
    const why = reasonOf(cause)
    throw new MortiseError('MODULE_REFUSED', `Cannot load the ES module ${url ?? digest.slice(0, 12)}: ${why}`, {
      problems: [why],
      cause,
    })
  }
}

/** Text without a name is JavaScript, unless it does not parse as that: then it is TypeScript. */
async function loadText(source: string, id: string): Promise<Namespace> {
  const dataUrl = (text: string): string => `data:text/javascript;base64,${Buffer.from(text).toString('base64')}#${id}`
  try {
    return await importUrl(dataUrl(source))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return importUrl(dataUrl(stripTypeScriptTypes(source)))
  }
}

async function importUrl(url: string): Promise<Namespace> {
  const namespace: unknown = await import(url)
  return Object.fromEntries(Object.entries(namespace ?? {}))
}
