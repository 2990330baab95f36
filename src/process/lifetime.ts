import type { Spawned } from './spawn.ts'
import { guardLeader, killTree, releaseLeader } from './tree.ts'

/** Pipes that something outside of the group holds open are read for this many milliseconds after the process has ended. */
const drainTime = 250

/** How long a process lives: until it ends by itself, or is stopped or killed with all that it has started. */
export class Lifetime {
  readonly #spawned: Spawned
  #stopping = false
  readonly #ended = Promise.withResolvers<void>()

  /** @param ended - is told once, when the process has ended and what it wrote is read */
  constructor(spawned: Spawned, ended: (exitCode: number | undefined, signal: string | undefined) => void) {
    this.#spawned = spawned
    const { process, pid, input, stdout, stderr, answers } = spawned
    guardLeader(pid)
    process.on('error', () => {})
    process.once('exit', (exitCode, signal) => {
      releaseLeader(pid)
      const finish = (): void => {
        clearTimeout(timer)
        process.off('close', finish)
        for (const stream of [input, stdout, stderr, answers]) stream.destroy()
        ended(exitCode ?? undefined, signal ?? undefined)
        this.#ended.resolve()
      }
      const timer = setTimeout(finish, drainTime)
      process.once('close', finish)
    })
  }

  /** Resolves when it has ended. */
  get ended(): Promise<void> {
    return this.#ended.promise
  }

  /** It was asked to end, and may close what it likes. */
  get stopping(): boolean {
    return this.#stopping
  }

  /** It ends at once, with all that it has started. */
  kill(): void {
    this.#spawned.process.ref()
    killTree(this.#spawned.pid, 'SIGKILL')
  }

  /** The stop ladder: end of input, `SIGTERM`, `SIGKILL`, each when the one before had its time in milliseconds. */
  async stop(grace: number): Promise<void> {
    this.#stopping = true
    this.#spawned.process.ref()
    this.#spawned.input.end()
    if (await this.endsWithin(grace)) return
    killTree(this.#spawned.pid, 'SIGTERM')
    if (await this.endsWithin(grace)) return
    this.kill()
    await this.ended
  }

  async endsWithin(milliseconds: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const timer = setTimeout(resolve, milliseconds, false)
    void this.ended.then(() => resolve(true))
    const ended = await promise
    clearTimeout(timer)
    return ended
  }

  /** Nobody waits for it, so it keeps no program running. */
  unref(): void {
    const { process, input, stdout, stderr, answers } = this.#spawned
    for (const handle of [process, input, stdout, stderr, answers]) handle.unref()
  }

  /** Somebody waits for its end. */
  ref(): void {
    this.#spawned.process.ref()
  }
}
