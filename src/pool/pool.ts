import { CallQueue } from './call-queue.ts'
import { CallsUnderWay } from './calls-under-way.ts'
import type { Binding } from '../contract.ts'
import { MortiseError } from '../errors.ts'
import type { OpenLease } from './lease.ts'
import { type LeaseLimits, Leases } from './leases.ts'
import type { Stay } from '../live-instances.ts'
import { LiveSlots, sumCalls } from './live-slots.ts'
import type { Code, Instance, Kind, Mode, Setting } from '../runtime.ts'
import { type Hook, type Slot, vacant } from './slot.ts'
import type { Closing } from '../versions.ts'

/** How many calls of one plugin may overlap on instances that cannot be entered twice, unless its contract says so. */
const mostInstances = 64

/** The instances of one version. Nearly always one: another is made when a call overlaps, or when the first went stale. */
export class Pool<H, K extends Kind> {
  readonly #code: Code<K>
  readonly #binding: Binding<H, K, Mode>
  readonly #names: readonly string[]
  readonly #setting: Setting<K>
  /** How long instances stay; undefined where they stay for good. */
  readonly #stay: Stay | undefined
  /** Is told of slots whose instances were let go. */
  onLetGo: ((slot: Slot) => void) | undefined
  /** What the first instance said when it was made, frozen. */
  values: unknown = Object.freeze({})
  readonly #slots: LiveSlots
  readonly #running = new CallsUnderWay(() => this.#ended())
  /** Wait until no call is under way. */
  readonly #drained: (() => void)[] = []
  #closed: Promise<void> | undefined
  /** Calls that wait for an instance, where the contract lets them. */
  readonly #queue = new CallQueue()
  readonly #leases: Leases
  /** What of an instance the steps of a lease take, by its slot. */
  readonly #instances = new WeakMap<Slot, Instance<K>>()

