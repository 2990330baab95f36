import { begin, room } from '../_room'
import { numbers, text } from '../contract/_abi'
import { Headers, Request, Response } from './index'

/** Headers of the call before: what the host pinned for it stays until here. */
let last: Headers | null = null

/** Internal: begins a call, and makes the request of what the host passed. Headers stay where they are. */
export function request(
  method: usize,
  methodLength: i32,
  uri: usize,
  uriLength: i32,
  headers: usize,
  count: i32,
  body: usize,
  length: i32,
): Request {
  const before = last
  if (before !== null) before._end()
  begin()
  const given = count == 0 ? new Headers() : Headers._given(headers, count)
  last = given
  return new Request(text(method, methodLength), text(uri, uriLength), given, numbers<Uint8Array>(body, length))
}

/** Internal: writes an answer to where the host reads it: status, headers as a list of two texts each, body. */
export function answer(response: Response): usize {
  const headers = response.headers
  const count = headers.length
  const list = room(count, 16, 4)
  for (let i = 0, at = list; i < count; i++, at += 16) {
    put(at, headers.nameAt(i))
    put(at + 8, headers.valueAt(i))
  }
  const area = room(1, 20, 4)
  const status = response.status
  // What 16 bits cannot say is no status either.
  store<u16>(area, <u16>(status < 0 || status > 0xffff ? 0 : status))
  store<usize>(area, list, 4)
  store<i32>(area, count, 8)
  store<usize>(area, response.content.dataStart, 12)
  store<i32>(area, response.content.byteLength, 16)
  return area
}

function put(at: usize, text: string): void {
  store<usize>(at, changetype<usize>(text))
  store<i32>(at, text.length, 4)
}
