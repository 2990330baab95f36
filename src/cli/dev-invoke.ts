import { readFile } from 'node:fs/promises'
import type { Guest } from '../dev/guest.ts'
import type { Answered } from '../dev/target.ts'
import { MortiseError, reasonOf } from '../errors.ts'

/** Bytes of an answer that are shown. */
const most = 10_000

/**
 * Calls a guest as a client does, with what is in a file: of an action its parameters.
 *
 * @returns a function that throws MortiseError `EVENT_INVALID`
 */
export function invoker(file: string): (url: string, guest: Guest) => Promise<Answered> {
  return async (url) => {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify({ value: await read(file) }) })
    return { status: response.status, text: (await response.text()).slice(0, most) }
  }
}

async function read(file: string): Promise<object> {
  let why
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'))
    if (typeof value === 'object' && value !== null) return value
    why = 'it is not a JSON object'
  } catch (cause) {
    why = reasonOf(cause)
  }
  throw new MortiseError('EVENT_INVALID', `Cannot call the guest with '${file}': ${why}`)
}
