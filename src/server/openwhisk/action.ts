import type { PostedCode } from '../../code/code.ts'
import { type ErrorCode, MortiseError } from '../../errors.ts'
import type { Functions, ServedFunction } from '../../functions/functions.ts'
import { readInit } from '../init-request.ts'
import { isAnswer } from '../reply.ts'
import { activationOf, lineOf } from '../run-request.ts'
import { initFailure } from './failures.ts'
import { type ExactReply, refusal, replies } from './replies.ts'
import type { ActivationStreams } from './streams.ts'

/** What an {@link Action} works with. */
export interface ActionParts {
  readonly functions: Functions
  readonly streams: ActivationStreams
  /** What every action finds in its environment, before what `/init` says. */
  readonly env: Readonly<Record<string, string>>
  /** An action may be put in place of another. */
  readonly again: boolean
  readonly logInitError: boolean
  readonly acknowledge: boolean
  readonly saveJar: string | undefined
  /** One activation runs at a time, so that the next begins once the lines of the last are written. */
  readonly alone: boolean
  /** Tells whoever runs the container. */
  readonly warn: (text: string) => void
}

const name = 'action'

/** Activations that wait while one runs alone. */
const longestQueue = 1000

/** The one action of a container: what `/init` and `/run` do and answer. */
export class Action {
  readonly #parts: ActionParts
  #initialising: Promise<unknown> = Promise.resolve()
  #running: Promise<unknown> = Promise.resolve()
  readonly #ending = new Set<Promise<void>>()
  #waiting = 0
  /** Resolves when an activation waits for the lines of the last to end. */
  #hurry = Promise.withResolvers<void>()
  #activations = 0

  constructor(parts: ActionParts) {
    this.#parts = parts
  }

  /** It is there, and may not be initialised again: what `/init` answers before it reads anything. */
  get settled(): ExactReply | undefined {
    if (this.#parts.again || this.#served === undefined) return undefined
    this.#parts.warn('Cannot initialize the action more than once.')
    return replies.again
  }

  /** One initialisation at a time. */
  async init(body: Uint8Array): Promise<ExactReply> {
    const reply = this.#initialising.then(() => this.settled ?? this.#init(body))
    this.#initialising = reply.catch(() => {})
    return reply
  }

  async run(body: Buffer): Promise<ExactReply> {
    if (!this.#parts.alone) return (await this.#run(body)).reply
    if (this.#waiting >= longestQueue) return refusal(503, `${longestQueue} activations wait for their turn already.`)
    this.#waiting++
    this.#hurry.resolve()
    const begun = this.#running.then(() => {
      this.#waiting--
      return this.#run(body)
    })
    // The next one begins once the lines of this one have ended, which its client need not wait for.
    this.#running = begun.then(({ ended }) => ended).catch(() => {})
    return (await begun).reply
  }

  /** Resolves when the lines of all activations have ended. */
  async idle(): Promise<void> {
    this.#hurry.resolve()
    await this.#running
    await Promise.all(this.#ending)
    this.#parts.streams.flush()
  }

  get #served(): ServedFunction | undefined {
    return this.#parts.functions.get(name)
  }

  async #init(body: Uint8Array): Promise<ExactReply> {
    const asked = this.#read(body)
    if ('status' in asked) return asked
    const { functions, env } = this.#parts
    try {
      await functions.deploy(name, { ...asked, env: { ...env, ...asked.env } })
      return replies.initialised
    } catch (error) {
      return this.#notInitialised(error)
    }
  }

  #read(body: Uint8Array): PostedCode | ExactReply {
    try {
      return readInit(body).code
    } catch (error) {
      if (!MortiseError.is(error)) throw error
      return refusal(error.code === 'CODE_EMPTY' ? 403 : 400, error.message)
    }
  }

  #notInitialised(error: unknown): ExactReply {
    const { logInitError, streams } = this.#parts
    const { starting, reason, printed = '' } = initFailure(error, this.#parts)
    if (!logInitError) {
      streams.print(printed)
      return refusal(502, starting ? `cannot start action: ${reason}` : reason)
    }
    streams.fail(printed, reason)
    return starting ? replies.notStarted : replies.notGenerated
  }

  async #run(body: Buffer): Promise<{ readonly reply: ExactReply; readonly ended?: Promise<void> }> {
    const served = this.#served
    if (served === undefined) return { reply: replies.noAction }
    const line = lineOf(body)
    const activation = activationOf(line) ?? `activation-${++this.#activations}`
    this.#parts.streams.begin(activation)
    const { reply, began } = await this.#activate(served, line, activation)
    return { reply, ...(began && { ended: this.#end(activation, served.runtime === 'process') }) }
  }

  #end(activation: string, apart: boolean): Promise<void> {
    this.#hurry = Promise.withResolvers()
    if (this.#waiting > 0) this.#hurry.resolve()
    const { promise: hurry } = this.#hurry
    const ended = this.#parts.streams.end(activation, apart, hurry).finally(() => this.#ending.delete(ended))
    this.#ending.add(ended)
    return ended
  }

  /** @returns whether the activation began at all: only then the platform reads its lines */
  async #activate(
    served: ServedFunction,
    line: string,
    activation: string,
  ): Promise<{ readonly reply: ExactReply; readonly began: boolean }> {
    try {
      const answer = await served.run(line, activation)
      const reply = isAnswer(answer) ? { status: 200, body: `${answer}\n` } : replies.noDictionary
      return { reply, began: true }
    } catch (error) {
      if (!MortiseError.is(error)) throw error
      if (gone.has(error.code)) {
        await this.#parts.functions.remove(name)
        return error.code === 'PROCESS_ENDED'
          ? { reply: replies.diedMeanwhile, began: true }
          : { reply: replies.deadBefore, began: false }
      }
      if (error.code === 'QUEUE_FULL') return { reply: refusal(503, error.message), began: false }
      if (error.code === 'GUEST_RESULT') return { reply: replies.noDictionary, began: true }
      const { limit } = error.details
      const overran = error.code === 'DEADLINE' && limit !== undefined
      const said = overran
        ? `The action exceeded its time limits of ${limit} milliseconds.`
        : `An error has occurred: ${error.message}`
      return { reply: refusal(502, said), began: true }
    }
  }
}

/** Failures after which nothing is left to run. */
const gone: ReadonlySet<ErrorCode> = new Set(['PROCESS_ENDED', 'PROCESS_GIVEN_UP', 'PLUGIN_UNPLUGGED'])