  private constructor(
    code: Code<K>,
    binding: Binding<H, K, Mode>,
    names: readonly string[],
    setting: Setting<K>,
    leases: LeaseLimits,
  ) {
    this.#code = code
    this.#binding = binding
    this.#names = names
    this.#setting = { ...setting, ended: () => this.#ended() }
    this.#stay = code.stay?.(setting.stateless)
    this.#slots = new LiveSlots(this.#stay, (slot) => this.onLetGo?.(slot))
    this.#leases = new Leases(setting.plugin, leases, {
      waits: binding.mode === 'async',
      claim: () => this.#claim(),
      giveBack: (slot) => this.#giveBack(slot),
    })
  }

  /** Opens a pool with its first instance, so that what cannot be initialised never goes live, or without, for the first call to make. */
  static async open<H, K extends Kind>(
    code: Code<K>,
    binding: Binding<H, K, Mode>,
    names: readonly string[],
    setting: Setting<K>,
    leases: LeaseLimits,
  ): Promise<Pool<H, K>> {
    const pool = new Pool(code, binding, names, setting, leases)
    const silent = binding.values === undefined || binding.silent === true
    if (pool.#stay?.start === 'first call' && silent) return pool
    const instance = pool.#instantiate() ?? (await code.instantiate(pool.#setting))
    try {
      pool.#add(instance, 0)
      pool.values = frozen((await binding.values?.(instance)) ?? {})
    } catch (error) {
      pool.#stay?.live.delete(instance)
      await instance.close()
      throw error
    }
    return pool
  }

  /** The slot of the first instance, where there is one. */
  get first(): Slot | undefined {
    return this.#slots.all[0]
  }

  /** Whether its hooks answer at once. */
  get mode(): Mode {
    return this.#binding.mode
  }

  /** How many instances are live. */
  get instances(): number {
    return this.#slots.all.length + this.#leases.slots.length
  }

  /**
   * Opens a lease. Its end, and every failed call, gives the instance back.
   *
   * @param context - what it is about
   * @returns `undefined` where this version is live no more
   */
  lease(context: unknown): OpenLease | undefined | Promise<OpenLease | undefined> {
    const lease = this.#leases.take()
    if (lease === undefined) return undefined
    if (!(lease instanceof Promise)) return this.#begun(lease, context)
    return lease.then((opened) => opened && this.#begun(opened, context))
  }

  #begun(lease: OpenLease, context: unknown): OpenLease {
    const instance = this.#instances.get(lease.slot)
    try {
      // oxlint-disable-next-line no-unsafe-type-assertion -- the type of the plugin says what the binding takes
      if (instance !== undefined) this.#binding.leases?.begin(instance, context as never)
    } catch (error) {
      void lease.end()
      throw error
    }
    return lease
  }

  /**
   * A slot whose instance is ready; the caller enters it at once. Where calls may wait for one, it may be a place in the queue. Hooks
   * that return promises reject where there is none.
   */
  take(): Slot {
    if (this.#binding.mode === 'sync') return this.#take()
    try {
      return this.#take()
    } catch (error) {
      // oxlint-disable-next-line prefer-promise-reject-errors -- it goes on as it was thrown
      return { instance: vacant, hooks: this.#names.map(() => () => Promise.reject(error)) }
    }
  }

  #take(): Slot {
    // Whoever waits is first.
    const free = this.#queue.length === 0 ? this.#free() : undefined
    if (free !== undefined) return free
    const { plugin } = this.#setting
    const { overlap } = this.#binding
    if (overlap === undefined) {
      throw new MortiseError(
        'PLUGIN_BUSY',
        `Cannot call plugin '${plugin}': ${mostInstances} calls of it are under way, each made from inside the one before`,
        { plugin },
      )
    }
    if (this.#queue.length >= overlap.queue) {
      throw new MortiseError(
        'QUEUE_FULL',
        `Cannot call plugin '${plugin}': ${overlap.instances} calls of it are under way, and ${overlap.queue} wait. Call less at once, or raise 'instances' or 'queue'`,
        { plugin, limit: overlap.queue },
      )
    }
    return this.#queue.place(this.#names.length)
  }

  /** How many calls its instances have had. */
  calls(): number {
    return this.#slots.calls + sumCalls(this.#leases.slots)
  }

  /**
   * Closes the instances once the last call under way has ended. Only asynchronous ones can be under way.
   *
   * @param how - see {@link Closing}
   */
  async close(how: Closing): Promise<void> {
    void this.#leases.close()
    if (how !== 'drain') {
      this.#queue.refuse(() => this.#unplugged())
      for (const { instance } of [...this.#slots.all, ...this.#leases.slots]) instance.abandon?.()
      this.#leases.cut(() => (how === 'cut' ? this.#retired() : this.#unplugged()))
    }
    if (how === 'cut') this.#running.cut(() => this.#retired())
    await (this.#closed ??= this.#drain())
  }

  /** Resolves once no call is under way. */
  async idle(): Promise<void> {
    if (!this.#busy) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#drained.push(resolve)
    await promise
  }

  async #drain(): Promise<void> {
    await this.#leases.close()
    await this.idle()
    await this.#slots.close()
  }

  /** A call is under way, or waits. */
  get #busy(): boolean {
    if (this.#running.size > 0) return true
    return (
      this.#binding.overlap !== undefined && this.#slots.all.some(({ instance: { ready, stale } }) => !ready && !stale)
    )
  }

  /** A call has ended. */
  #ended(): void {
    if (this.#queue.length > 0) this.#queue.serve(() => this.#free())
    if (!this.#busy) for (const drained of this.#drained.splice(0)) drained()
  }

  /** A slot whose instance is ready, if there is one or can be. */
  #free(): Slot | undefined {
    const ready = this.#slots.ready()
    if (ready !== undefined) return ready
    if (this.#slots.all.length >= (this.#binding.overlap?.instances ?? mostInstances)) return undefined
    try {
      const instance = this.#instantiate() ?? this.#code.instantiateSync?.(this.#setting)
      if (instance !== undefined) return this.#add(instance, 1)
    } catch (error) {
      if (MortiseError.is(error)) this.#setting.meter.failed(error)
      throw error
    }
    const { plugin } = this.#setting
    throw new MortiseError('PLUGIN_BUSY', `Cannot call plugin '${plugin}': its instance was closed`, { plugin })
  }

  /** One more instance, of a runtime that makes room for it by letting others go. */
  #instantiate(): Instance<K> | undefined {
    return this.#stay?.live.make(this.#setting.plugin, () => this.#code.instantiateSync?.(this.#setting))
  }

  /** An instance for a lease, which nobody else finds until that has ended. */
  #claim(): Slot | Promise<Slot> {
    // Where calls overlap on one instance nobody knows which of them is free.
    const found = this.#exclusive ? this.#slots.all.findLast(({ instance }) => instance.ready) : undefined
    if (found !== undefined) return this.#claimed(found)
    const instance = this.#instantiate() ?? this.#code.instantiateSync?.(this.#setting)
    if (instance !== undefined) return this.#claimed(this.#add(instance, 0))
    return this.#code.instantiate(this.#setting).then((made) => this.#claimed(this.#add(made, 0)))
  }

  /** It is said of an instance whether it is in a call. */
  get #exclusive(): boolean {
    return this.#binding.mode === 'sync' || this.#binding.overlap !== undefined
  }

  #claimed(slot: Slot): Slot {
    this.#slots.lend(slot)
    this.onLetGo?.(slot)
    slot.instance.lease?.(true)
    return slot
  }

  #giveBack(slot: Slot): void {
    const { instance } = slot
    const own = this.#instances.get(slot)
    if (own !== undefined) this.#binding.leases?.end(own)
    instance.lease?.(false)
    const again = !instance.stale && this.#exclusive && this.#closed === undefined
    this.#slots.takeBack(slot, again)
    if (again) this.#ended()
  }

  #unplugged(): MortiseError {
    const { plugin } = this.#setting
    return new MortiseError(
      'PLUGIN_UNPLUGGED',
      `Cannot call plugin '${plugin}': it was unplugged while the call waited`,
      {
        plugin,
      },
    )
  }

  /** @param calls - how many it gets for sure: one that is made for a call does not look as if it had been used since */
  #add(instance: Instance<K>, calls: number): Slot {
    const bound = this.#binding.bind(instance)
    const hooks = this.#names.map((name) => {
      const hook: unknown = Reflect.get(bound, name)
      if (!isHook(hook)) throw new TypeError(`The binding made no hook '${name}'`)
      // Where calls overlap on instances of their own, those say when one has ended.
      return this.#binding.mode === 'sync' || this.#binding.overlap !== undefined ? hook : this.#running.counted(hook)
    })
    const slot: Slot = { instance, hooks }
    this.#slots.add(slot, calls)
    this.#instances.set(slot, instance)
    this.#setting.meter.starts++
    return slot
  }

  #retired(): MortiseError {
    const { plugin } = this.#setting
    return new MortiseError(
      'VERSION_RETIRED',
      `A call of plugin '${plugin}' was given up: its version is live no more, and it took longer than it may since. Raise 'drain'`,
      { plugin },
    )
  }
}

const isHook = (value: unknown): value is Hook => typeof value === 'function'

/** Freezes a value and all that it holds. The elements of typed arrays stay as they are: nothing can freeze them. */
function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  for (const part of Object.values(value)) frozen(part)
  return Object.freeze(value)
}
