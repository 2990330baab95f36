import { placeholder } from '../_placeholder'
import { setFailure } from './_text'

export { config } from '../config'
export { log } from '../log'

/**
 * Ends the call with an application error: whoever called gets `{"error":"<message>"}` as the result, whatever `main`
 * returns. The guest keeps its state, unlike after a `throw`, which is a crash. Return at once what it gives back.
 *
 * @typeParam T - what the function that fails returns
 * @param message - what is wrong, for whoever sent the event
 * @returns a placeholder, so that `return fail<T>(…)` fits: an empty text, zero, or an object with nothing filled in
 * @example
 * ```ts
 * import { fail } from 'tenon/action'
 *
 * @json class Order { count: i32 = 0 }
 * @json class Receipt { total: i32 = 0 }
 *
 * export function main(order: Order): Receipt {
 *   if (order.count < 1) return fail<Receipt>('nothing was ordered')
 *   const receipt = new Receipt()
 *   receipt.total = order.count * 5
 *   return receipt
 * }
 * ```
 */
export function fail<T>(message: string): T {
  setFailure(message)
  return placeholder<T>()
}
