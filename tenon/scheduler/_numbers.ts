import { room } from '../_room'
import * as json from './_json'
import { sizeOf, startOf, utf8 } from './_text'
import { setView } from './_view'

/*
 * Tables of names with a number each, as the host has them in JSON: how many there are, and 16 bytes for each.
 */
let changed: bool = false

/** Internal: where the entry of a name is in such a table; 0 where there is none. */
export function search<T>(table: usize, name: T): usize {
  const packed = utf8<T>(name)
  let at = table + 8
  for (let i = load<i32>(table); i > 0; i--) {
    const length = load<i32>(at)
    if (length == sizeOf(packed) && memory.compare(load<usize>(at, 4), startOf(packed), length) == 0) return at
    at += 16
  }
  return 0
}

/** The shortest that an element of such an object can be: `"":0,`. */
const shortest: i32 = 5

/** Internal: names with numbers, as an object in JSON. */
export function parseNumbers<T>(packed: u64): T {
  const table = room(1, 8 + 16 * (<usize>sizeOf(packed) / shortest + 1), 8)
  let count = 0
  json.open(packed, 'what the host says of nodes')
  json.expect(0x7b)
  for (let at = table + 8; json.another(count == 0, 0x7d); at += 16) {
    const name = json.text()
    setView(at, startOf(name), sizeOf(name))
    json.expect(0x3a)
    store<i64>(at, json.integer(), 8)
    count++
  }
  store<i32>(table, count)
  changed = false
  return changetype<T>(table)
}

/** Internal: whether a score was set since the scores were read. */
export function scoresChanged(): bool {
  return changed
}

/** Internal: a score is set. */
export function setScoresChanged(): void {
  changed = true
}
