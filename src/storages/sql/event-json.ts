import { MortiseError } from '../../errors.ts'

/** What an event holds beside its place and its name. */
export interface Stored {
  readonly [name: string]: unknown
}

/** Deeper arguments are refused: nobody writes them by hand. */
const deepest = 100

/**
 * Values of fields as JSON, and all of it again by {@link fromJson}: what JSON does not have is an object of one name that begins with
 * `$`; names of fields that begin so get another one.
 *
 * @throws MortiseError `INPUT_INVALID` for what is no value of a field
 */
export function toJson(event: Stored): string {
  return JSON.stringify(written(event, 0))
}

/** @throws MortiseError `STORE_CORRUPT` */
export function fromJson(text: string): Stored {
  try {
    const event = read(JSON.parse(text))
    if (isObject(event)) return event
  } catch (cause) {
    throw new MortiseError('STORE_CORRUPT', 'Cannot read an event of the log: it is damaged', { cause })
  }
  throw new MortiseError('STORE_CORRUPT', 'Cannot read an event of the log: it is none')
}

function written(value: unknown, depth: number): unknown {
  if (depth > deepest) refuse(`a value more than ${deepest} objects deep`)
  if (value === null || value === undefined || typeof value === 'boolean' || typeof value === 'string')
    return value ?? null
  if (typeof value === 'number') return Number.isFinite(value) ? value : { $number: String(value) }
  if (typeof value === 'bigint') return { $int64: String(value) }
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') }
  if (Array.isArray(value)) return value.map((item) => written(item, depth + 1))
  if (!isObject(value)) return refuse(`a ${typeof value}`)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) refuse('an object of a class')
  const entries = Object.entries(value).filter(([, field]) => field !== undefined)
  return Object.fromEntries(
    entries.map(([name, field]) => [name.startsWith('$') ? `$${name}` : name, written(field, depth + 1)]),
  )
}

function read(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(read)
  if (!isObject(value)) return value
  const entries = Object.entries(value)
  const [[name, text] = ['', undefined]] = entries
  if (entries.length === 1 && typeof text === 'string') {
    if (name === '$int64') return BigInt(text)
    if (name === '$bytes') return new Uint8Array(Buffer.from(text, 'base64'))
    if (name === '$number') return Number(text)
  }
  return Object.fromEntries(entries.map(([key, field]) => [key.startsWith('$$') ? key.slice(1) : key, read(field)]))
}

const isObject = (value: unknown): value is Stored =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function refuse(what: string): never {
  throw new MortiseError(
    'INPUT_INVALID',
    `Cannot put an event into the log that holds ${what}: it takes values of fields, lists and objects`,
  )
}
