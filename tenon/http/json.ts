import { JSON } from 'json-as'
import { isJSON } from './_valid'
import { Request, Response } from './index'

/**
 * Reads the body of a request as a value.
 *
 * @typeParam T - a class marked `@json`
 * @returns null where the body is no JSON: answer with 400 then. JSON of another shape than the class may end the call
 * @example
 * ```ts
 * import { Request, Response } from 'tenon/http'
 * import { json, parse } from 'tenon/http/json'
 *
 * @json class Order { count: i32 = 0 }
 * @json class Receipt { total: i32 = 0 }
 *
 * export function fetch(request: Request): Response {
 *   const order = parse<Order>(request)
 *   if (order === null) return Response.text('send an order as JSON', 400)
 *   const receipt = new Receipt()
 *   receipt.total = order.count * 5
 *   return json(receipt)
 * }
 * ```
 */
export function parse<T>(request: Request): T | null {
  const text = request.text()
  return isJSON(text) ? JSON.parse<T>(text) : null
}

/**
 * An answer of JSON.
 *
 * @typeParam T - a class marked `@json`, or whatever else JSON has a form for
 * @param status - 200 to 599
 * @example
 * ```ts
 * import { Request, Response } from 'tenon/http'
 * import { json } from 'tenon/http/json'
 *
 * @json class Found { path: string = '' }
 *
 * export function fetch(request: Request): Response {
 *   const found = new Found()
 *   found.path = request.path
 *   return json(found, 404)
 * }
 * ```
 */
export function json<T>(value: T, status: i32 = 200): Response {
  return Response.json(JSON.stringify<T>(value), status)
}
