import { quote } from '../_string'

let failure: string | null = null

/** Internal: the marker by which a host knows the contract and its version. */
export function action_abi_1(): void {}

/** Internal: remembers the message of `fail` until the call ends. */
export function setFailure(message: string): void {
  failure = message
}

/** Internal: takes over the event that the host put in, and begins the call. */
export function take(event: usize): string {
  failure = null
  // This collector only runs when it is told to, and between two calls is the one time when no reference is on the stack.
  if (ASC_RUNTIME == 1) __collect()
  const text = changetype<string>(event)
  __unpin(event)
  return text
}

/** Internal: begins the call of a `main` that takes no event. */
export function skip(event: usize): void {
  take(event)
}

/** Internal: the address of the result of a `main` that returns text: JSON, or null for none. */
export function give(result: string | null): usize {
  const message = failure
  return changetype<usize>(message === null ? result : '{"error":' + quote(message) + '}')
}

/** Internal: whether `fail` was called. */
export function failed(): bool {
  return failure !== null
}

/** Internal: the result of a `main` that returns nothing. */
export function nothing(): usize {
  return give(null)
}
