/*
 * What the host keeps for a guest has a number, its handle. Here such a number, plus one, is a reference to a class without fields:
 * it has methods and a type of its own, null is none, and nothing is allocated.
 */

// @ts-ignore: decorator
@inline
export function wrap<T>(handle: i64): T {
  return changetype<T>(<usize>(handle + 1))
}

// @ts-ignore: decorator
@inline
export function handleOf<T>(reference: T): i64 {
  return <i64>changetype<usize>(reference) - 1
}
