import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const form = /^[A-Za-z0-9._:@+/=-]{1,128}$/

/** No two processes give the same ones. */
const own = randomBytes(9).toString('base64url')
let count = 0

/** What a request is called in logs and answers: by its `x-request-id`, where that is a word of at most 128 characters, else by a new one. */
export function identify({ headers }: IncomingMessage): string {
  const given = headers['x-request-id']
  if (typeof given === 'string' && form.test(given)) return given
  count++
  return `${own}-${count.toString(36)}`
}
