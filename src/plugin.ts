import { type Artifact, readArtifact, type Source } from './artifact.ts'
import type { NoValues } from './contract.ts'
import { MortiseError } from './errors.ts'
import { parseDeadline } from './limits.ts'
import { counted, hookOf, LiveHook } from './live-hook.ts'
import { type Hook, type Slot, vacant } from './pool.ts'
import type { Kind } from './runtime.ts'
import type { PluginMeter, Stats } from './stats.ts'

/**
 * A named place in the host with a live version in it.
 *
 * `hooks` is made once: each hook looks up the live version at every call, so one that was kept is never stale.
 */
export interface Plugin<H, V = NoValues> extends AsyncDisposable {
  readonly name: string
  readonly hooks: H
  /** What the live version said when it was loaded: the contract's values, frozen. */
  readonly values: V
  /** SHA-256 of the live version's artifact, in hexadecimal. */
  readonly digest: string
  /** The runtime of the live version. */
  readonly runtime: Kind
  /** Calls, errors, restores and times since it was plugged in. */
  stats(): Stats
  /**
   * Loads another artifact and makes it live. Calls under way finish on the version that they began on, and an artifact
   * that cannot go live changes nothing. Swaps of one plugin happen one after another.
   *
   * @param source - a path, a `file:` URL, or the bytes
   * @returns the digest of the new version
   * @throws MortiseError whatever `plug` throws for an artifact; `PLUGIN_UNPLUGGED`
   */
  swap(source: Source): Promise<string>
  /**
   * Takes the plugin out. Resolves once the calls under way have ended; every later call throws `PLUGIN_UNPLUGGED`, and so do those
   * whose guest is suspended.
   */
  unplug(): Promise<void>
}

/** What a plugin can do whose runtime can give every call a deadline of its own. */
export interface Within<H> {
  /**
   * The hooks, with another deadline for each of their calls than the one of the plugin. Keep what is returned, where it is
   * called often.
   *
   * @param deadline - milliseconds, or text like `'20 ms'`; from 1 ms to 30 min
   * @throws MortiseError `OPTION_INVALID`; so do its hooks, where the plugin was loaded with `deadline: Infinity`
   */
  within(deadline: number | string): H
}

/** A version that is ready to go live. */
export interface Version {
  readonly digest: string
  readonly runtime: Kind
  readonly values: unknown
  /** A slot whose instance is ready. */
  take(): Slot
  /** The slot of its first instance; undefined where the first call makes it. */
  first(): Slot | undefined
  /** Says who is told of slots whose instances were let go. */
  watch(letGo: (slot: Slot) => void): void
  /** How many calls its instances have had. */
  calls(): number
  /** How many instances it has. */
  instances(): number
  /**
   * Resolves once its calls under way have ended.
   *
   * @param abandon - ends those that are suspended, or wait for an instance
   */
  close(abandon: boolean): Promise<void>
}

/** What the host gives a plugin. */
export interface PluginParts {
  readonly name: string
  /** The contract's hooks, each with its number of parameters. */
  readonly hooks: Readonly<Record<string, number>>
  readonly meter: PluginMeter
  load(artifact: Artifact): Promise<Version>
  unplugged(): void
}

/** The plugin as the host makes it. */
export class LivePlugin<H, V> implements Plugin<H, V>, Within<H> {
  readonly hooks: H
  readonly #parts: PluginParts
  #version: Version
  #slot: Slot
  /** What is called where there is no instance: nothing, for it is not ready. */
  readonly #empty: Slot
  /** Of each hook, what it calls now: one object less on the way than through the slot. */
  readonly #live = new Map<string, LiveHook>()
  /** Calls of the versions that are closed. */
  #before = 0
  /** Versions that were swapped out, until their last calls have ended. */
  readonly #retiring = new Set<Version>()
  #changes: Promise<unknown> = Promise.resolve()
  #open = true

