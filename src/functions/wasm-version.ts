import { readArtifact } from '../artifact.ts'
import type { ReadyCode } from '../code/code.ts'
import { MortiseError } from '../errors.ts'
import { Mortise } from '../host.ts'
import type { Runtime } from '../runtime.ts'
import type { Activation } from './activation.ts'
import type { ActivationLog } from './activation-log.ts'
import { Habit } from './habit.ts'
import type { ParsedLimits } from './options.ts'
import type { Inline, Protocol } from './protocols/protocol.ts'
import type { ThreadCode } from './threads/job.ts'
import type { Ended } from './threads/messages.ts'
import type { Threads } from './threads/threads.ts'
import type { Outcome, Pending, Place, Version } from './version.ts'

/** What versions in WebAssembly share. */
export interface WasmParts<Q, A> {
  readonly runtime: Runtime<'wasm'>
  readonly threads: Threads<Q, A>
  /** Milliseconds that an activation has on the event loop. */
  readonly slice: number
}

/** How it is run elsewhere. */
interface Elsewhere<Q, A> {
  readonly threads: Threads<Q, A>
  readonly code: ThreadCode
}

/**
 * Loads what runs as WebAssembly: on the event loop for a slice of time, and where that is not enough, from the beginning on a thread,
 * which is the same for whoever waits, since an activation has no effect but its answer and its lines.
 */
export async function openOnWasm<Q, A>(
  protocol: Protocol<Q, A>,
  name: string,
  ready: ReadyCode,
  limits: ParsedLimits,
  log: ActivationLog,
  parts: WasmParts<Q, A>,
): Promise<Version<Q, A>> {
  const { deadline, memory, output } = limits
  const { source, env: config } = ready
  const slice = Math.min(parts.slice, deadline)
  const bytes = async (): Promise<Uint8Array> => (await readArtifact(source)).bytes
  const code = { name, protocol: protocol.name, config, deadline, memory, output, bytes }
  const elsewhere: Elsewhere<Q, A> = { threads: parts.threads, code }
  const host = new Mortise({ runtimes: [parts.runtime], log: (line) => log.write(line) })
  const close = async (): Promise<void> => {
    await host.close()
    parts.threads.forget(code)
    await ready.dispose()
  }
  try {
    const options = { limits: { deadline: slice, memory, output }, config }
    const inline = await protocol.onWasm(host, name, source, options)
    return new WasmVersion({ digest: inline.digest, slice, inline, elsewhere, log, close })
  } catch (error) {
    if (!MortiseError.is(error, 'DEADLINE') || slice === deadline) throw error
    // It is its initialisation already that takes long.
    const loaded = await parts.threads.run(code, undefined, deadline, (line) => log.writeOf(undefined, line))
    if ('error' in loaded) throw errorOf(loaded)
    const { digest } = await readArtifact(source)
    return new WasmVersion({ digest, slice, inline: undefined, elsewhere, log, close })
  }
}

interface Parts<Q, A> {
  readonly digest: string
  readonly slice: number
  readonly inline: Inline<Q, A> | undefined
  readonly elsewhere: Elsewhere<Q, A>
  readonly log: ActivationLog
  readonly close: () => Promise<void>
}

class WasmVersion<Q, A> implements Version<Q, A> {
  readonly digest: string
  readonly runtime = 'wasm'
  readonly #parts: Parts<Q, A>
  readonly #habit: Habit

  constructor(parts: Parts<Q, A>) {
    this.digest = parts.digest
    this.#parts = parts
    this.#habit = new Habit(parts.slice, parts.inline === undefined)
  }

  get place(): Place {
    return this.#habit.long ? 'thread' : 'event loop'
  }

  run(activation: Activation, request: Q, milliseconds: number): Outcome<A> {
    const { inline, slice, log } = this.#parts
    if (inline === undefined || this.#habit.suspect) return this.#runElsewhere(activation, request, milliseconds)
    if (milliseconds <= slice) {
      const within = (asked: Q): A => inline.within(Math.floor(milliseconds), asked)
      return { answer: log.during(activation, within, request) }
    }
    const start = performance.now()
    activation.kept = []
    try {
      const answer = log.during(activation, (asked: Q) => inline.call(asked), request)
      this.#habit.inTime()
      log.release(activation)
      return { answer }
    } catch (error) {
      if (!MortiseError.is(error, 'DEADLINE')) {
        log.release(activation)
        throw error
      }
      // It was restored, and writes its lines once more.
      activation.kept = undefined
      this.#habit.overran()
      const pending = this.#runElsewhere(activation, request, milliseconds - (performance.now() - start), true)
      return pending
    }
  }

  async close(): Promise<void> {
    await this.#parts.close()
  }

  /** @param trial - it is to be seen how long it takes there */
  #runElsewhere(activation: Activation, request: Q, milliseconds: number, trial = false): Pending<A> {
    const pending = this.#answer(activation, request, milliseconds, trial)
    return { pending, ended: pending }
  }

  async #answer(activation: Activation, request: Q, milliseconds: number, trial: boolean): Promise<A> {
    const { elsewhere, log } = this.#parts
    let took = Infinity
    let warm = false
    try {
      const ended = await elsewhere.threads.run(elsewhere.code, request, milliseconds, (line) =>
        log.writeOf(activation, line),
      )
      ;({ took, warm } = ended)
      if ('answer' in ended) return ended.answer
      throw errorOf(ended)
    } finally {
      if (trial) this.#habit.took(took, warm)
    }
  }
}

function errorOf({ error: { code, message, details } }: Extract<Ended<never>, { error: object }>): MortiseError {
  return new MortiseError(code, message, details)
}
