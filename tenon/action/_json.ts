import { JSON } from 'json-as'
import { failed, give, take } from './_text'

/** Internal: takes over the event that the host put in, as an object of the type that `main` asks for. */
export function read<E>(event: usize): E {
  const text = take(event)
  if (isString<E>()) return changetype<E>(text)
  return JSON.parse<E>(text)
}

/** Internal: the address of the result of `main` as JSON. */
export function write<R>(result: R): usize {
  if (failed()) return give(null)
  if (isString<R>()) return changetype<usize>(result)
  if (isReference<R>() && changetype<usize>(result) == 0) return 0
  return changetype<usize>(JSON.stringify<R>(result))
}
