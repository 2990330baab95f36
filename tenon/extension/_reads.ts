import { mark, release } from '../_room'
import { wrap } from './_handle'
import * as host from './_host'
import { Key } from './key'
import { Value } from './value'
import { KeyBuilder } from './writers'

/** What the innermost read under way calls for each row. */
let each: ((key: Key, value: Value) => void) | null = null
let eachWhile: ((key: Key, value: Value) => bool) | null = null
let ended: bool = false

/** Internal: reads rows; a read inside a callback of another one gives its rows to its own callback. */
export function readRows(
  key: KeyBuilder,
  onRow: ((key: Key, value: Value) => void) | null,
  onRowWhile: ((key: Key, value: Value) => bool) | null,
): void {
  const outer = each
  const outerWhile = eachWhile
  const outerEnded = ended
  each = onRow
  eachWhile = onRowWhile
  ended = false
  host.readValues(key.handle)
  each = outer
  eachWhile = outerWhile
  ended = outerEnded
}

/** Internal: Mortise asks this one for each row; anything but 0 ends the read. */
export function mortise_on_read_value(key: i64, value: i64): i32 {
  WasmOnReadValue(key, value)
  return ended ? 1 : 0
}

/** Internal: the reference engine calls this one for each row, and cannot be told to stop. */
export function WasmOnReadValue(key: i64, value: i64): void {
  if (ended) return
  const before = mark()
  const onRow = each
  const onRowWhile = eachWhile
  if (onRow !== null) onRow(wrap<Key>(key), wrap<Value>(value))
  else if (onRowWhile !== null) ended = !onRowWhile(wrap<Key>(key), wrap<Value>(value))
  release(before)
}
