import { mark, release } from '../_room'
import { handleOf, wrap } from './_handle'
import * as host from './_host'
import { encode, place, size } from './_utf8'
import { Bytes, QName, Text } from './views'

/**
 * A value that was read: a row by the names of its fields, or a list by the numbers of its elements. A field that there is none of,
 * or that has another type, ends the call.
 *
 * @example
 * ```ts
 * import { Storage, keyBuilder, mustGet, newValue } from 'tenon/extension'
 *
 * export function Total(): void {
 *   const items = mustGet(keyBuilder(Storage.CommandContext)).asValue('ArgumentObject').asValue('Items')
 *   let total: i64 = 0
 *   for (let i = 0; i < items.length; i++) total += items.getAsValue(i).asInt64('Price')
 *   newValue(keyBuilder(Storage.Result)).putInt64('Total', total)
 * }
 * ```
 */
@unmanaged
@final
export class Value {
  /** How many elements it has, where it is a list. */
  get length(): i32 {
    return host.valueLength(handleOf(this))
  }

  asInt32(name: string): i32 {
    const before = mark()
    const field = encode(name)
    const value = host.valueInt32(handleOf(this), place(field), size(field))
    release(before)
    return value
  }

  asInt64(name: string): i64 {
    const before = mark()
    const field = encode(name)
    const value = host.valueInt64(handleOf(this), place(field), size(field))
    release(before)
    return value
  }

  asFloat32(name: string): f32 {
    const before = mark()
    const field = encode(name)
    const value = host.valueFloat32(handleOf(this), place(field), size(field))
    release(before)
    return value
  }

  asFloat64(name: string): f64 {
    const before = mark()
    const field = encode(name)
    const value = host.valueFloat64(handleOf(this), place(field), size(field))
    release(before)
    return value
  }

  asBool(name: string): bool {
    const before = mark()
    const field = encode(name)
    const value = host.valueBool(handleOf(this), place(field), size(field))
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
    const text = host.valueString(handleOf(this), place(field), size(field))
    release(before)
    return text
  }

  asBytes(name: string): Bytes {
    const before = mark()
    const field = encode(name)
    const bytes = host.valueBytes(handleOf(this), place(field), size(field))
    release(before)
    return Bytes.at(bytes)
  }

  asQName(name: string): QName {
    const before = mark()
    const field = encode(name)
    const pkg = host.valueQNamePkg(handleOf(this), place(field), size(field))
    const entity = host.valueQNameEntity(handleOf(this), place(field), size(field))
    release(before)
    return QName.at(pkg, entity)
  }

  /** A row or a list inside it. */
  asValue(name: string): Value {
    const before = mark()
    const field = encode(name)
    const value = host.valueValue(handleOf(this), place(field), size(field))
    release(before)
    return wrap<Value>(value)
  }

  getAsInt32(index: i32): i32 {
    return host.elementInt32(handleOf(this), index)
  }

  getAsInt64(index: i32): i64 {
    return host.elementInt64(handleOf(this), index)
  }

  getAsFloat32(index: i32): f32 {
    return host.elementFloat32(handleOf(this), index)
  }

  getAsFloat64(index: i32): f64 {
    return host.elementFloat64(handleOf(this), index)
  }

  getAsBool(index: i32): bool {
    return host.elementBool(handleOf(this), index) != 0
  }

  /** A text, without a copy. */
  getAsText(index: i32): Text {
    return Text.at(host.elementString(handleOf(this), index))
  }

  /** A text, as a copy. */
  getAsString(index: i32): string {
    const text = host.elementString(handleOf(this), index)
    return String.UTF8.decodeUnsafe(place(text), size(text))
  }

  getAsBytes(index: i32): Bytes {
    return Bytes.at(host.elementBytes(handleOf(this), index))
  }

  getAsQName(index: i32): QName {
    const pkg = host.elementQNamePkg(handleOf(this), index)
    return QName.at(pkg, host.elementQNameEntity(handleOf(this), index))
  }

  /** A row or a list inside it. */
  getAsValue(index: i32): Value {
    return wrap<Value>(host.elementValue(handleOf(this), index))
  }
}
