import { Bytes, QName, Text } from './views'

/**
 * Ends the call where a number is not the expected one, as `equalInt64`, `equalFloat32` and the others of this module do for theirs.
 * They are for extensions that test a host.
 *
 * @param expected - what it should be
 * @param actual - what it is
 * @example
 * ```ts
 * import { Storage, keyBuilder, mustGet } from 'tenon/extension'
 * import { equalInt32 } from 'tenon/extension/require'
 *
 * export function Test(): void {
 *   equalInt32(3, mustGet(keyBuilder(Storage.Event)).asValue('CUDs').length)
 * }
 * ```
 */
export function equalInt32(expected: i32, actual: i32): void {
  if (expected != actual) fail('Int32', expected.toString(), actual.toString())
}

/**
 * Ends the call where a number is not the expected one.
 *
 * @param expected - what it should be
 * @param actual - what it is
 * @example
 * ```ts
 * import { Storage, keyBuilder, mustGet } from 'tenon/extension'
 * import { equalInt64 } from 'tenon/extension/require'
 *
 * export function Test(): void {
 *   equalInt64(i64.MAX_VALUE, mustGet(keyBuilder(Storage.Event)).asInt64('WLogOffset'))
 * }
 * ```
 */
export function equalInt64(expected: i64, actual: i64): void {
  if (expected != actual) fail('Int64', expected.toString(), actual.toString())
}

/**
 * Ends the call where a number is not the expected one, give or take 0.00001.
 *
 * @param expected - what it should be
 * @param actual - what it is
 * @example
 * ```ts
 * import { Storage, keyBuilder, mustGet } from 'tenon/extension'
 * import { equalFloat32 } from 'tenon/extension/require'
 *
 * export function Test(): void {
 *   equalFloat32(0.5, mustGet(keyBuilder(Storage.Event)).asFloat32('Share'))
 * }
 * ```
 */
export function equalFloat32(expected: f32, actual: f32): void {
  if (!(abs(expected - actual) < tolerance)) fail('Float32', expected.toString(), actual.toString())
}

/**
 * Ends the call where a number is not the expected one, give or take 0.00001.
 *
 * @param expected - what it should be
 * @param actual - what it is
 * @example
 * ```ts
 * import { Storage, keyBuilder, mustGet } from 'tenon/extension'
 * import { equalFloat64 } from 'tenon/extension/require'
 *
 * export function Test(): void {
 *   equalFloat64(0.5, mustGet(keyBuilder(Storage.Event)).asFloat64('Share'))
 * }
 * ```
 */
export function equalFloat64(expected: f64, actual: f64): void {
  if (!(abs(expected - actual) < tolerance)) fail('Float64', expected.toString(), actual.toString())
}

/**
 * Ends the call where a condition is not the expected one.
 *
 * @param expected - what it should be
 * @param actual - what it is
 * @example
 * ```ts
 * import { Storage, keyBuilder, mustGet } from 'tenon/extension'
 * import { equalBool } from 'tenon/extension/require'
 *
 * export function Test(): void {
 *   equalBool(true, mustGet(keyBuilder(Storage.Event)).asBool('Synced'))
 * }
 * ```
 */
export function equalBool(expected: bool, actual: bool): void {
  if (expected != actual) fail('Bool', expected.toString(), actual.toString())
}

/**
 * Ends the call where a text is not the expected one.
 *
 * @param expected - what it should be
 * @param actual - what it is
 * @example
 * ```ts
 * import { Storage, keyBuilder, mustGet } from 'tenon/extension'
 * import { equalString } from 'tenon/extension/require'
 *
 * export function Test(): void {
 *   equalString('Mike', mustGet(keyBuilder(Storage.RequestSubject)).asText('Name'))
 * }
 * ```
 */
export function equalString(expected: string, actual: Text): void {
  if (!actual.equals(expected))
    throw new Error('Strings not equal. Expected: [' + expected + '] but got [' + actual.toString() + ']')
}

/**
 * Ends the call where bytes are not the expected ones.
 *
 * @param expected - what they should be
 * @param actual - what they are
 * @example
 * ```ts
 * import { Storage, keyBuilder, mustGet } from 'tenon/extension'
 * import { equalBytes } from 'tenon/extension/require'
 *
 * export function Test(): void {
 *   equalBytes([1, 2, 3], mustGet(keyBuilder(Storage.Event)).asBytes('Body'))
 * }
 * ```
 */
export function equalBytes(expected: u8[], actual: Bytes): void {
  if (expected.length != actual.length) throw new Error('Byte array lengths not equal')
  for (let i = 0; i < expected.length; i++) {
    if (expected[i] != actual[i]) throw new Error('Byte arrays not equal')
  }
}

/**
 * Ends the call where a qualified name is not the expected one.
 *
 * @param pkg - the full path of the package that it should be in
 * @param entity - what it should be called there
 * @param actual - what it is
 * @example
 * ```ts
 * import { Storage, keyBuilder, mustGet } from 'tenon/extension'
 * import { equalQName } from 'tenon/extension/require'
 *
 * export function Test(): void {
 *   equalQName('example.com/shop', 'Order', mustGet(keyBuilder(Storage.Event)).asQName('QName'))
 * }
 * ```
 */
export function equalQName(pkg: string, entity: string, actual: QName): void {
  if (!actual.equals(pkg, entity)) fail('QName', pkg + '.' + entity, actual.toString())
}

const tolerance = 0.00001

function fail(what: string, expected: string, actual: string): void {
  throw new Error(what + ' not equal. Expected: ' + expected + ' but got ' + actual)
}
