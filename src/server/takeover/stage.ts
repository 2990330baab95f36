import { setTimeout as wait } from 'node:timers/promises'
import { MortiseError, reasonOf } from '../../errors.ts'
import type { Placed, Posted } from '../../handover/posted.ts'
import type { Door } from './door.ts'
import type { InitSocket } from './init-socket.ts'
import type { TakeoverSettings } from './options.ts'
import { place } from './place.ts'
import { Program } from './program.ts'

/** What was posted last, and the process of it, if there is one. */
interface Act {
  readonly placed: Placed
  readonly env: Readonly<Record<string, string>>
  program: Program | undefined
  missing: Missing
  failures: number
  since: number
}

/** Why there is no program, as it is answered. */
interface Missing {
  readonly status: number
  readonly why: string
}

/** Nothing was posted yet. */
const absent: Missing = { status: 500, why: 'the action failed to locate a binary' }

/** Milliseconds before the third start in a row; each one after waits twice as long, up to the longest. */
const firstPause = 100
const longestPause = 10_000

/** Has one program in place at a time: the next comes in before the one before goes. */
export class Stage {
  readonly #door: Door
  readonly #settings: TakeoverSettings
  readonly #inits: InitSocket
  readonly #ending = new Set<Promise<unknown>>()
  readonly #closed = new AbortController()
  /** Changes happen one after another. */
  #turn: Promise<unknown> = Promise.resolve()
  #act: Act | undefined

  constructor(door: Door, settings: TakeoverSettings, inits: InitSocket) {
    this.#door = door
    this.#settings = settings
    this.#inits = inits
  }

  get program(): Program | undefined {
    return this.#act?.program
  }

  get missing(): Missing {
    return this.#act?.missing ?? absent
  }

  /** Puts a program in place: `ARTIFACT_UNKNOWN`, `PROCESS_NOT_STARTED`, and then nothing has changed. */
  replace(posted: Posted): Promise<void> {
    return this.#next(async () => {
      if (this.#closed.signal.aborted)
        throw new MortiseError('HOST_CLOSED', 'Cannot put a program in place: the server was closed')
      const placed = await place(posted)
      const act: Act = { placed, env: posted.env, program: undefined, missing: absent, failures: 0, since: 0 }
      let program: Program
      try {
        program = await this.#start(act)
      } catch (error) {
        await placed.dispose()
        throw error
      }
      const before = this.#act
      this.#act = act
      this.#enter(act, program)
      if (before !== undefined) await this.#leave(before)
    })
  }

  /** Ends the program, and starts none any more. */
  async close(): Promise<void> {
    this.#closed.abort()
    await this.#next(async () => {
      const act = this.#act
      this.#act = undefined
      if (act !== undefined) await this.#leave(act)
    })
    await Promise.all(this.#ending)
  }

  #next<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(change)
    this.#turn = done.catch(() => {})
    return done
  }

  async #start({ placed, env }: Act): Promise<Program> {
    const { env: common, ready, deadline, stdout, stderr } = this.#settings
    const { path } = this.#inits
    const program = await Program.start(
      {
        command: placed.command,
        args: placed.args,
        cwd: placed.cwd,
        env: { ...common, ...env, ...(path !== undefined && { MORTISE_INIT: path }) },
        socket: this.#door.descriptor,
        within: ready,
        output: { stdout, stderr },
      },
      deadline,
    )
    try {
      if (program.takesConnections) await this.#door.hold()
      return program
    } catch (error) {
      const { ended: gone } = await program.retire(0)
      await gone
      throw error
    }
  }

  /** From here to its end in one turn: who takes connections, and where requests go, changes at once. */
  #enter(act: Act, program: Program): void {
    act.program = program
    act.since = performance.now()
    if (program.takesConnections) this.#door.shut()
    else this.#door.reopen()
    this.#settings.watch('a program serves')
    void program.ended.then((how) => this.#ended(act, how))
  }

  async #leave({ program, placed }: Act): Promise<void> {
    const going = await program?.retire(this.#settings.drain)
    const gone = Promise.resolve(going?.ended)
      .then(() => placed.dispose())
      .finally(() => this.#ending.delete(gone))
    this.#ending.add(gone)
  }

  #ended(act: Act, how: string): void {
    if (this.#act !== act) return
    act.program = undefined
    if (performance.now() - act.since > longestPause) act.failures = 0
    const why = `the program ${how}`
    act.missing = { status: 503, why: `${why} and is being started again` }
    this.#door.reopen()
    this.#settings.watch(why)
    void this.#revive(act, why)
  }

  /** Starts a program that has ended again, after a pause. */
  async #revive(act: Act, why: string): Promise<void> {
    if (++act.failures > this.#settings.restarts) {
      act.missing = {
        status: 502,
        why: `the program has ended too often and is not started again. The last time, ${why}`,
      }
      return
    }
    const pause = act.failures < 2 ? 0 : Math.min(firstPause * 2 ** (act.failures - 2), longestPause)
    try {
      await wait(pause, undefined, { signal: this.#closed.signal })
      await this.#next(async () => {
        if (this.#act === act && !this.#closed.signal.aborted) this.#enter(act, await this.#start(act))
      })
    } catch (error) {
      if (this.#closed.signal.aborted || this.#act !== act) return
      act.missing = { status: 503, why: reasonOf(error) }
      this.#settings.watch(reasonOf(error))
      await this.#revive(act, reasonOf(error))
    }
  }
}
