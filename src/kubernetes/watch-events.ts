import type { Readable } from 'node:stream'
import { fieldOf, isNamed, type NamedObject, versionOf } from './objects.ts'

/** What happened to an object, or that nothing did up to some version. */
export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: NamedObject; readonly version: string }
  | { readonly type: 'BOOKMARK'; readonly version: string }

/** The API server has forgotten what came after this version: everything has to be listed anew. */
export class Gone extends Error {}

/** Bytes of one event. An object of Kubernetes has at most about 1.5 MiB in its store. */
const mostBytes = 8 * 2 ** 20

/**
 * The events of a watch, each a line of JSON.
 *
 * @param silence - milliseconds without a byte after which the connection is taken to be dead
 * @throws Gone; Error for what is no event
 */
export async function* watchEvents(stream: Readable, silence: number): AsyncGenerator<WatchEvent> {
  const timer = setTimeout(() => stream.destroy(new Error(`nothing came for ${silence / 1000} s`)), silence)
  let parts: Buffer[] = []
  let length = 0
  try {
    const pieces: AsyncIterable<Buffer> = stream
    for await (const piece of pieces) {
      timer.refresh()
      let rest = piece
      for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline)) {
        const line = Buffer.concat([...parts, rest.subarray(0, end)]).toString()
        parts = []
        length = 0
        rest = rest.subarray(end + 1)
        if (line.trim() !== '') yield eventOf(line)
      }
      if (rest.length === 0) continue
      parts.push(rest)
      length += rest.length
      if (length > mostBytes) throw new Error(`an event has more than ${mostBytes} bytes`)
    }
  } finally {
    clearTimeout(timer)
    stream.destroy()
  }
}

const newline = 10

function eventOf(line: string): WatchEvent {
  const event: unknown = JSON.parse(line)
  const [type, object] = [fieldOf(event, 'type'), fieldOf(event, 'object')]
  const version = versionOf(object)
  if (type === 'BOOKMARK') return { type, version }
  if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') {
    if (!isNamed(object)) throw new Error(`an event '${type}' is about no object`)
    return { type, object, version }
  }
  const message = fieldOf(object, 'message')
  const why = typeof message === 'string' ? message.slice(0, 500) : line.slice(0, 200)
  if (type === 'ERROR' && fieldOf(object, 'code') === 410) throw new Gone(why)
  throw new Error(`an event is no event of a watch: ${why}`)
}
