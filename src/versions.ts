import type { Artifact } from './artifact.ts'
import { MortiseError } from './errors.ts'
import type { OpenLease } from './pool/lease.ts'
import type { Slot } from './pool/slot.ts'
import type { Kind, Mode } from './runtime.ts'

/**
 * How a version is closed: `drain` waits for the calls under way; `abandon` ends those that are suspended or wait for an instance
 * before; `cut` ends all that can be ended.
 */
export type Closing = 'drain' | 'abandon' | 'cut'

/** A version that is ready to go live. */
export interface Version {
  readonly digest: string
  readonly runtime: Kind
  readonly values: unknown
  /** A slot whose instance is ready. */
  take(): Slot
  /** Opens a lease; `undefined` where it is live no more. */
  lease(context: unknown): OpenLease | undefined | Promise<OpenLease | undefined>
  /** The slot of its first instance; undefined where the first call makes it. */
  first(): Slot | undefined
  /** Says who is told of slots whose instances were let go. */
  watch(letGo: (slot: Slot) => void): void
  /** Whether its hooks return promises. */
  readonly mode: Mode
  /** Resolves once no call of it is under way. */
  idle(): Promise<void>
  /** How many calls its instances have had. */
  calls(): number
  /** How many instances it has. */
  instances(): number
  /** Resolves once its calls under way have ended. It may be called again, to end them sooner. */
  close(how: Closing): Promise<void>
}

/** A version that was live before, loaded anew, so that its guest begins as it would after a swap. */
interface Kept {
  readonly artifact: Artifact
  readonly ready: Promise<Version>
}

/** How many versions are kept, and how long the calls of one that is live no more may take. */
export interface Keeping {
  readonly keep: number
  /** Milliseconds; `Infinity` for no end. */
  readonly drain: number
}

/** The versions of one plugin: the live one, those that a rollback may bring back, and those whose last calls are under way. */
export class Versions {
  readonly #keeping: Keeping
  readonly #load: (artifact: Artifact) => Promise<Version>
  #live: Version
  #artifact: Artifact
  /** The last live one first. */
  #kept: readonly Kept[] = []
  readonly #retiring = new Set<Version>()
  /** Calls of the versions that are closed. */
  #before = 0

  constructor(keeping: Keeping, load: (artifact: Artifact) => Promise<Version>, live: Version, artifact: Artifact) {
    this.#keeping = keeping
    this.#load = load
    this.#live = live
    this.#artifact = artifact
  }

  get live(): Version {
    return this.#live
  }

  /** The digests of those that are kept, the last live one first. */
  get kept(): readonly string[] {
    return this.#kept.map(({ artifact }) => artifact.digest)
  }

  calls(): number {
    return this.#before + this.#live.calls()
  }

  instances(): number {
    return [this.#live, ...this.#retiring].reduce((sum, version) => sum + version.instances(), 0)
  }

  /** Makes another version the live one. The one before is kept, and its calls may end. */
  use(version: Version, artifact: Artifact): void {
    const [old, oldArtifact] = [this.#live, this.#artifact]
    this.#live = version
    this.#artifact = artifact
    void this.#retire(old)
    const before = this.#kept
    const others = before.filter((kept) => kept.artifact.digest !== artifact.digest)
    const newest = oldArtifact.digest === artifact.digest || this.#keeping.keep === 0 ? [] : [this.#anew(oldArtifact)]
    this.#kept = [...newest, ...others].slice(0, this.#keeping.keep)
    for (const kept of before) if (!this.#kept.includes(kept)) void discard(kept)
  }

  /**
   * A version that is kept, and its artifact.
   *
   * @throws MortiseError `VERSION_ABSENT`, and whatever loading it anew failed with
   */
  async find(plugin: string, digest: string | undefined): Promise<readonly [Version, Artifact]> {
    const found = this.#kept.find(({ artifact }) => digest === undefined || artifact.digest === digest)
    if (found === undefined) {
      const list = this.kept.map((kept) => kept.slice(0, 12)).join(', ')
      throw new MortiseError(
        'VERSION_ABSENT',
        `Cannot roll back plugin '${plugin}'${digest === undefined ? '' : ` to ${digest.slice(0, 64)}`}: ${list === '' ? "no version is kept. Raise 'keep'" : `the versions that are kept are ${list}`}`,
        { plugin },
      )
    }
    const version = await found.ready
    this.#kept = this.#kept.filter((kept) => kept !== found)
    return [version, found.artifact]
  }

  /** Closes all of them. */
  async close(): Promise<void> {
    const kept = this.#kept
    this.#kept = []
    await Promise.all([
      ...[this.#live, ...this.#retiring].map((version) => this.#end(version, 'abandon')),
      ...kept.map(discard),
    ])
  }

  #anew(artifact: Artifact): Kept {
    const ready = this.#load(artifact)
    // Who rolls back to it hears of it.
    ready.catch(() => {})
    return { artifact, ready }
  }

  /** Until its last call has ended, a version that was swapped out still counts calls. */
  async #retire(version: Version): Promise<void> {
    const start = version.calls()
    this.#before += start
    this.#retiring.add(version)
    await this.#end(version, 'drain')
    this.#retiring.delete(version)
    this.#before += version.calls() - start
  }

  /** Closes a version, and after the time that its calls have ends them. */
  async #end(version: Version, how: 'drain' | 'abandon'): Promise<void> {
    const { drain } = this.#keeping
    const timer = drain === Infinity ? undefined : setTimeout(() => void version.close('cut'), drain)
    try {
      await version.close(how)
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Closes a version that nobody has called. */
async function discard({ ready }: Kept): Promise<void> {
  const version = await ready.catch(() => undefined)
  await version?.close('cut')
}
