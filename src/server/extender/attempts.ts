import type { KubernetesObject } from '../../contracts/scheduler/kubernetes/object.ts'
import type { NodeSnapshot } from '../../contracts/scheduler/nodes.ts'
import { MortiseError } from '../../errors.ts'
import { SchedulingAttempt } from '../../scheduling/attempt.ts'
import type { Filtered } from '../../scheduling/filtering.ts'
import type { Profile } from '../../scheduling/profile.ts'

/** How many attempts there may be, and how long. */
export interface AttemptLimits {
  readonly most: number
  /** Milliseconds from filter to bind. */
  readonly lease: number
  /** Milliseconds that the plugins may take for one request. */
  readonly timeout: number
}

/** An attempt at scheduling a pod, from one request to the next. */
export class OpenAttempt {
  readonly scheduling: SchedulingAttempt
  readonly #timeout: number
  readonly #clock: { until: number }
  #timer: NodeJS.Timeout | undefined
  /** What the last filter gave. */
  filtered: Filtered = nothing

  private constructor(scheduling: SchedulingAttempt, clock: { until: number }, timeout: number) {
    this.scheduling = scheduling
    this.#clock = clock
    this.#timeout = timeout
  }

  static async begin(
    profile: Profile,
    pod: KubernetesObject,
    nodes: NodeSnapshot,
    timeout: number,
  ): Promise<OpenAttempt> {
    const clock = { until: Infinity }
    const scheduling = await SchedulingAttempt.begin(profile, { pod, nodes }, () => {
      if (performance.now() > clock.until) tooLate(timeout)
    })
    return new OpenAttempt(scheduling, clock, timeout)
  }

  /** Takes a step of the attempt: `DEADLINE` where the plugins take longer for it than they may. */
  async take<R>(step: (scheduling: SchedulingAttempt) => Promise<R>): Promise<R> {
    this.#clock.until = performance.now() + this.#timeout
    return step(this.scheduling)
  }

  /** Calls `late` once it has been open for too long. */
  limit(lease: number, late: () => void): void {
    this.#timer = setTimeout(late, lease).unref()
  }

  async end(): Promise<void> {
    clearTimeout(this.#timer)
    await this.scheduling[Symbol.asyncDispose]()
  }
}

const nothing: Filtered = { feasible: [], refused: new Map(), rest: undefined, rejected: false }

function tooLate(timeout: number): never {
  throw new MortiseError(
    'DEADLINE',
    `Cannot answer in time: the plugins took more than ${timeout} ms for one request`,
    {
      limit: timeout,
    },
  )
}

/** The attempts under way, one for each pod by its UID. Where there is no room for one more, the oldest one ends. */
export class Attempts implements AsyncDisposable {
  readonly #limits: AttemptLimits
  readonly #open = new Map<string, OpenAttempt>()
  #expired = 0

  constructor(limits: AttemptLimits) {
    this.#limits = limits
  }

  /** How many are under way. */
  get size(): number {
    return this.#open.size
  }

  /** How many ended before they were done: too long under way, or for want of room. */
  get expired(): number {
    return this.#expired
  }

  get(uid: string): OpenAttempt | undefined {
    return this.#open.get(uid)
  }

  /** Begins an attempt; the one before of the same pod ends. */
  async begin(uid: string, profile: Profile, pod: KubernetesObject, nodes: NodeSnapshot): Promise<OpenAttempt> {
    await this.end(uid)
    await this.#makeRoom()
    const attempt = await OpenAttempt.begin(profile, pod, nodes, this.#limits.timeout)
    // Another request for the same pod may have come meanwhile: the later one counts.
    await this.end(uid)
    this.#open.set(uid, attempt)
    attempt.limit(this.#limits.lease, () => void this.#expire(uid, attempt))
    return attempt
  }

  /** Ends the attempt of a pod, if there is one, or a certain one of them, in whose place there may be another one by now. */
  async end(uid: string, attempt: OpenAttempt | undefined = this.#open.get(uid)): Promise<void> {
    if (attempt !== undefined && this.#open.get(uid) === attempt) this.#open.delete(uid)
    await attempt?.end()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#open.keys()].map((uid) => this.end(uid)))
  }

  async #makeRoom(): Promise<void> {
    const [oldest] = this.#open.keys()
    if (this.#open.size < this.#limits.most || oldest === undefined) return
    this.#expired++
    await this.end(oldest)
  }

  async #expire(uid: string, attempt: OpenAttempt): Promise<void> {
    if (this.#open.get(uid) !== attempt) return
    this.#expired++
    await this.end(uid)
  }
}
