import { type Artifact, readArtifact, type Source } from './artifact.ts'
import type { Bindings, ContextIn, Contract, HooksIn, ModeOf, ValuesIn } from './contract.ts'
import { MortiseError } from './errors.ts'
import { checkPluggable, parseHost, parsePlug, type Runtimes } from './host-options.ts'
import { chooseRuntime, loadVersion } from './load.ts'
import { LivePlugin } from './live-plugin.ts'
import type { Plugin, Within } from './plugin.ts'
import type { Kind, LimitsOf, LogLine, Runtime } from './runtime.ts'
import { PluginMeter } from './stats.ts'
import { type Version, Versions } from './versions.ts'

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
  /** How many versions that were live before are kept ready for `rollback`, each with an instance. Default 0, at most 100. */
  readonly keep?: number
  /** How long calls may take once their version is live no more: milliseconds, text like `'10 s'`, or `Infinity`. Default 60 s. */
  readonly drain?: number | string
  /** How many leases there may be, and how long. */
  readonly leases?: LeaseOptions
}

/** Options of the leases of one plugin. */
export interface LeaseOptions {
  /** How many may be open at once, each with an instance of its own. Default 64, at most 8,000. */
  readonly most?: number
  /** How many may wait until one of those has ended. Default 1,000. */
  readonly queue?: number
  /** How long one may be open: milliseconds, text like `'10 s'`, or `Infinity`. One that was forgotten is ended then. Default 60 s. */
  readonly time?: number | string
}

/** What a plugin can do more, where all runtimes that it may be on can. */
type Owning<H, P> = [P] extends ['wasm' | 'process'] ? Within<H> : unknown
/** A plugin as its contract and its runtimes make it. */
type PluginOf<H, B, P> = Plugin<HooksIn<H, ModeOf<B, P>>, ValuesIn<B, P>, ContextIn<B, P>> &
  Owning<HooksIn<H, ModeOf<B, P>>, P>
type Fits<K, B> = [K & keyof B] extends [never] ? 'this host has no runtime for this contract' : unknown

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
  readonly #runtimes: Runtimes
  readonly #log: (line: PluginLogLine) => void
  readonly #plugins = new Map<string, LivePlugin<unknown, unknown, never>>()
  readonly #reserved = new Set<string>()
  #timed = false
  #open = true

  /** @throws MortiseError `OPTION_UNKNOWN` for an option that does not exist, `OPTION_INVALID` for no runtime or one twice */
  constructor(options: MortiseOptions<K>) {
    const { runtimes, log } = parseHost(options)
    this.#runtimes = runtimes
    this.#log = log
  }

  /** The plugins that are plugged in, by name. */
  get plugins(): ReadonlyMap<string, Plugin<unknown, unknown, never>> {
    return this.#plugins
  }

  /**
   * From now on every call of every plugin is timed, which takes 0.1 µs a call: `stats().hooks` has the seconds. Without it one call of
   * 1,024 is.
   */
  timeCalls(): void {
    this.#timed = true
    for (const plugin of this.#plugins.values()) plugin.timeCalls()
  }

  /**
   * Loads an artifact, checks it against a contract, initialises an instance and makes it live under a name.
   *
   * @param name - 1 to 100 letters, digits, `.`, `_`, `-`, beginning with a letter or digit
   * @param source - a path (from the working directory), a `file:` URL, or the bytes
   * @param contract - what the guest must fit, such as `action`
   * @param options - `runtime`, `limits`, `config`, `keep` (0), `drain` (60 s), `leases` (64, with 1,000 waiting, for 60 s)
   * @returns the plugin; its hooks return at once or a promise, as the contract's binding to the runtime says
   * @throws MortiseError `ARTIFACT_UNREADABLE`, `ARTIFACT_UNKNOWN`, `RUNTIME_NOT_ALLOWED`, `CONTRACT_NOT_BOUND`,
   *   `MODULE_INVALID`, `MODULE_UNSUPPORTED`, `MODULE_REFUSED`, `PREPARE_FAILED`, `MEMORY_LIMIT`, `INSTANCE_FAILED`,
   *   `PROCESS_NOT_STARTED`, the `NATIVE_` codes, `PLUGIN_EXISTS`, `HOST_CLOSED`, `OPTION_UNKNOWN`, `OPTION_INVALID`; and what the
   *   guest's initialisation, and the reading of its values, can fail with: `DEADLINE`, `FUEL`, `OUTPUT_LIMIT`, `SLEEP_LIMIT`,
   *   `HOST_FUNCTION_FAILED`, and the codes that begin with `GUEST_`, `TRAP_` and `PROCESS_`
   */
  async plug<H, B extends Bindings<H>, P extends K & keyof B & Kind = K & keyof B & Kind>(
    name: string,
    source: Source,
    contract: Contract<H, B> & Fits<K, B>,
    options: PlugOptions<P> = {},
  ): Promise<PluginOf<H, B, P>> {
    const { runtime, limits, config, keeping, leases } = parsePlug(name, options)
    checkPluggable(contract)
    this.#reserve(name)
    try {
      const meter = new PluginMeter()
      const log = (line: LogLine): void => this.#log({ plugin: name, ...line })
      const load = async (artifact: Artifact): Promise<Version> => {
        const kind = chooseRuntime(artifact, this.#runtimes, runtime)
        return loadVersion(kind, this.#runtimes, artifact, contract, limits, {
          plugin: name,
          config,
          log,
          meter,
          leases,
        })
      }
      const artifact = await readArtifact(source)
      const versions = new Versions(keeping, load, await load(artifact), artifact)
      const unplugged = (): void => {
        this.#plugins.delete(name)
        this.#reserved.delete(name)
      }
      const plugin = new LivePlugin<HooksIn<H, ModeOf<B, P>>, ValuesIn<B, P>, ContextIn<B, P>>({
        name,
        hooks: contract.hooks,
        meter,
        versions,
        load,
        unplugged,
      })
      if (this.#timed) plugin.timeCalls()
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
    if (this.#reserved.has(name)) {
      throw new MortiseError(
        'PLUGIN_EXISTS',
        `Cannot plug '${name}': a plugin of this name is plugged in. Swap it, unplug it, or take another name`,
      )
    }
    this.#reserved.add(name)
  }
}
