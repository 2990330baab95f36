import { MortiseError, reasonOf } from '../../errors.ts'

/** A value that JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json
}

/** Whether a value that JSON made is an object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The JSON text of an event. A value that is no JSON object is the caller's mistake: `EVENT_INVALID`. */
export function stringifyEvent(event: JsonObject): string {
  if (!isJsonObject(event))
    refuse(`it is ${event === null ? 'null' : Array.isArray(event) ? 'an array' : `a ${typeof event}`}`)
  let text: string | undefined
  try {
    text = JSON.stringify(event)
  } catch (cause) {
    refuse(reasonOf(cause), cause)
  }
  // An object's own toJSON may have made anything of it.
  return text?.startsWith('{')
    ? text
    : refuse(`JSON spells it as ${text === undefined ? 'nothing' : text.slice(0, 40)}`)
}

function refuse(why: string, cause?: unknown): never {
  throw new MortiseError('EVENT_INVALID', `Cannot pass the event to the guest: ${why}. An event is a JSON object`, {
    cause,
  })
}
