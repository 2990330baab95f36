import { RowWriter } from './_row-writer'

/**
 * A key that is being put together, made by `keyBuilder`. It has `putInt32`, `putInt64`, `putRecordID`, `putFloat32`, `putFloat64`,
 * `putBool`, `putString`, `putBytes` and `putQName`, each with a field's name and its value.
 *
 * @example
 * ```ts
 * import { KeyBuilder, Storage, keyBuilder, mustGet, newValue } from 'tenon/extension'
 *
 * function record(id: i64): KeyBuilder {
 *   const key = keyBuilder(Storage.Record)
 *   key.putRecordID('ID', id)
 *   return key
 * }
 *
 * export function Copy(): void {
 *   newValue(keyBuilder(Storage.Result)).putString('Name', mustGet(record(42)).asText('Name'))
 * }
 * ```
 */
@unmanaged
@final
export class KeyBuilder extends RowWriter {}

/**
 * Something that the extension wants to be written, made by `newValue` and `updateValue`. It has the methods of a `KeyBuilder`.
 * The host writes it after the extension returned, with all other intents of the call or not at all.
 *
 * @example
 * ```ts
 * import { Intent, Storage, keyBuilder, newValue } from 'tenon/extension'
 *
 * function log(level: i32, message: string): void {
 *   const key = keyBuilder(Storage.Logger)
 *   key.putInt32('LogLevel', level)
 *   const intent: Intent = newValue(key)
 *   intent.putString('Message', message)
 * }
 *
 * export function Greet(): void {
 *   log(3, 'hello')
 * }
 * ```
 */
@unmanaged
@final
export class Intent extends RowWriter {}
