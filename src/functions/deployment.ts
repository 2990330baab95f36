import type { Release } from './release.ts'

/** A release with the activations that are under way on it. */
export class Deployment {
  readonly release: Release
  #running = 0
  #drained: (() => void) | undefined

  constructor(release: Release) {
    this.release = release
  }

  begin(): void {
    this.#running++
  }

  end(): void {
    this.#running--
    if (this.#running === 0) this.#drained?.()
  }

  /** Ends it when nothing is under way on it any more, at the latest when nobody waits for that. */
  async close(cut: Promise<void>): Promise<void> {
    if (this.#running > 0) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#drained = resolve
      await Promise.race([promise, cut])
    }
    await this.release.version.close()
  }
}
