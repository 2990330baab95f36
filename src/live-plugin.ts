import { type Artifact, readArtifact, type Source } from './artifact.ts'
import { MortiseError, reasonOf } from './errors.ts'
import { HeldCalls } from './held-calls.ts'
import { parseSwap } from './host-options.ts'
import type { Lease } from './pool/lease.ts'
import { parseDeadline } from './limits.ts'
import { counted, hookOf, LiveHook } from './live-hook.ts'
import type { Plugin, SwapOptions, Within } from './plugin.ts'
import type { HandOver, Kind } from './runtime.ts'
import { type Hook, type Slot, vacant } from './pool/slot.ts'
import { stateHandOver } from './state-handover.ts'
import type { PluginMeter, Stats } from './stats.ts'
import type { Version, Versions } from './versions.ts'

/** What the host gives a plugin. */
export interface PluginParts {
  readonly name: string
  /** The contract's hooks, each with its number of parameters. */
  readonly hooks: Readonly<Record<string, number>>
  readonly meter: PluginMeter
  readonly versions: Versions
  load(artifact: Artifact): Promise<Version>
  unplugged(): void
}

/** The plugin as the host makes it. */
export class LivePlugin<H, V, C> implements Plugin<H, V, C>, Within<H> {
  readonly hooks: H
  readonly #parts: PluginParts
  #slot: Slot
  /** What is called where there is no instance: nothing, for it is not ready. */
  readonly #empty: Slot
  /** Of each hook, what it calls now: one object less on the way than through the slot. */
  readonly #live = new Map<string, LiveHook>()
  /** The same, each with its name and the number of its parameters. */
  readonly #lengths: readonly (readonly [name: string, live: LiveHook, length: number])[]
  #changes: Promise<unknown> = Promise.resolve()
  #open = true

