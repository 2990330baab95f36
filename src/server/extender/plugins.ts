import { isDeepStrictEqual } from 'node:util'
import type { SchedulerHook } from '../../contracts/scheduler/hooks.ts'
import { MortiseError } from '../../errors.ts'
import { parseProfile, type Profile } from '../../scheduling/profile.ts'
import type { PluginSettings } from './options.ts'
import { LoadedPlugin, type PluginParts } from './plugin.ts'

/** Plugins that only attempts under way use. */
const mostRetiring = 16

/** The plugins of an extender, which change while it runs. Changes happen one after another, and one that fails changes nothing. */
export class Plugins implements AsyncDisposable {
  readonly #parts: PluginParts
  /** Those that only attempts under way still use, until their time is over. */
  readonly #retiring = new Map<LoadedPlugin, NodeJS.Timeout>()
  #loaded: readonly LoadedPlugin[] = []
  #profile: Profile = []
  #changes: Promise<unknown> = Promise.resolve()

  private constructor(parts: PluginParts) {
    this.#parts = parts
  }

  /** @throws MortiseError whatever a plugin is refused with */
  static async load(settings: readonly PluginSettings[], parts: PluginParts): Promise<Plugins> {
    const plugins = new Plugins(parts)
    await plugins.use(settings)
    return plugins
  }

  /** What the next attempt goes through. */
  get profile(): Profile {
    return this.#profile
  }

  get all(): readonly LoadedPlugin[] {
    return this.#loaded
  }

  /** Whether any plugin takes part in one of these. */
  takePart(...hooks: readonly SchedulerHook[]): boolean {
    return this.#loaded.some(({ plugin }) => hooks.some((hook) => plugin.values.hooks.includes(hook)))
  }

  /** Takes these plugins from the next attempt on. Those that differ in nothing but their weight, or not at all, stay. */
  use(settings: readonly PluginSettings[]): Promise<void> {
    return this.#change(async () => {
      const kept = new Map(this.#loaded.map((loaded) => [loaded.settings.name, loaded]))
      const made: LoadedPlugin[] = []
      try {
        const next: LoadedPlugin[] = []
        for (const one of settings) {
          const known = kept.get(one.name)
          if (known !== undefined && isSame(known.settings, one)) {
            next.push(known)
            continue
          }
          const loaded = await LoadedPlugin.load(one, this.#parts)
          made.push(loaded)
          next.push(loaded)
          this.#tell(loaded)
        }
        const gone = this.#loaded.filter((loaded) => !next.includes(loaded))
        this.#loaded = next
        this.#profile = parseProfile(
          next.map(({ plugin }, index) => ({ plugin, weight: settings[index]?.weight ?? 1 })),
        )
        for (const loaded of gone) this.#retire(loaded)
      } catch (error) {
        await Promise.all(made.map((loaded) => loaded.close()))
        throw error
      }
    })
  }

  /** Loads the files anew that changed. What cannot be loaded is logged, and the version before goes on. */
  refresh(): Promise<void> {
    return this.#change(async () => {
      for (const loaded of this.#loaded) {
        const { name, path } = loaded.settings
        try {
          if (!(await loaded.refresh())) continue
          this.#parts.log?.info({ plugin: name, digest: loaded.plugin.digest }, `Swapped '${name}'`)
          this.#tell(loaded)
        } catch (error) {
          if (!MortiseError.is(error)) throw error
          this.#parts.log?.error({ plugin: name, path, code: error.code }, error.message)
        }
      }
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#changes
    for (const timer of this.#retiring.values()) clearTimeout(timer)
    await Promise.all([...this.#loaded, ...this.#retiring.keys()].map((loaded) => loaded.close()))
  }

  async #change(make: () => Promise<void>): Promise<void> {
    const change = this.#changes.then(make)
    this.#changes = change.catch(() => {})
    return change
  }

  /** Attempts under way may take as long as they may take anyway, unless there are too many such plugins. */
  #retire(loaded: LoadedPlugin): void {
    const { lease, timeout } = this.#parts.limits
    const [oldest] = this.#retiring.keys()
    if (this.#retiring.size >= mostRetiring && oldest !== undefined) {
      clearTimeout(this.#retiring.get(oldest))
      this.#retiring.delete(oldest)
      void oldest.close()
    }
    const timer = setTimeout(() => {
      this.#retiring.delete(loaded)
      void loaded.close()
    }, lease + timeout).unref()
    this.#retiring.set(loaded, timer)
  }

  #tell({ settings: { name }, unasked }: LoadedPlugin): void {
    if (unasked.length === 0) return
    const text = `'${name}' takes part in ${unasked.join(', ')}, for which the extender API of kube-scheduler has no verb`
    this.#parts.log?.warn({ plugin: name, hooks: unasked }, text)
  }
}

/** But for their weight, which is none of the plugin's business. */
function isSame(one: PluginSettings, other: PluginSettings): boolean {
  return isDeepStrictEqual({ ...one, weight: 1 }, { ...other, weight: 1 })
}
