import { setTimeout as after } from 'node:timers/promises'
import type { ErrorCode } from '../errors.ts'
import type { Transport } from './transport.ts'
import { type Fields, refuseAnswer } from './answers.ts'
import { fieldsOf, unreachable } from './failure.ts'

/** How a stream of events is followed. */
export interface FollowOptions {
  /** Goes on with what is to come, over new connections where one breaks off. Default: false, only what the server remembers. */
  readonly follow?: boolean
  /** Ends it, with the signal's reason. */
  readonly signal?: AbortSignal
  /** Is told when a connection broke off and another one is tried, or that events may have been missed meanwhile. */
  readonly report?: (problem: string) => void
}

/** One event, as it came. */
export interface Sent {
  readonly event: string
  readonly data: Fields
}

/** A server says something every 15 s; who is silent for so long is gone, in milliseconds. */
const silence = 45_000
/** Characters of one event. */
const mostHeld = 2 ** 23
/** Between two tries, in milliseconds: the second after twice as long, and so on. */
const pauses = { first: 100, most: 5000 }

/**
 * The events of a path, over as many connections as it takes. Each is seen once: a server is told which was the last.
 *
 * @throws MortiseError what the server refuses it with; `SERVER_UNREACHABLE` where it was not reached the first time
 */
export async function* follow(
  transport: Transport,
  path: string,
  { follow: on = false, signal, report = () => {} }: FollowOptions,
): AsyncGenerator<Sent, void, undefined> {
  let last = ''
  let pause = pauses.first
  let reached = false
  for (;;) {
    try {
      const headers = { accept: 'text/event-stream', ...(last !== '' && { 'last-event-id': last }) }
      const asked = on ? path : `${path}?follow=false`
      const response = await transport.open({ method: 'GET', path: asked, headers, signal }, silence)
      try {
        if (reached) report('Connected again')
        reached = true
        for await (const { id, event, data } of parse(response.setEncoding('utf8'))) {
          pause = pauses.first
          last = id === '' ? last : id
          if (event === 'missed') report('Some events were missed: there were more of them than the server remembers')
          else yield { event, data }
        }
      } finally {
        response.destroy()
      }
      if (!on) return
      report('The server has ended the connection; trying again')
    } catch (thrown) {
      if (signal?.aborted === true) throw signal.reason
      const error = unreachable(transport.where, thrown, false)
      if (!reached || !on || !passing.has(error.code)) throw error
      report(`${error.message}; trying again`)
    }
    // Whoever ends it in between is told so above.
    await after(pause, undefined, signal === undefined ? {} : { signal }).catch(() => {})
    pause = Math.min(pause * 2, pauses.most)
  }
}

/** What passes when the server has been started again, or has more room. */
const passing: ReadonlySet<ErrorCode> = new Set(['SERVER_UNREACHABLE', 'SERVER_DRAINING', 'QUEUE_FULL'])

/** Server-sent events, as far as a server of ours sends them: a line of each field, and comments. */
async function* parse(chunks: AsyncIterable<unknown>): AsyncGenerator<Sent & { readonly id: string }, void, undefined> {
  let held = ''
  for await (const chunk of chunks) {
    held += String(chunk)
    const blocks = held.split('\n\n')
    held = blocks.pop() ?? ''
    if (held.length > mostHeld) refuseAnswer(`an event of more than ${mostHeld} characters`)
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => [line.split(':', 1)[0], line.replace(/^[^:]*: ?/, '')]))
      const [id = '', event, data] = [fields.get('id'), fields.get('event'), fields.get('data')]
      if (event !== undefined && data !== undefined) yield { id, event, data: dataOf(data) }
    }
  }
}

function dataOf(text: string): Fields {
  try {
    return fieldsOf(JSON.parse(text))
  } catch {
    return refuseAnswer('an event that is no JSON')
  }
}
