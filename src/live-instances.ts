import { MortiseError } from './errors.ts'
import type { Start } from './limits.ts'

/** When the instances of a version are made, and how long they stay. */
export interface Stay {
  readonly start: Start
  /** Milliseconds without a call after which an instance is let go; `Infinity` for no end. */
  readonly idle: number
  /** The guest keeps nothing that counts from one call to the next, so an instance without a call may be let go. */
  readonly temporary: boolean
  readonly live: LiveInstances
}

/** What is seen of an instance from here. */
interface Seen {
  /** It is in no call. */
  readonly ready: boolean
  readonly stale: boolean
  readonly calls: number
}

interface Temporary {
  readonly idle: number
  readonly letGo: () => void
  /** When it was last seen to be used, and how many calls it had had then. */
  since: number
  calls: number
}

/** In milliseconds: looks at the instances are at least so far apart, and at most. */
const shortest = 10
const longest = 60_000

/**
 * The instances of one runtime that are live: at most so many. Those that may be let go are, when there are too many or when
 * they have had no call for long; never one that is in a call.
 *
 * A call says nothing to it, since that would cost every call: now and then it looks at how many calls an instance has had.
 */
export class LiveInstances {
  readonly #most: number
  /** Those that may be let go; who was seen to be used last is last. */
  readonly #temporary = new Map<Seen, Temporary>()
  readonly #permanent = new Set<Seen>()
  #making = 0
  #period = Infinity
  #timer: NodeJS.Timeout | undefined

  /** @param most - how many there may be; `Infinity` for as many as the engine makes */
  constructor(most: number) {
    this.#most = most
  }

  /**
   * Makes one more, and lets others go where there is no room.
   *
   * @throws MortiseError `INSTANCES_LIMIT`, and what `instantiate` throws
   */
  make<T>(plugin: string, instantiate: () => T): T {
    while (this.#temporary.size + this.#permanent.size + this.#making >= this.#most) {
      if (!this.#letOneGo()) this.#refuse(plugin)
    }
    this.#making++
    try {
      return instantiate()
    } catch (error) {
      if (!isOutOfMemory(error) || !this.#letHalfGo()) throw error
      return instantiate()
    } finally {
      this.#making--
    }
  }

  /**
   * From now on an instance counts.
   *
   * @param calls - how many it is known to get
   * @param letGo - closes it; undefined for one that is never let go
   */
  add(instance: Seen, calls: number, idle: number, letGo: (() => void) | undefined): void {
    if (letGo === undefined) {
      this.#permanent.add(instance)
      return
    }
    this.#temporary.set(instance, { idle, letGo, since: performance.now(), calls })
    this.#arm(idle)
  }

  /** An instance was closed. */
  delete(instance: Seen): void {
    if (!this.#temporary.delete(instance)) this.#permanent.delete(instance)
  }

  /** Lets the one go that was not used for longest, as far as was seen. False where there is none that may be. */
  #letOneGo(): boolean {
    // Each may turn out to have been used, and then has to be come by once more.
    for (let left = 2 * this.#temporary.size; left > 0; left--) {
      const [first] = this.#temporary
      if (first === undefined) return false
      const [instance, entry] = first
      if (!this.#used(instance, entry, performance.now())) {
        entry.letGo()
        return true
      }
    }
    return false
  }

  #letHalfGo(): boolean {
    let gone = 0
    for (let left = Math.ceil(this.#temporary.size / 2); left > 0; left--) if (this.#letOneGo()) gone++
    return gone > 0
  }

  /** Whether it had a call since it was last looked at, or is in one; it comes last then. */
  #used(instance: Seen, entry: Temporary, now: number): boolean {
    if (instance.stale || (instance.ready && instance.calls === entry.calls)) return false
    entry.calls = instance.calls
    entry.since = now
    this.#temporary.delete(instance)
    this.#temporary.set(instance, entry)
    return true
  }

  #arm(idle: number): void {
    const period = Math.min(Math.max(idle / 4, shortest), longest)
    if (idle === Infinity || period >= this.#period) return
    this.#period = period
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#look(), period).unref()
  }

  /** Lets those go that have had no call for long. */
  #look(): void {
    this.#period = Infinity
    const now = performance.now()
    for (const [instance, entry] of this.#temporary.entries().toArray()) {
      const kept = this.#used(instance, entry, now) || (!instance.stale && now - entry.since < entry.idle)
      if (kept) this.#arm(entry.idle)
      else entry.letGo()
    }
  }

  #refuse(plugin: string): never {
    const kept = this.#permanent.size
    throw new MortiseError(
      'INSTANCES_LIMIT',
      `Cannot make an instance of plugin '${plugin}': ${this.#most} are live, of which ${kept} keep what their guests keep, and the others are in calls. Raise 'instances' of wasm(), unplug what is not needed, or set 'restore' to 'when-full' where guests keep nothing`,
      { plugin, limit: this.#most },
    )
  }
}

/** The engine found no memory, or no addresses, for one more: V8's sentences, and Node's. */
function isOutOfMemory(error: unknown): boolean {
  return (
    MortiseError.is(error, 'INSTANCE_FAILED') &&
    error.cause instanceof RangeError &&
    /allocat|out of memory/i.test(error.cause.message)
  )
}
