import type { ReadyCode } from '../code/code.ts'
import type { ParsedLimits } from './options.ts'
import type { Release } from './release.ts'
import type { Version } from './version.ts'

interface Kept<Q, A> {
  readonly release: Release<Q, A>
  readonly ready: Promise<Version<Q, A> | undefined>
}

/** Versions that were live before, each loaded anew: one begins as after a deployment when it comes back. */
export class KeptVersions<Q, A> {
  readonly #most: number
  readonly #load: (code: ReadyCode, limits: ParsedLimits) => Promise<Version<Q, A>>
  /** The last live one first. */
  #kept: readonly Kept<Q, A>[] = []

  constructor(most: number, load: (code: ReadyCode, limits: ParsedLimits) => Promise<Version<Q, A>>) {
    this.#most = most
    this.#load = load
  }

  /** Keeps a version that is about to be closed, in place of the one that was live the longest time ago. */
  add(release: Release<Q, A>): void {
    if (this.#most === 0) return
    const code = release.code.lend()
    // Whoever asks for one that cannot be loaded again loads it from the beginning, and hears why.
    const ready = this.#load(code, release.limits).catch(() => undefined)
    const all = [{ release, ready }, ...this.#kept]
    this.#kept = all.slice(0, this.#most)
    for (const kept of all.slice(this.#most)) void close(kept)
  }

  /** One of them, which stays here until it is taken; `undefined` where it is not kept, or could not be loaded again. */
  async find(number: number): Promise<Release<Q, A> | undefined> {
    const kept = this.#kept.find(({ release }) => release.number === number)
    const version = await kept?.ready
    return kept === undefined || version === undefined ? undefined : { ...kept.release, version }
  }

  /** It is somebody else's now. */
  take(number: number): void {
    this.#kept = this.#kept.filter(({ release }) => release.number !== number)
  }

  async close(): Promise<void> {
    const all = this.#kept
    this.#kept = []
    await Promise.all(all.map((kept) => close(kept)))
  }
}

async function close<Q, A>({ ready }: Kept<Q, A>): Promise<void> {
  const version = await ready
  await version?.close().catch((error: unknown) => {
    process.emitWarning(error instanceof Error ? error : String(error))
  })
}
