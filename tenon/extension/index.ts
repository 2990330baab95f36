import { mark, release } from '../_room'
import { handleOf, wrap } from './_handle'
import * as host from './_host'
import { readRows } from './_reads'
import { encode, place, size } from './_utf8'
import { Key } from './key'
import { Value } from './value'
import { Intent, KeyBuilder } from './writers'

export { Storage } from './storage'
export { Bytes, QName, Text } from './views'
export { Intent, Key, KeyBuilder, Value }

/**
 * Begins a key.
 *
 * @param storage - the storage's name, of {@link Storage} or the host's own
 * @param entity - what in that storage, as `package/path.Entity`, where it holds several things
 * @returns the key, without fields
 * @example
 * ```ts
 * import { Storage, keyBuilder, mustGet, newValue } from 'tenon/extension'
 *
 * export function Name(): void {
 *   const key = keyBuilder(Storage.Record, 'example.com/shop.Customer')
 *   key.putRecordID('ID', 42)
 *   newValue(keyBuilder(Storage.Result)).putString('Name', mustGet(key).asText('Name'))
 * }
 * ```
 */
export function keyBuilder(storage: string, entity: string = ''): KeyBuilder {
  const before = mark()
  const first = encode(storage)
  const second = encode(entity)
  const handle = host.getKey(place(first), size(first), place(second), size(second))
  release(before)
  return changetype<KeyBuilder>(<usize>((handle << 1) + 2))
}

/**
 * Gets the value of a key. The call ends where there is none.
 *
 * @param key - the key, with all the fields that its storage asks for
 * @returns the value
 * @example
 * ```ts
 * import { Storage, keyBuilder, mustGet, newValue } from 'tenon/extension'
 *
 * export function Token(): void {
 *   const key = keyBuilder(Storage.AppSecret)
 *   key.putString('Secret', 'mail')
 *   newValue(keyBuilder(Storage.Result)).putString('Token', mustGet(key).asText(''))
 * }
 * ```
 */
export function mustGet(key: KeyBuilder): Value {
  return wrap<Value>(host.getValue(key.handle))
}

/**
 * Gets the value of a key, if there is one.
 *
 * @param key - the key, with all the fields that its storage asks for
 * @returns the value, or null
 * @example
 * ```ts
 * import { Storage, keyBuilder, newValue, query } from 'tenon/extension'
 *
 * export function IsCustomer(): void {
 *   const key = keyBuilder(Storage.Record)
 *   key.putRecordID('ID', 42)
 *   newValue(keyBuilder(Storage.Result)).putBool('Customer', query(key) !== null)
 * }
 * ```
 */
export function query(key: KeyBuilder): Value | null {
  const handle = host.queryValue(key.handle)
  return handle < 0 ? null : wrap<Value>(handle)
}

/**
 * Reads all rows that a key matches, one after the other. A callback may read other rows itself.
 *
 * @param key - the key, with as many of its fields as should match
 * @param onRow - called with each row's key and value, which are good until it returns
 * @example
 * ```ts
 * import { Key, Storage, Value, keyBuilder, newValue, read } from 'tenon/extension'
 *
 * let total: i64 = 0
 *
 * export function Total(): void {
 *   total = 0
 *   const year = keyBuilder(Storage.View, 'example.com/shop.Days')
 *   year.putInt32('Year', 2026)
 *   read(year, (key: Key, value: Value) => {
 *     total += value.asInt64('Amount')
 *   })
 *   newValue(keyBuilder(Storage.Result)).putInt64('Total', total)
 * }
 * ```
 */
export function read(key: KeyBuilder, onRow: (key: Key, value: Value) => void): void {
  readRows(key, onRow, null)
}

/**
 * Reads rows that a key matches, one after the other, until the callback returns false.
 *
 * The reference engine cannot stop, and goes through the rest of the rows without them reaching the callback.
 *
 * @param key - the key, with as many of its fields as should match
 * @param onRow - called with each row's key and value, which are good until it returns; whether it wants more
 * @example
 * ```ts
 * import { Key, Storage, Value, keyBuilder, newValue, readWhile } from 'tenon/extension'
 *
 * let first: i32 = 0
 *
 * export function First(): void {
 *   first = 0
 *   readWhile(keyBuilder(Storage.View, 'example.com/shop.Days'), (key: Key, value: Value): bool => {
 *     if (value.asInt64('Amount') > 100) first = key.asInt32('Day')
 *     return first == 0
 *   })
 *   newValue(keyBuilder(Storage.Result)).putInt32('First', first)
 * }
 * ```
 */
export function readWhile(key: KeyBuilder, onRow: (key: Key, value: Value) => bool): void {
  readRows(key, null, onRow)
}

/**
 * Intends to write a new value.
 *
 * @param key - what it is the value of
 * @returns the intent, without fields
 * @example
 * ```ts
 * import { Storage, keyBuilder, newValue } from 'tenon/extension'
 *
 * export function Open(): void {
 *   const intent = newValue(keyBuilder(Storage.Record, 'example.com/shop.Order'))
 *   intent.putRecordID('sys.ID', 1)
 *   intent.putFloat64('Discount', 0.1)
 * }
 * ```
 */
export function newValue(key: KeyBuilder): Intent {
  return intent(host.newValue(key.handle))
}

/**
 * Intends to change a value. Fields that are not put keep what is in them.
 *
 * @param key - what it is the value of
 * @param existing - the value as it was read
 * @returns the intent, without fields
 * @example
 * ```ts
 * import { Storage, keyBuilder, mustGet, updateValue } from 'tenon/extension'
 *
 * export function Close(): void {
 *   const key = keyBuilder(Storage.Record)
 *   key.putRecordID('ID', 42)
 *   updateValue(key, mustGet(key)).putBool('Closed', true)
 * }
 * ```
 */
export function updateValue(key: KeyBuilder, existing: Value): Intent {
  return intent(host.updateValue(key.handle, handleOf(existing)))
}

/**
 * Ends the call where a condition does not hold. Nothing of what it intended is written.
 *
 * @param condition - what should hold
 * @param message - what is wrong where it does not; the host's error says `assertion failed: ` and this
 * @example
 * ```ts
 * import { Storage, assert, keyBuilder, mustGet } from 'tenon/extension'
 *
 * export function Check(): void {
 *   const order = mustGet(keyBuilder(Storage.CommandContext)).asValue('ArgumentObject')
 *   assert(order.asInt64('Amount') > 0, 'negative order amount')
 * }
 * ```
 */
export function assert(condition: bool, message: string): void {
  if (!condition) throw new Error('assertion failed: ' + message)
}

// @ts-ignore: decorator
@inline
function intent(handle: i64): Intent {
  return changetype<Intent>(<usize>((handle << 1) + 3))
}
