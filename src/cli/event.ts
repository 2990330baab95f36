import { readFile } from 'node:fs/promises'
import { isJsonObject, type JsonObject } from '../contracts/action/json.ts'
import { MortiseError, reasonOf } from '../errors.ts'
import { type Arguments, type Terminal, UsageError } from './command.ts'

const wanted = `Give a JSON object, such as '{"name":"Mike"}'`

/** The event of a call: `--data`, `--input`, what is piped in, or `{}`. */
export async function readEvent(args: Arguments, terminal: Terminal): Promise<JsonObject> {
  const data = args.text('data')
  const input = args.text('input')
  if (data !== undefined && input !== undefined) throw new UsageError('It takes --data or --input, not both')
  const text = data ?? (input === undefined ? await terminal.read() : await read(input))
  if (text === undefined || (data === undefined && text.trim() === '')) return {}
  let event: unknown
  try {
    event = JSON.parse(text)
  } catch (cause) {
    throw new MortiseError('EVENT_INVALID', `Cannot read the event: ${reasonOf(cause)}. ${wanted}`, { cause })
  }
  if (isJsonObject(event)) return event
  throw new MortiseError(
    'EVENT_INVALID',
    `Cannot pass ${text.slice(0, 40)} to the guest: it is not an object. ${wanted}`,
  )
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new MortiseError('EVENT_INVALID', `Cannot read the event from '${path}': ${reasonOf(cause)}`, { cause })
  }
}