  constructor(parts: PluginParts, version: Version) {
    this.#parts = parts
    this.#version = version
    this.#empty = { instance: vacant, hooks: Object.keys(parts.hooks).map(() => none) }
    this.#slot = version.first() ?? this.#empty
    const hooks = Object.entries(parts.hooks).map(([name, length], index): [string, Hook] => {
      const another = (): Hook => hookOf(this.#take(), index)
      const live = new LiveHook(this.#slot, index, another, (time) => parts.meter.sample(time))
      this.#live.set(name, live)
      return [name, counted(live, length)]
    })
    this.hooks = this.#typed(hooks)
    this.#watch(version)
  }

  get name(): string {
    return this.#parts.name
  }

  get digest(): string {
    return this.#version.digest
  }

  get runtime(): Kind {
    return this.#version.runtime
  }

  get values(): V {
    // oxlint-disable-next-line no-unsafe-type-assertion -- every version was read by the binding that V comes from
    return this.#version.values as V
  }

  within(deadline: number | string): H {
    const milliseconds = parseDeadline(deadline)
    const hooks = [...this.#live].map(([name, live], index): [string, Hook] => [
      name,
      (...args) => {
        const within = (): unknown => {
          const slot = this.#slot.instance.ready ? this.#slot : this.#take()
          const call = (): unknown => hookOf(slot, index)(...args)
          return slot.instance.within === undefined ? call() : slot.instance.within(milliseconds, call)
        }
        return --live.left < 1 ? live.timed(within, []) : within()
      },
    ])
    return this.#typed(hooks)
  }

  /** From now on every call is timed. */
  timeCalls(): void {
    for (const live of this.#live.values()) live.timeAll()
  }

  stats(): Stats {
    const retiring = [...this.#retiring].reduce((sum, version) => sum + version.instances(), 0)
    return this.#parts.meter.stats(
      this.#before + this.#version.calls(),
      this.#version.instances() + retiring,
      this.#live,
    )
  }

  swap(source: Source): Promise<string> {
    // Read now, whenever its turn comes: bytes are the caller's to change once this returns.
    const artifact = readArtifact(source)
    artifact.catch(() => {})
    const change = this.#changes.then(async () => {
      if (!this.#open) this.#refuse('swap')
      const version = await this.#parts.load(await artifact)
      const old = this.#version
      this.#version = version
      this.#use(version.first() ?? this.#empty)
      this.#watch(version)
      this.#parts.meter.swaps++
      void this.#retire(old)
      return version.digest
    })
    this.#changes = change.catch(() => {})
    return change
  }

  async unplug(): Promise<void> {
    await this.#changes
    if (!this.#open) return
    this.#open = false
    this.#parts.unplugged()
    const gone = Object.keys(this.#parts.hooks).map((name) => () => this.#refuse(`call '${name}' of`))
    this.#use({ instance: { ready: true, stale: false, calls: 0, close() {} }, hooks: gone })
    await Promise.all([this.#version, ...this.#retiring].map((version) => version.close(true)))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.unplug()
  }

  /** Until its last call has ended, a version that was swapped out still counts calls. */
  async #retire(version: Version): Promise<void> {
    const start = version.calls()
    this.#before += start
    this.#retiring.add(version)
    await version.close(false)
    this.#retiring.delete(version)
    this.#before += version.calls() - start
  }

  #take(): Slot {
    const slot = this.#version.take()
    if (this.#slot.instance.stale) this.#use(slot)
    return slot
  }

  #typed(hooks: readonly (readonly [string, Hook])[]): H {
    // oxlint-disable-next-line no-unsafe-type-assertion -- the names are H's keys, and each hook passes on what H's takes and gives
    return Object.freeze(Object.fromEntries(hooks)) as H
  }

  /** What is let go must not be held here, or its memory stays. */
  #watch(version: Version): void {
    version.watch((slot) => {
      if (slot === this.#slot) this.#use(this.#empty)
    })
  }

  #use(slot: Slot): void {
    this.#slot = slot
    for (const [index, live] of [...this.#live.values()].entries()) {
      live.instance = slot.instance
      live.hook = hookOf(slot, index)
    }
  }

  #refuse(what: string): never {
    const { name } = this.#parts
    throw new MortiseError('PLUGIN_UNPLUGGED', `Cannot ${what} plugin '${name}': it was unplugged. Plug it in again`, {
      plugin: name,
    })
  }
}

const none: Hook = () => {
  throw new TypeError('There is no instance to call')
}
