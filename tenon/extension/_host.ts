/*
 * The functions of ABI 0.0.1 of the reference engine. Handles are i64. A result of u64 is where the host put bytes: the address in
 * the upper half, how many in the lower one. `into` is 0 for a key builder and 1 for an intent.
 */

// prettier-ignore
@external('env', 'hostGetKey') export declare function getKey(storage: usize, storageLength: i32, entity: usize, entityLength: i32): i64
@external('env', 'hostGetValue') export declare function getValue(key: i64): i64
@external('env', 'hostQueryValue') export declare function queryValue(key: i64): i64
@external('env', 'hostReadValues') export declare function readValues(key: i64): void
@external('env', 'hostNewValue') export declare function newValue(key: i64): i64
@external('env', 'hostUpdateValue') export declare function updateValue(key: i64, value: i64): i64
@external('env', 'hostValueLength') export declare function valueLength(value: i64): i32

@external('env', 'hostKeyAsString') export declare function keyString(key: i64, name: usize, length: i32): u64
@external('env', 'hostKeyAsBytes') export declare function keyBytes(key: i64, name: usize, length: i32): u64
@external('env', 'hostKeyAsInt32') export declare function keyInt32(key: i64, name: usize, length: i32): i32
@external('env', 'hostKeyAsInt64') export declare function keyInt64(key: i64, name: usize, length: i32): i64
@external('env', 'hostKeyAsFloat32') export declare function keyFloat32(key: i64, name: usize, length: i32): f32
@external('env', 'hostKeyAsFloat64') export declare function keyFloat64(key: i64, name: usize, length: i32): f64
@external('env', 'hostKeyAsBool') export declare function keyBool(key: i64, name: usize, length: i32): i64
@external('env', 'hostKeyAsQNamePkg') export declare function keyQNamePkg(key: i64, name: usize, length: i32): u64
@external('env', 'hostKeyAsQNameEntity') export declare function keyQNameEntity(key: i64, name: usize, length: i32): u64

@external('env', 'hostValueAsString') export declare function valueString(value: i64, name: usize, length: i32): u64
@external('env', 'hostValueAsBytes') export declare function valueBytes(value: i64, name: usize, length: i32): u64
@external('env', 'hostValueAsInt32') export declare function valueInt32(value: i64, name: usize, length: i32): i32
@external('env', 'hostValueAsInt64') export declare function valueInt64(value: i64, name: usize, length: i32): i64
@external('env', 'hostValueAsFloat32') export declare function valueFloat32(value: i64, name: usize, length: i32): f32
@external('env', 'hostValueAsFloat64') export declare function valueFloat64(value: i64, name: usize, length: i32): f64
@external('env', 'hostValueAsBool') export declare function valueBool(value: i64, name: usize, length: i32): i64
@external('env', 'hostValueAsQNamePkg') export declare function valueQNamePkg(value: i64, name: usize, length: i32): u64
@external('env', 'hostValueAsQNameEntity') export declare function valueQNameEntity(value: i64, name: usize, length: i32): u64
@external('env', 'hostValueAsValue') export declare function valueValue(value: i64, name: usize, length: i32): i64

@external('env', 'hostValueGetAsString') export declare function elementString(value: i64, index: i32): u64
@external('env', 'hostValueGetAsBytes') export declare function elementBytes(value: i64, index: i32): u64
@external('env', 'hostValueGetAsInt32') export declare function elementInt32(value: i64, index: i32): i32
@external('env', 'hostValueGetAsInt64') export declare function elementInt64(value: i64, index: i32): i64
@external('env', 'hostValueGetAsFloat32') export declare function elementFloat32(value: i64, index: i32): f32
@external('env', 'hostValueGetAsFloat64') export declare function elementFloat64(value: i64, index: i32): f64
@external('env', 'hostValueGetAsBool') export declare function elementBool(value: i64, index: i32): i64
@external('env', 'hostValueGetAsQNamePkg') export declare function elementQNamePkg(value: i64, index: i32): u64
@external('env', 'hostValueGetAsQNameEntity') export declare function elementQNameEntity(value: i64, index: i32): u64
@external('env', 'hostValueGetAsValue') export declare function elementValue(value: i64, index: i32): i64

@external('env', 'hostRowWriterPutString') export declare function putString(row: i64, into: i32, name: usize, length: i32, at: usize, size: i32): void
@external('env', 'hostRowWriterPutBytes') export declare function putBytes(row: i64, into: i32, name: usize, length: i32, at: usize, size: i32): void
@external('env', 'hostRowWriterPutInt32') export declare function putInt32(row: i64, into: i32, name: usize, length: i32, value: i32): void
@external('env', 'hostRowWriterPutInt64') export declare function putInt64(row: i64, into: i32, name: usize, length: i32, value: i64): void
@external('env', 'hostRowWriterPutFloat32') export declare function putFloat32(row: i64, into: i32, name: usize, length: i32, value: f32): void
@external('env', 'hostRowWriterPutFloat64') export declare function putFloat64(row: i64, into: i32, name: usize, length: i32, value: f64): void
@external('env', 'hostRowWriterPutBool') export declare function putBool(row: i64, into: i32, name: usize, length: i32, value: i32): void
@external('env', 'hostRowWriterPutQName') export declare function putQName(row: i64, into: i32, name: usize, length: i32, pkg: usize, pkgLength: i32, entity: usize, entityLength: i32): void
