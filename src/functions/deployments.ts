import type { ReadyCode } from '../code/code.ts'
import type { StateHandOver } from '../state-handover.ts'
import { Live } from './live.ts'
import type { ParsedLimits, ParsedOptions } from './options.ts'
import type { Protocol } from './protocols/protocol.ts'
import { type Accept, SharedCode, trialOf } from './release.ts'
import { Versions } from './versions.ts'

/** Code that is to be made live, with its limits. */
export interface Loading {
  readonly code: ReadyCode
  readonly limits: ParsedLimits
}

/** What is served by name, of one protocol: changes of one happen one after another, and what fails changes nothing. */
export class Deployments<Q, A> {
  readonly #protocol: Protocol<Q, A>
  readonly #drain: number
  readonly #versions: Versions<Q, A>
  readonly #live = new Map<string, Live<Q, A>>()
  /** Those that finish what they have begun. */
  readonly #removing = new Set<Live<Q, A>>()
  /** The change of each name that is under way. */
  readonly #changes = new Map<string, Promise<unknown>>()

  constructor(protocol: Protocol<Q, A>, options: ParsedOptions) {
    this.#protocol = protocol
    this.#drain = options.drain
    this.#versions = new Versions(protocol, options)
  }

  get all(): ReadonlyMap<string, Live<Q, A>> {
    return this.#live
  }

  /** Makes code live under a name, in place of what is there, which finishes its activations. */
  deploy(name: string, load: () => Promise<Loading>, accept?: Accept<Q, A>): Promise<Live<Q, A>> {
    return this.#change(name, async () => {
      const { code: ready, limits } = await load()
      const code = new SharedCode(ready)
      const version = await this.#versions.open(name, code.lend(), limits)
      const there = this.#live.get(name)
      let state: StateHandOver | undefined
      const handOver = async (): Promise<void> => {
        state = await there?.handOver(version)
      }
      try {
        if (accept === undefined) await handOver()
        const trial = trialOf(version, limits, handOver)
        const number = (await accept?.(trial)) ?? (there?.stats().deployments ?? 0) + 1
        const release = { number, code, limits, version }
        there?.use(release)
        const kept = this.#versions.keep(name)
        const deadlineOf = (request: Q): number => this.#protocol.deadlineOf(request)
        const live = there ?? new Live({ name, release, kept, drain: this.#drain, deadlineOf })
        this.#live.set(name, live)
        return live
      } catch (error) {
        await state?.undo()
        await version.close()
        throw error
      } finally {
        there?.letGo()
      }
    })
  }

  /** Makes a version live again that is kept ready; `undefined` where it is not kept. */
  restore(name: string, version: number, accept: () => Promise<void>): Promise<Live<Q, A> | undefined> {
    return this.#change(name, async () => {
      const live = this.#live.get(name)
      const kept = await live?.kept(version)
      if (kept === undefined) return undefined
      await accept()
      live?.use(kept)
      return live
    })
  }

  /**
   * Takes one away. Resolves once its activations have ended.
   *
   * @param began - is called when its turn has come
   */
  remove(name: string, began?: () => void): Promise<void> {
    return this.#change(name, async () => {
      began?.()
      const live = this.#live.get(name)
      if (live === undefined) return
      this.#live.delete(name)
      this.#removing.add(live)
      await live.close()
      this.#removing.delete(live)
    })
  }

  /**
   * Removes all, once their activations have ended, and takes no more.
   *
   * @param drain - milliseconds after which those that are still under way are ended; `Infinity` for never
   */
  async close(drain: number): Promise<void> {
    this.#versions.refuse()
    const timer = drain === Infinity ? undefined : setTimeout(() => this.#cut(), drain)
    try {
      await Promise.allSettled(this.#changes.values())
      await Promise.all([...this.#live.keys()].map((name) => this.remove(name)))
      await this.#versions.close()
    } finally {
      clearTimeout(timer)
    }
  }

  #cut(): void {
    for (const live of [...this.#live.values(), ...this.#removing]) live.cut()
    void this.#versions.close()
  }

  /** Changes of one name come one after another, whatever becomes of each. */
  #change<T>(name: string, change: () => Promise<T>): Promise<T> {
    const before = this.#changes.get(name)
    const result = before === undefined ? change() : before.then(change, change)
    this.#changes.set(name, result)
    const forget = (): void => {
      if (this.#changes.get(name) === result) this.#changes.delete(name)
    }
    result.then(forget, forget)
    return result
  }
}
