import { reasonOf } from '../../errors.ts'
import { type Json, type JsonObject, isJsonObject } from './json.ts'

/**
 * A function that is an action.
 *
 * @param value - the parameters: a JSON object, or an array where a sequence of actions says so
 * @param activation - what else the platform said: `activation_id`, `namespace`, `deadline` and so on
 * @returns a JSON object or an array, or a promise of one; `{ error }` where it could not do what was asked
 */
export type ActionFunction = (value: JsonObject, activation: JsonObject) => object | Promise<object>

/** An answer to `/run`. */
export interface RunAnswer {
  readonly status: number
  readonly json: string
}

/** Runs a function for the body of a request, `{"value":…,"activation_id":…}`. What it throws is an answer too. */
export async function run(main: ActionFunction, body: string): Promise<RunAnswer> {
  let request: JsonObject
  try {
    request = parse(body)
  } catch (error) {
    return failed(400, `Cannot read the request: ${reasonOf(error)}`)
  }
  const { value = {}, ...activation } = request
  try {
    const result: unknown = await main(parameters(value), activation)
    const json = typeof result === 'object' ? JSON.stringify(result) : undefined
    if (json !== undefined && /^[{[]|^null$/.test(json)) return { status: 200, json }
    return failed(502, 'The action did not return a dictionary or array.')
  } catch (error) {
    process.stderr.write(`${(error instanceof Error ? error.stack : undefined) ?? reasonOf(error)}\n`)
    return failed(200, reasonOf(error))
  }
}

const failed = (status: number, error: string): RunAnswer => ({ status, json: JSON.stringify({ error }) })

function parse(body: string): JsonObject {
  const request: unknown = JSON.parse(body)
  if (!isJsonObject(request)) throw new TypeError('it is not a JSON object')
  return request
}

/** An array is what a sequence passes on, and the function that is in one knows. */
function parameters(value: Json): JsonObject {
  // oxlint-disable-next-line no-unsafe-type-assertion -- an array, which the type leaves out so that parameters can be taken apart
  if (typeof value === 'object' && value !== null) return value as JsonObject
  throw new TypeError(`the parameters in 'value' are not a JSON object: ${JSON.stringify(value).slice(0, 40)}`)
}
