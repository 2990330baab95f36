import { readArtifact } from '../artifact.ts'
import type { ReadyCode } from '../code/code.ts'
import { activation as contract } from '../contracts/action/activation.ts'
import { MortiseError } from '../errors.ts'
import { Mortise } from '../host.ts'
import type { Runtime } from '../runtime.ts'
import type { Activation } from './activation.ts'
import type { ActivationLog } from './activation-log.ts'
import { Habit } from './habit.ts'
import type { ParsedLimits } from './options.ts'
import type { ThreadCode } from './threads/job.ts'
import type { Ended } from './threads/messages.ts'
import type { Threads } from './threads/threads.ts'
import type { Pending, Place, Version } from './version.ts'

/** What functions in WebAssembly share. */
export interface WasmParts {
  readonly runtime: Runtime<'wasm'>
  readonly threads: Threads
  /** Milliseconds that an activation has on the event loop. */
  readonly slice: number
}

/** A function that is loaded on this thread, with a slice as its deadline. */
interface Inline {
  readonly main: (request: string) => string
  readonly within: (milliseconds: number) => (request: string) => string
}

/** How it is run elsewhere. */
interface Elsewhere {
  readonly threads: Threads
  readonly code: ThreadCode
}

/**
 * Loads a function that runs as WebAssembly: on the event loop for a slice of time, and where that is not enough, from the beginning
 * on a thread, which is the same for whoever waits, since an activation has no effect but its answer and its lines.
 */
export async function openOnWasm(
  name: string,
  ready: ReadyCode,
  limits: ParsedLimits,
  log: ActivationLog,
  parts: WasmParts,
): Promise<Version> {
  const { deadline, memory, output } = limits
  const { source, env: config } = ready
  const slice = Math.min(parts.slice, deadline)
  const bytes = async (): Promise<Uint8Array> => (await readArtifact(source)).bytes
  const elsewhere: Elsewhere = { threads: parts.threads, code: { name, config, deadline, memory, output, bytes } }
  const host = new Mortise({ runtimes: [parts.runtime], log: (line) => log.write(line) })
  const close = async (): Promise<void> => {
    await host.close()
    parts.threads.forget(elsewhere.code)
    await ready.dispose()
  }
  try {
    const options = { limits: { deadline: slice, memory, output }, config }
    const plugin = await host.plug(name, source, contract, options)
    const inline: Inline = { main: plugin.hooks.main, within: (milliseconds) => plugin.within(milliseconds).main }
    return new WasmVersion({ digest: plugin.digest, slice, inline, elsewhere, log, close })
  } catch (error) {
    if (!MortiseError.is(error, 'DEADLINE') || slice === deadline) throw error
    // It is its initialisation already that takes long.
    const loaded = await parts.threads.run(elsewhere.code, undefined, deadline, (line) => log.writeOf(undefined, line))
    answerOf(loaded)
    const { digest } = await readArtifact(source)
    return new WasmVersion({ digest, slice, inline: undefined, elsewhere, log, close })
  }
}

interface Parts {
  readonly digest: string
  readonly slice: number
  readonly inline: Inline | undefined
  readonly elsewhere: Elsewhere
  readonly log: ActivationLog
  readonly close: () => Promise<void>
}

class WasmVersion implements Version {
  readonly digest: string
  readonly runtime = 'wasm'
  readonly #parts: Parts
  readonly #habit: Habit

  constructor(parts: Parts) {
    this.digest = parts.digest
    this.#parts = parts
    this.#habit = new Habit(parts.slice, parts.inline === undefined)
  }

  get place(): Place {
    return this.#habit.long ? 'thread' : 'event loop'
  }

  run(activation: Activation, request: string, milliseconds: number): string | Pending {
    const { inline, slice, log } = this.#parts
    if (inline === undefined || this.#habit.suspect) return this.#runElsewhere(activation, request, milliseconds)
    if (milliseconds <= slice) return log.during(activation, inline.within(Math.floor(milliseconds)), request)
    const start = performance.now()
    activation.kept = []
    try {
      const answer = log.during(activation, inline.main, request)
      this.#habit.inTime()
      log.release(activation)
      return answer
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
  #runElsewhere(activation: Activation, request: string, milliseconds: number, trial = false): Pending {
    const answer = this.#answer(activation, request, milliseconds, trial)
    return { answer, ended: answer }
  }

  async #answer(activation: Activation, request: string, milliseconds: number, trial: boolean): Promise<string> {
    const { elsewhere, log } = this.#parts
    let took = Infinity
    let warm = false
    try {
      const ended = await elsewhere.threads.run(elsewhere.code, request, milliseconds, (line) =>
        log.writeOf(activation, line),
      )
      ;({ took, warm } = ended)
      return answerOf(ended)
    } finally {
      if (trial) this.#habit.took(took, warm)
    }
  }
}

function answerOf(ended: Ended): string {
  if ('answer' in ended) return ended.answer
  const { code, message, details } = ended.error
  throw new MortiseError(code, message, details)
}
