import { Intent, Key, QName, Storage, Value, keyBuilder, mustGet, newValue, query, read, updateValue } from 'tenon/extension'

/** Uses all of the ABI: fields of every kind, put and read by name and by index. */
export function Everything(): void {
  const key = keyBuilder(Storage.View, 'example.com/shop.All')
  key.putInt32('i32', i32.MIN_VALUE)
  key.putInt64('i64', i64.MIN_VALUE)
  key.putRecordID('id', i64.MAX_VALUE)
  key.putFloat32('f32', 1.5)
  key.putFloat64('f64', -0.1)
  key.putBool('yes', true)
  key.putBool('no', false)
  key.putString('text', 'Ünïcødé 日本 😀')
  key.putBytes('bytes', three())
  key.putQName('name', QName.of('example.com/päckage', 'Entité'))
  const value = mustGet(key)
  if (query(key) !== null) copy(updateValue(key, value), value)
  read(key, (found: Key, each: Value) => {
    copyKey(newValue(keyBuilder(Storage.Result)), found)
  })
  const items = value.asValue('list')
  const intent = newValue(keyBuilder(Storage.Result))
  intent.putInt32('length', items.length)
  intent.putInt32('i32', items.getAsInt32(0))
  intent.putInt64('i64', items.getAsInt64(1))
  intent.putFloat32('f32', items.getAsFloat32(2))
  intent.putFloat64('f64', items.getAsFloat64(3))
  intent.putBool('yes', items.getAsBool(4))
  intent.putString('text', items.getAsText(5))
  intent.putString('copy', items.getAsString(5))
  intent.putBytes('bytes', items.getAsBytes(6))
  intent.putQName('name', items.getAsQName(7))
  intent.putBool('inner', items.getAsValue(8).asBool('no'))
}

function copy(to: Intent, from: Value): void {
  to.putInt32('i32', from.asInt32('i32'))
  to.putInt64('i64', from.asInt64('i64'))
  to.putFloat32('f32', from.asFloat32('f32'))
  to.putFloat64('f64', from.asFloat64('f64'))
  to.putBool('yes', from.asBool('yes'))
  to.putString('text', from.asText('text'))
  to.putString('copy', from.asString('text'))
  to.putBytes('bytes', from.asBytes('bytes'))
  to.putBytes('array', from.asBytes('bytes').toArray())
  to.putQName('name', from.asQName('name'))
  to.putString('said', from.asQName('name').toString())
}

function copyKey(to: Intent, from: Key): void {
  to.putInt32('i32', from.asInt32('i32'))
  to.putInt64('i64', from.asInt64('i64'))
  to.putFloat32('f32', from.asFloat32('f32'))
  to.putFloat64('f64', from.asFloat64('f64'))
  to.putBool('yes', from.asBool('yes'))
  to.putString('text', from.asText('text'))
  to.putString('copy', from.asString('text'))
  to.putBytes('bytes', from.asBytes('bytes'))
  to.putBytes('array', from.asBytes('bytes').toArray())
  to.putQName('name', from.asQName('name'))
  to.putString('said', from.asQName('name').toString())
}

function three(): Uint8Array {
  const bytes = new Uint8Array(3)
  bytes[1] = 255
  bytes[2] = 1
  return bytes
}
