/**
 * Internal: what a function returns where nobody looks at it: zero, an empty text, or an object with nothing filled in. It is never null
 * behind a type that says otherwise: a guest that goes on with it would write over its own constants.
 */
export function placeholder<T>(): T {
  if (isString<T>()) {
    return changetype<T>('')
  } else if (isReference<T>()) {
    const size = offsetof<nonnull<T>>()
    const made = __new(size, idof<nonnull<T>>())
    memory.fill(made, 0, size)
    return changetype<T>(made)
  } else {
    return <T>0
  }
}
