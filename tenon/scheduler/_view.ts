import { room } from '../_room'

/** Internal: bytes that the host wrote. What is read of them is read where they lie. */
@unmanaged
export class View {
  /** How many bytes it takes. */
  readonly byteLength: i32
  private readonly place: usize
}

/** Internal: a view of some bytes, which lasts as long as the room that it is in. */
export function viewOf<T>(at: usize, length: i32): T {
  const view = room(1, 8, 8)
  setView(view, at, length)
  return changetype<T>(view)
}

/** Internal: makes a view of some place that is set aside for it. */
// @ts-ignore: decorator
@inline
export function setView(view: usize, at: usize, length: i32): void {
  store<i32>(view, length)
  store<usize>(view, at, 4)
}

/** Internal: where the bytes of a view lie. */
// @ts-ignore: decorator
@inline
export function placeOf<T>(view: T): usize {
  return load<usize>(changetype<usize>(view), 4)
}

/** Internal: how many bytes a view has. */
// @ts-ignore: decorator
@inline
export function lengthOf<T>(view: T): i32 {
  return load<i32>(changetype<usize>(view))
}
