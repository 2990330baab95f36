import { type Artifact, type ArtifactKind, readArtifact, type Source } from './artifact.ts'
import type { Bindings, Contract, HooksIn, ModeOf } from './contract.ts'
import { MortiseError } from './errors.ts'
import { knownKeys } from './limits.ts'
import { LivePlugin, type Plugin, type Version } from './plugin.ts'
import { Pool } from './pool.ts'
import type { Kind, LimitsOf, LogLine, Runtime, Setting } from './runtime.ts'
import { PluginMeter } from './stats.ts'

/** A line that a guest wrote, with the name of its plugin. */
export interface PluginLogLine extends LogLine {
  readonly plugin: string
}

/** Options of a host. */
export interface MortiseOptions<K extends Kind> {
  /** The runtimes that it may use, which is the list of what it trusts: nothing outside it ever loads. */
  readonly runtimes: readonly { readonly [P in K]: Runtime<P> }[K][]
  /** Gets every line that a guest writes, while the call runs. Default: they are dropped. */
  readonly log?: (line: PluginLogLine) => void
}

/** Options of one plugin. */
export interface PlugOptions<K extends Kind> {
  /** Takes only artifacts of this runtime, now and in every swap, which also settles whether hooks return promises. */
  readonly runtime?: K
  /** Narrower or wider limits than the runtime's own. */
  readonly limits?: LimitsOf<K>
  /** What the guest may read by name; guests with WASI see it as their environment. Default: nothing. */
  readonly config?: Readonly<Record<string, string>>
}

type Fits<K, B> = [K & keyof B] extends [never] ? 'this host has no runtime for this contract' : unknown

/** Which runtime runs which kind of artifact. */
const runtimeOf: { readonly [A in ArtifactKind]?: Kind } = { 'wasm-module': 'wasm', javascript: 'esm' }

/**
 * A plugin host: plugins by name, on the runtimes that it was built with.
 *
 * @example
 * ```ts
 * import { Mortise } from 'mortise'
 * import { action } from 'mortise/action'
 * import { wasm } from 'mortise/wasm'
 *
 * async function serve(source: Uint8Array): Promise<void> {
 *   await using host = new Mortise({ runtimes: [wasm()], log: ({ plugin, text }) => console.log(plugin, text) })
 *   const hello = await host.plug('hello', source, action, { config: { GREETING: 'Hello' } })
 *   hello.hooks.main({ name: 'Mike' })
 *   await hello.swap(source)
 *   console.log(hello.stats().calls)
 * }
 * ```
 */
export class Mortise<K extends Kind> implements AsyncDisposable {
  readonly #runtimes: { readonly [P in Kind]?: Runtime<P> }
  readonly #log: (line: PluginLogLine) => void
  readonly #plugins = new Map<string, Plugin<unknown>>()
  readonly #reserved = new Set<string>()
  #open = true

  /** @throws MortiseError `OPTION_UNKNOWN` for an option that does not exist, `OPTION_INVALID` for an empty or doubled runtime */
  constructor(options: MortiseOptions<K>) {
    knownKeys(options, ['runtimes', 'log'], 'a Mortise')
    const { runtimes, log = () => {} } = options
    const byKind = new Map<Kind, Runtime<Kind>>()
    for (const runtime of runtimes) {
      if (!byKind.has(runtime.kind)) byKind.set(runtime.kind, runtime)
      else throw new MortiseError('OPTION_INVALID', `Cannot make a Mortise with two runtimes '${runtime.kind}': give each once`)
    }
    if (byKind.size === 0) throw new MortiseError('OPTION_INVALID', 'Cannot make a Mortise without runtimes: give a list such as [wasm()]')
    this.#runtimes = Object.freeze(Object.fromEntries(byKind))
    this.#log = log
  }

  /** The plugins that are plugged in, by name. */
  get plugins(): ReadonlyMap<string, Plugin<unknown>> {
    return this.#plugins
  }

