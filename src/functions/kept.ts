import type { ReadyCode } from '../code/code.ts'
import type { ParsedLimits } from './options.ts'
import type { Release } from './release.ts'
import type { Version } from './version.ts'

interface Kept {
  readonly release: Release
  readonly ready: Promise<Version | undefined>
}

/** Versions of a function that were live before, each loaded anew: a function begins as after a deployment when it comes back. */
export class KeptVersions {
  readonly #most: number
  readonly #load: (code: ReadyCode, limits: ParsedLimits) => Promise<Version>
  /** The last live one first. */
  #kept: readonly Kept[] = []

  constructor(most: number, load: (code: ReadyCode, limits: ParsedLimits) => Promise<Version>) {
    this.#most = most
    this.#load = load
  }

  /** Keeps a version that is about to be closed, in place of the one that was live the longest time ago. */
  add(release: Release): void {
    if (this.#most === 0) return
    const code = release.code.lend()
    // Whoever asks for one that cannot be loaded again loads it from the beginning, and hears why.
    const ready = this.#load(code, release.limits).catch(() => undefined)
    const all = [{ release, ready }, ...this.#kept]
    this.#kept = all.slice(0, this.#most)
    for (const kept of all.slice(this.#most)) void close(kept)
  }

  /** One of them, which stays here until it is taken; `undefined` where it is not kept, or could not be loaded again. */
  async find(number: number): Promise<Release | undefined> {
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
    await Promise.all(all.map(close))
  }
}

async function close({ ready }: Kept): Promise<void> {
  const version = await ready
  await version?.close().catch((error: unknown) => {
    process.emitWarning(error instanceof Error ? error : String(error))
  })
}
