import { GuestFault } from '../../fault.ts'
import type { Instance } from '../../runtime.ts'
import type { AsyncGuard, Guard } from '../../units.ts'
import type { HttpResponse } from './http.ts'

/** Bytes that the body of a response may have, where the guest itself is not held to fewer. */
export const longestBody: number = 16 * 2 ** 20

const token = /^[\w!#$%&'*+\-.^`|~]+$/
// oxlint-disable-next-line no-control-regex -- control characters are what ends a header
const unprintable = /[\u0000-\u0008\u000a-\u001f\u007f]|[^\u0000-\u00ff]/
const withoutBody: ReadonlySet<number> = new Set([204, 205, 304])

/** Looks whether a server can send a response as it is: `GUEST_RESULT` where it can't. */
export function checkResponse({ status, headers, body }: HttpResponse): void {
  if (!(status >= 200 && status <= 599)) refuse(`the status ${status}, and the last status of an answer is 200 to 599`)
  for (const [name, value] of headers) {
    if (!token.test(name)) refuse(`a header whose name HTTP does not allow: ${JSON.stringify(name.slice(0, 60))}`)
    if (unprintable.test(value)) refuse(`a header '${name}' with characters that HTTP does not allow`)
  }
  if (body.length > 0 && withoutBody.has(status)) refuse(`a body, and an answer with the status ${status} has none`)
}

function refuse(what: string): never {
  throw new GuestFault('GUEST_RESULT', `it answered with ${what}`)
}

/** An instance whose guard looks at what hooks answer before it leaves: a guest that answers wrongly has failed. */
export function checkingResponses(instance: Instance<'wasm'>): Instance<'wasm'> {
  const checking: Guard = (name, hook) => instance.guard(name, checked(hook))
  const { exported, suspending } = instance.guard
  const guard = Object.assign(checking, { exported, suspending })
  const { unit, ready, stale, calls } = instance
  return { unit, ready, stale, calls, guard, restore: () => instance.restore(), close: () => instance.close() }
}

/** The same of a process. */
export function checkingAnswers(instance: Instance<'process'>): Instance<'process'> {
  const guard: AsyncGuard = (name, hook) => instance.guard(name, checkedLater(hook))
  const { unit, ready, stale, calls } = instance
  return { unit, ready, stale, calls, guard, restore: () => instance.restore(), close: () => instance.close() }
}

/** Every hook of the contract takes a request and gives a response, which the overload says to a guard that takes any. */
function checked<A extends unknown[], R>(hook: (...args: A) => R): (...args: A) => R
function checked(hook: (request: unknown) => HttpResponse): (request: unknown) => HttpResponse {
  return (request) => {
    const response = hook(request)
    checkResponse(response)
    return response
  }
}

function checkedLater<A extends unknown[], R>(hook: (...args: A) => Promise<R>): (...args: A) => Promise<R>
function checkedLater(hook: (request: unknown) => Promise<HttpResponse>): (request: unknown) => Promise<HttpResponse> {
  return async (request) => {
    const response = await hook(request)
    checkResponse(response)
    return response
  }
}