  /**
   * Loads an artifact, checks it against a contract, initialises an instance and makes it live under a name.
   *
   * @param name - 1 to 100 letters, digits, `.`, `_`, `-`, beginning with a letter or digit
   * @param source - a path (from the working directory), a `file:` URL, or the bytes
   * @param contract - what the guest must fit, such as `action`
   * @param options - `runtime`, `limits`, `config`
   * @returns the plugin; its hooks return at once or a promise, as the contract's binding to the runtime says
   * @throws MortiseError `ARTIFACT_UNREADABLE`, `ARTIFACT_UNKNOWN`, `RUNTIME_NOT_ALLOWED`, `CONTRACT_NOT_BOUND`,
   *   `MODULE_INVALID`, `MODULE_UNSUPPORTED`, `MODULE_REFUSED`, `MEMORY_LIMIT`, `INSTANCE_FAILED`, `PLUGIN_EXISTS`,
   *   `HOST_CLOSED`, `OPTION_UNKNOWN`, `OPTION_INVALID`; and what the guest's initialisation can fail with: `GUEST_EXIT`,
   *   `GUEST_ABORT`, `GUEST_POINTER`, `OUTPUT_LIMIT`, `SLEEP_LIMIT` and the `TRAP_` codes
   */
  async plug<H, B extends Bindings<H>, P extends K & keyof B & Kind = K & keyof B & Kind>(
    name: string,
    source: Source,
    contract: Contract<H, B> & Fits<K, B>,
    options: PlugOptions<P> = {},
  ): Promise<Plugin<HooksIn<H, ModeOf<B, P>>>> {
    knownKeys(options, ['runtime', 'limits', 'config'], `plugin '${name}'`)
    this.#reserve(name)
    try {
      const meter = new PluginMeter()
      const load = async (from: Source): Promise<Version> => this.#load(name, await readArtifact(from), contract, options, meter)
      const version = await load(source)
      const unplugged = (): void => {
        this.#plugins.delete(name)
        this.#reserved.delete(name)
      }
      const plugin = new LivePlugin<HooksIn<H, ModeOf<B, P>>>({ name, hooks: contract.hooks, meter, load, unplugged }, version)
      if (!this.#open) await plugin.unplug()
      this.#alive()
      this.#plugins.set(name, plugin)
      return plugin
    } catch (error) {
      this.#reserved.delete(name)
      throw error
    }
  }

  /** Unplugs every plugin, once the calls under way have ended, and takes no more. */
  async close(): Promise<void> {
    this.#open = false
    await Promise.all([...this.#plugins.values()].map((plugin) => plugin.unplug()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #alive(): void {
    if (!this.#open) throw new MortiseError('HOST_CLOSED', 'Cannot plug anything into this host: it was closed')
  }

  #reserve(name: string): void {
    this.#alive()
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name)) {
      throw new MortiseError('OPTION_INVALID', `Cannot plug '${name}': a name is 1 to 100 letters, digits, '.', '_' or '-', and begins with a letter or digit`)
    }
    if (this.#reserved.has(name)) {
      throw new MortiseError('PLUGIN_EXISTS', `Cannot plug '${name}': a plugin of this name is plugged in. Swap it, unplug it, or take another name`)
    }
    this.#reserved.add(name)
  }

  async #load<H, P extends Kind>(
    name: string,
    artifact: Artifact,
    contract: Contract<H, Bindings<H>>,
    options: PlugOptions<P>,
    meter: PluginMeter,
  ): Promise<Version> {
    const kind = this.#allowed(artifact, options.runtime)
    const setting = {
      plugin: name,
      config: Object.freeze({ ...options.config }),
      log: (line: LogLine): void => this.#log({ plugin: name, ...line }),
      meter,
      pure: contract.pure,
    }
    return open(kind, this.#runtimes, artifact, contract, options.limits ?? {}, setting)
  }

  #allowed(artifact: Artifact, wanted: Kind | undefined): Kind {
    const kind = runtimeOf[artifact.kind]
    const built = Object.keys(this.#runtimes).join(', ')
    const what = `the artifact is of kind '${artifact.kind}'`
    if (artifact.kind === 'unknown') {
      throw new MortiseError('ARTIFACT_UNKNOWN', 'Cannot plug the artifact: its bytes are neither a WebAssembly module nor text. Give a module, or what the path of one says')
    }
    if (kind === undefined || this.#runtimes[kind] === undefined) {
      throw new MortiseError('RUNTIME_NOT_ALLOWED', `Cannot plug the artifact: ${what}, and this host was built with ${built} only`)
    }
    if (wanted !== undefined && wanted !== kind) {
      throw new MortiseError('RUNTIME_NOT_ALLOWED', `Cannot plug the artifact: ${what}, and the plugin takes '${wanted}' only`)
    }
    return kind
  }
}

/** Prepares an artifact on its runtime, checks it against the contract, and opens a pool of it. */
async function open<H, P extends Kind>(
  kind: P,
  runtimes: { readonly [Q in Kind]?: Runtime<Q> },
  artifact: Artifact,
  contract: Contract<H, Bindings<H>>,
  limits: LimitsOf<P>,
  setting: Omit<Setting<P>, 'imports'>,
): Promise<Version> {
  const runtime: Runtime<P> | undefined = runtimes[kind]
  const binding = contract.bindings[kind]
  if (runtime === undefined || binding === undefined) {
    const bound = Object.keys(contract.bindings).join(', ')
    throw new MortiseError('CONTRACT_NOT_BOUND', `Cannot plug the artifact: it runs on '${kind}', and the contract '${contract.name}' is bound to ${bound} only`)
  }
  const code = await runtime.prepare(artifact, limits)
  const problems = binding.check(code.surface)
  if (problems.length > 0) {
    const list = problems.map((problem) => `\n  ${problem}`).join('')
    throw new MortiseError('MODULE_REFUSED', `Cannot plug the artifact: it does not fit the contract '${contract.name}':${list}`, { problems })
  }
  const pool = await Pool.open(code, binding, Object.keys(contract.hooks), { ...setting, imports: binding.imports })
  return { digest: artifact.digest, runtime: kind, take: () => pool.take(), calls: () => pool.calls(), close: () => pool.close() }
}
