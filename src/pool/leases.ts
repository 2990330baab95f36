import { MortiseError } from '../errors.ts'
import { OpenLease } from './lease.ts'
import type { Slot } from './slot.ts'

/** How many leases of a plugin there may be, and how long. */
export interface LeaseLimits {
  /** Leases that are open at once, each with an instance of its own. */
  readonly most: number
  /** Leases beyond those, which wait until one has ended. */
  readonly queue: number
  /** Milliseconds that a lease may be open. */
  readonly time: number
}

/** What leases are made of. */
export interface LeaseInstances {
  /** Calls return promises. */
  readonly waits: boolean
  /** A slot that nobody else calls from now on: one that was made before, or a new one. */
  claim(): Slot | Promise<Slot>
  /** The last call on it has ended. */
  giveBack(slot: Slot): void
}

interface Waiting {
  readonly go: (lease: OpenLease | undefined) => void
  readonly refuse: (error: unknown) => void
}

const none: readonly Slot[] = Object.freeze([])

/** The leases of one version of a plugin: those that are open, and those that wait for their turn. */
export class Leases {
  readonly #plugin: string
  readonly #limits: LeaseLimits
  readonly #instances: LeaseInstances
  /** The oldest first. */
  readonly #open = new Set<OpenLease>()
  /** Whose instances are being made. */
  #making = 0
  readonly #waiting: Waiting[] = []
  #timer: NodeJS.Timeout | undefined
  #closing: PromiseWithResolvers<void> | undefined

  constructor(plugin: string, limits: LeaseLimits, instances: LeaseInstances) {
    this.#plugin = plugin
    this.#limits = limits
    this.#instances = instances
  }

  /** Something has to end before the version can be closed. */
  get size(): number {
    return this.#open.size + this.#making
  }

  /** The slots of those that are open. */
  get slots(): readonly Slot[] {
    return this.#open.size === 0 ? none : Array.from(this.#open, ({ slot }) => slot)
  }

  /**
   * Opens one, now or in its turn.
   *
   * @returns `undefined` where the version is live no more, and another one has to be asked
   * @throws MortiseError where it throws or rejects: `QUEUE_FULL`, and what making an instance fails with
   */
  take(): OpenLease | undefined | Promise<OpenLease | undefined> {
    if (this.#closing !== undefined) return undefined
    if (this.size < this.#limits.most && this.#waiting.length === 0) return this.#begin()
    const { most, queue } = this.#limits
    if (this.#waiting.length >= queue) {
      throw new MortiseError(
        'QUEUE_FULL',
        `Cannot lease plugin '${this.#plugin}': ${most} leases of it are open, and ${queue} wait. End leases sooner, or raise 'most' or 'queue' of its option 'leases'`,
        { plugin: this.#plugin, limit: queue },
      )
    }
    const { promise, resolve, reject } = Promise.withResolvers<OpenLease | undefined>()
    this.#waiting.push({ go: resolve, refuse: reject })
    this.#timer?.ref()
    return promise
  }

  /** Takes no more. Those that wait are told; those that are open go on. Resolves once there are none. */
  close(): Promise<void> {
    if (this.#closing === undefined) {
      this.#closing = Promise.withResolvers()
      for (const { go } of this.#waiting.splice(0)) go(undefined)
      if (this.size === 0) this.#closing.resolve()
    }
    return this.#closing.promise
  }

  /** Refuses every further call in those that are open. */
  cut(refusal: () => MortiseError): void {
    for (const lease of this.#open) void lease.end(refusal)
  }

  #begin(): OpenLease | Promise<OpenLease> {
    const claimed = this.#instances.claim()
    return claimed instanceof Promise ? this.#made(claimed) : this.#opened(claimed)
  }

  async #made(claimed: Promise<Slot>): Promise<OpenLease> {
    this.#making++
    let slot
    try {
      slot = await claimed
    } finally {
      this.#making--
      if (slot === undefined) this.#next()
    }
    return this.#opened(slot)
  }

  #opened(slot: Slot): OpenLease {
    const lease = new OpenLease(this.#plugin, this.#instances.waits, slot, (over) => this.#over(over))
    this.#open.add(lease)
    this.#arm()
    return lease
  }

  #over(lease: OpenLease): void {
    this.#open.delete(lease)
    this.#instances.giveBack(lease.slot)
    this.#next()
  }

  /** There is room for one more. */
  #next(): void {
    if (this.#closing !== undefined) {
      if (this.size === 0) this.#closing.resolve()
      return
    }
    const waiting = this.#waiting.shift()
    if (waiting === undefined) return
    const begin = async (): Promise<OpenLease> => this.#begin()
    void begin().then(waiting.go, waiting.refuse)
  }

  /** One timer, for the oldest: all of them may be open for the same time. */
  #arm(): void {
    const [oldest] = this.#open
    const { time } = this.#limits
    if (this.#timer !== undefined || oldest === undefined || time === Infinity) return
    const left = Math.max(oldest.since + time - performance.now(), 1)
    this.#timer = setTimeout(() => this.#look(), left)
    // It keeps no process alive, unless somebody waits for it.
    if (this.#waiting.length === 0) this.#timer.unref()
  }

  #look(): void {
    this.#timer = undefined
    const now = performance.now()
    for (const lease of this.#open) {
      if (now - lease.since < this.#limits.time) break
      void lease.end(() => this.#expired())
    }
    this.#arm()
  }

  #expired(): MortiseError {
    const { time } = this.#limits
    return new MortiseError(
      'LEASE_ENDED',
      `Cannot call plugin '${this.#plugin}' in this lease: it was open for longer than ${time} ms. End leases sooner, or raise 'time' of its option 'leases'`,
      { plugin: this.#plugin, limit: time },
    )
  }
}
