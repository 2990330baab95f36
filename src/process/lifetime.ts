import type { Spawned } from './spawn.ts'
import { guardLeader, killTree, releaseLeader } from './tree.ts'

/** Pipes that something outside of the group holds open are read for this many milliseconds after the process has ended. */
const drainTime = 250

/** One that was killed and does not go (it hangs in the system itself) is let alone after this many milliseconds. */
const patience = 5000

type Ended = (exitCode: number | undefined, signal: string | undefined) => void

/** How long a process lives: until it ends by itself, or is stopped or killed with all that it has started. */
export class Lifetime {
  readonly #spawned: Spawned
  readonly #told: Ended
  readonly #ended = Promise.withResolvers<void>()
  #stopping = false
  #over = false
  #timer: NodeJS.Timeout | undefined

  /** @param ended - is told once, when the process has ended and what it wrote is read */
  constructor(spawned: Spawned, ended: Ended) {
    this.#spawned = spawned
    this.#told = ended
    guardLeader(spawned.pid)
    const { process, pid } = spawned
    process.on('error', () => {})
    process.once('exit', (exitCode, signal) => {
      releaseLeader(pid)
      const finish = (): void => this.#finish(exitCode ?? undefined, signal ?? undefined)
      this.#wait(finish, drainTime)
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
    if (this.#timer === undefined) this.#wait(() => this.#finish(undefined, 'SIGKILL'), patience)
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

  #wait(then: () => void, milliseconds: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(then, milliseconds)
  }

  #finish(exitCode: number | undefined, signal: string | undefined): void {
    if (this.#over) return
    this.#over = true
    clearTimeout(this.#timer)
    const { input, stdout, stderr, answers } = this.#spawned
    for (const stream of [input, stdout, stderr, answers]) stream.destroy()
    this.#told(exitCode, signal)
    this.#ended.resolve()
  }
}
