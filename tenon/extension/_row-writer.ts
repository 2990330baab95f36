import { mark, release } from '../_room'
import * as host from './_host'
import { encode, pack, place, size } from './_utf8'
import { Bytes, QName, Text } from './views'

/**
 * Internal: what fields are put into. It is no object but a handle of the host's: twice that, and one more for an intent, which is
 * never null.
 */
@unmanaged
export class RowWriter {
  /** Internal: the handle. */
  @unsafe get handle(): i64 {
    return (<i64>changetype<usize>(this) - 2) >> 1
  }

  private get into(): i32 {
    return <i32>(changetype<usize>(this) & 1)
  }

  putInt32(name: string, value: i32): void {
    const before = mark()
    const field = encode(name)
    host.putInt32(this.handle, this.into, place(field), size(field), value)
    release(before)
  }

  putInt64(name: string, value: i64): void {
    const before = mark()
    const field = encode(name)
    host.putInt64(this.handle, this.into, place(field), size(field), value)
    release(before)
  }

  /** Puts the number of a record; the host knows by its types that it is one. */
  putRecordID(name: string, value: i64): void {
    this.putInt64(name, value)
  }

  putFloat32(name: string, value: f32): void {
    const before = mark()
    const field = encode(name)
    host.putFloat32(this.handle, this.into, place(field), size(field), value)
    release(before)
  }

  putFloat64(name: string, value: f64): void {
    const before = mark()
    const field = encode(name)
    host.putFloat64(this.handle, this.into, place(field), size(field), value)
    release(before)
  }

  putBool(name: string, value: bool): void {
    const before = mark()
    const field = encode(name)
    host.putBool(this.handle, this.into, place(field), size(field), value ? 1 : 0)
    release(before)
  }

  /** @param value - a `string`, or a `Text` as it was read */
  putString<T>(name: string, value: T): void {
    const before = mark()
    const field = encode(name)
    const text = packedText<T>(value)
    host.putString(this.handle, this.into, place(field), size(field), place(text), size(text))
    release(before)
  }

  /** @param value - a `Uint8Array`, or `Bytes` as they were read */
  putBytes<T>(name: string, value: T): void {
    const before = mark()
    const field = encode(name)
    const bytes = packedBytes<T>(value)
    host.putBytes(this.handle, this.into, place(field), size(field), place(bytes), size(bytes))
    release(before)
  }

  putQName(name: string, value: QName): void {
    const before = mark()
    const field = encode(name)
    const pkg = value.packedPkg
    const entity = value.packedEntity
    host.putQName(this.handle, this.into, place(field), size(field), place(pkg), size(pkg), place(entity), size(entity))
    release(before)
  }
}

function packedText<T>(value: T): u64 {
  if (isString<T>()) return encode(changetype<string>(value))
  else if (value instanceof Text) return value.packed
  else ERROR("'putString' takes a string or a Text")
}

function packedBytes<T>(value: T): u64 {
  if (value instanceof Uint8Array) return pack(value.dataStart, value.length)
  else if (value instanceof Bytes) return value.packed
  else ERROR("'putBytes' takes a Uint8Array or Bytes")
}
