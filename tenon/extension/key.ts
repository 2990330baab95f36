import { mark, release } from '../_room'
import { handleOf } from './_handle'
import * as host from './_host'
import { encode, place, size } from './_utf8'
import { Bytes, QName, Text } from './views'

/**
 * The key of a row, as `read` gives it to its callback. It is good until that returns. A field that there is none of, or that has
 * another type, ends the call.
 *
 * @example
 * ```ts
 * import { Key, Storage, Value, keyBuilder, newValue, read } from 'tenon/extension'
 *
 * let latest: i32 = 0
 *
 * export function Latest(): void {
 *   latest = 0
 *   read(keyBuilder(Storage.View, 'example.com/shop.Days'), (key: Key, value: Value) => {
 *     latest = max(latest, key.asInt32('Day'))
 *   })
 *   newValue(keyBuilder(Storage.Result)).putInt32('Latest', latest)
 * }
 * ```
 */
@unmanaged
@final
export class Key {
  asInt32(name: string): i32 {
    const before = mark()
    const field = encode(name)
    const value = host.keyInt32(handleOf(this), place(field), size(field))
    release(before)
    return value
  }

  asInt64(name: string): i64 {
    const before = mark()
    const field = encode(name)
    const value = host.keyInt64(handleOf(this), place(field), size(field))
    release(before)
    return value
  }

  asFloat32(name: string): f32 {
    const before = mark()
    const field = encode(name)
    const value = host.keyFloat32(handleOf(this), place(field), size(field))
    release(before)
    return value
  }

  asFloat64(name: string): f64 {
    const before = mark()
    const field = encode(name)
    const value = host.keyFloat64(handleOf(this), place(field), size(field))
    release(before)
    return value
  }

  asBool(name: string): bool {
    const before = mark()
    const field = encode(name)
    const value = host.keyBool(handleOf(this), place(field), size(field))
    release(before)
    return value != 0
  }

  /** A text, without a copy. */
  asText(name: string): Text {
    return Text.at(this.packedString(name))
  }

  /** A text, as a copy. */
  asString(name: string): string {
    const text = this.packedString(name)
    return String.UTF8.decodeUnsafe(place(text), size(text))
  }

  private packedString(name: string): u64 {
    const before = mark()
    const field = encode(name)
    const text = host.keyString(handleOf(this), place(field), size(field))
    release(before)
    return text
  }

  asBytes(name: string): Bytes {
    const before = mark()
    const field = encode(name)
    const bytes = host.keyBytes(handleOf(this), place(field), size(field))
    release(before)
    return Bytes.at(bytes)
  }

  asQName(name: string): QName {
    const before = mark()
    const field = encode(name)
    const pkg = host.keyQNamePkg(handleOf(this), place(field), size(field))
    const entity = host.keyQNameEntity(handleOf(this), place(field), size(field))
    release(before)
    return QName.at(pkg, entity)
  }
}