  constructor(parts: PluginParts) {
    this.#parts = parts
    const version = parts.versions.live
    this.#empty = { instance: vacant, hooks: Object.keys(parts.hooks).map(() => none) }
    this.#slot = version.first() ?? this.#empty
    const hooks = Object.entries(parts.hooks).map(([name, length], index): [string, Hook] => {
      const another = (): Hook => hookOf(this.#take(), index)
      const live = new LiveHook(this.#slot, index, another, (time) => parts.meter.sample(time))
      this.#live.set(name, live)
      return [name, counted(live, length)]
    })
    this.#lengths = [...this.#live].map(([name, live]) => [name, live, parts.hooks[name] ?? 0])
    this.hooks = this.#typed(hooks)
    this.#watch(version)
  }

  get name(): string {
    return this.#parts.name
  }

  get digest(): string {
    return this.#parts.versions.live.digest
  }

  get runtime(): Kind {
    return this.#parts.versions.live.runtime
  }

  get values(): V {
    // oxlint-disable-next-line no-unsafe-type-assertion -- every version was read by the binding that V comes from
    return this.#parts.versions.live.values as V
  }

  within(deadline: number | string): H {
    const milliseconds = parseDeadline(deadline)
    const hooks = [...this.#live].map(([name, live], index): [string, Hook] => [
      name,
      (...args) => {
        const within = (): unknown => this.#call(index, args, milliseconds)
        return --live.left < 1 ? live.timed(within, []) : within()
      },
    ])
    return this.#typed(hooks)
  }

  async lease(context: C): Promise<Lease<H>> {
    const { versions } = this.#parts
    let open
    do {
      if (!this.#open) this.#refuse('lease')
      const answer = versions.live.lease(context)
      open = answer instanceof Promise ? await answer : answer
    } while (open === undefined)
    const lease = open
    const leased = this.#lengths.map(([name, live, length], index) => [name, lease.hook(live, index, length)] as const)
    const end = (): Promise<void> => lease.end()
    return { hooks: this.#typed(leased), end, [Symbol.asyncDispose]: end }
  }

  /** From now on every call is timed. */
  timeCalls(): void {
    for (const live of this.#live.values()) live.timeAll()
  }

  stats(): Stats {
    const { meter, versions } = this.#parts
    return meter.stats(versions.calls(), versions.instances(), this.#live)
  }

  get handOver(): HandOver | undefined {
    return this.#ownHooks ? undefined : this.#parts.versions.live.first()?.instance.handOver
  }

  get kept(): readonly string[] {
    return this.#parts.versions.kept
  }

  swap(source: Source, options: SwapOptions<H> = {}): Promise<string> {
    const { smoke, fresh = false } = parseSwap(options)
    // Read now, whenever its turn comes: bytes are the caller's to change once this returns.
    const artifact = readArtifact(source)
    artifact.catch(() => {})
    return this.#change('swap', async () => {
      const bytes = await artifact
      const version = await this.#parts.load(bytes)
      if (smoke !== undefined) await this.#try(version, smoke)
      const live = (): string => this.#goLive(version, bytes)
      return fresh ? live() : this.#handOver(version, live)
    })
  }

  rollback(digest?: string): Promise<string> {
    const { name, versions } = this.#parts
    return this.#change('roll back', async () => this.#goLive(...(await versions.find(name, digest))))
  }

  async unplug(): Promise<void> {
    await this.#changes
    if (!this.#open) return
    this.#open = false
    this.#parts.unplugged()
    const gone = Object.keys(this.#parts.hooks).map((name) => () => this.#refuse(`call '${name}' of`))
    this.#use({ instance: { ready: true, stale: false, calls: 0, close() {} }, hooks: gone })
    await this.#parts.versions.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.unplug()
  }

  /** One change after another. */
  #change(what: string, make: () => Promise<string>): Promise<string> {
    const change = this.#changes.then(() => (this.#open ? make() : this.#refuse(what)))
    this.#changes = change.catch(() => {})
    return change
  }

  #goLive(version: Version, artifact: Artifact): string {
    this.#parts.versions.use(version, artifact)
    this.#use(version.first() ?? this.#empty)
    this.#watch(version)
    this.#parts.meter.swaps++
    return version.digest
  }

  /** A contract may have hooks of these names, which are no such functions then. */
  get #ownHooks(): boolean {
    return ['dispose', 'accept'].some((hook) => Object.hasOwn(this.#parts.hooks, hook))
  }

  /** Hands the state of the live version to the next one, where both can, and makes that live. */
  async #handOver(version: Version, live: () => string): Promise<string> {
    const { name, hooks, versions } = this.#parts
    const { mode } = versions.live
    let held: HeldCalls | undefined
    try {
      const handOver = this.#ownHooks ? undefined : stateHandOver(name, versions.live, version)
      if (handOver === undefined) return live()
      if (mode === 'async') {
        held = new HeldCalls(name, Object.keys(hooks).length, (index, args, deadline) =>
          this.#call(index, args, deadline),
        )
        this.#use(held.slot)
        await handOver.drain()
      }
      // Hooks that return at once cannot wait: their calls come before this turn or after it.
      const moved = handOver.move()
      if (moved !== undefined) await moved
      return live()
    } catch (error) {
      if (held !== undefined) this.#use(versions.live.first() ?? this.#empty)
      await version.close('cut')
      throw error
    } finally {
      held?.release()
    }
  }

  /** Calls a hook by its place in the contract. */
  #call(index: number, args: readonly unknown[], deadline: number | undefined): unknown {
    const slot = this.#slot.instance.ready ? this.#slot : this.#take()
    const call = (): unknown => hookOf(slot, index)(...args)
    return deadline === undefined || slot.instance.within === undefined ? call() : slot.instance.within(deadline, call)
  }

  /** Has a version that is not live yet called. */
  async #try(version: Version, smoke: (hooks: H) => unknown): Promise<void> {
    const { name, hooks } = this.#parts
    const entries = Object.keys(hooks).map((hook, index): [string, Hook] => [
      hook,
      (...args) => hookOf(version.take(), index)(...args),
    ])
    try {
      await smoke(this.#typed(entries))
    } catch (cause) {
      await version.close('cut')
      throw new MortiseError(
        'SMOKE_FAILED',
        `Cannot swap plugin '${name}' to ${version.digest}: the smoke call failed: ${reasonOf(cause)}. What was live is live`,
        { plugin: name, cause },
      )
    }
  }

  #take(): Slot {
    const slot = this.#parts.versions.live.take()
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
