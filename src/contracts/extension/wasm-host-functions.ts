import type { AnyFunction } from '../../contract.ts'
import { type FieldKind, type FieldValue, listLength, readings, type Reading } from './fields.ts'
import type { Calls } from './wasm-calls.ts'
import { fullPackage, localPackage } from './wasm-packages.ts'
import type { Read } from './wasm-values.ts'
import type { ShimFunctions } from './wasm-shim.ts'

/** The 44 functions as JavaScript has them on the host's side of the shim, for one instance. */
export function extensionFunctions(calls: Calls): Readonly<Record<string, AnyFunction>> {
  const { names, keyBuilders, values, intents, reads, waits } = calls
  const shim: ShimFunctions = {
    nextRow: () => reads.next(),
    rowValue: () => reads.value,
    stopRows: () => reads.stop(),
    wait: waits.wait,
    resume: waits.resume,
  }
  return {
    ...shim,
    hostGetKey: (storage: number, storageLength: number, entity: number, entityLength: number) =>
      keyBuilders.begin(
        names.name(storage, storageLength),
        entityLength === 0 ? undefined : names.name(entity, entityLength),
      ),
    hostGetValue: (key: number) => values.ask(keyBuilders.read(key), true),
    hostQueryValue: (key: number) => values.ask(keyBuilders.read(key), false),
    hostReadValues: (key: number) => reads.begin(keyBuilders.read(key)),
    hostNewValue: (key: number) => intents.begin(keyBuilders.write(key), undefined),
    hostUpdateValue: (key: number, value: number) =>
      intents.begin(keyBuilders.write(key), values.handles.get(value).row),
    hostValueLength: (value: number) => listLength(values.handles.get(value).row),
    ...readers('hostKeyAs', calls, (handle) => calls.keys.get(handle)),
    ...readers('hostValueAs', calls, (handle) => values.handles.get(handle)),
    ...elementReaders(calls),
    ...writers(calls),
  }
}

/** Reads one kind of field of a row, as the guest gets it. */
type Read1 = (of: Read, at: number, length: number) => number | bigint

function readers(prefix: string, calls: Calls, rowOf: (handle: number) => Read): Readonly<Record<string, AnyFunction>> {
  const field =
    <T>(reading: Reading<T>) =>
    (of: Read, pointer: number, length: number): T =>
      calls.values.field(of, calls.names.text(pointer, length), reading)
  return named(prefix, forms(calls, field), rowOf)
}

function elementReaders(calls: Calls): Readonly<Record<string, AnyFunction>> {
  const element =
    <T>(reading: Reading<T>) =>
    (of: Read, index: number): T =>
      calls.values.element(of, index, reading)
  return named('hostValueGetAs', forms(calls, element), (handle) => calls.values.handles.get(handle))
}

function named(
  prefix: string,
  all: Readonly<Record<string, Read1>>,
  rowOf: (handle: number) => Read,
): Readonly<Record<string, AnyFunction>> {
  return Object.fromEntries(
    Object.entries(all).map(([kind, read]) => [
      `${prefix}${kind}`,
      (handle: number, at: number, length: number) => read(rowOf(handle), at, length),
    ]),
  )
}

/** What a guest reads, by the word for it in the functions' names. */
function forms(
  calls: Calls,
  get: <T>(reading: Reading<T>) => (of: Read, at: number, length: number) => T,
): Readonly<Record<string, Read1>> {
  const text = get(readings.string)
  const bytes = get(readings.bytes)
  const bool = get(readings.bool)
  const qname = get(readings.QName)
  const value = get(readings.value)
  return {
    Int32: get(readings.int32),
    Int64: get(readings.int64),
    Float32: get(readings.float32),
    Float64: get(readings.float64),
    String: (of, at, length) => calls.exchange.text(text(of, at, length)),
    Bytes: (of, at, length) => calls.exchange.bytes(bytes(of, at, length)),
    Bool: (of, at, length) => (bool(of, at, length) ? 1 : 0),
    QNamePkg: (of, at, length) => calls.exchange.text(fullPackage(calls.call.state.kind, qname(of, at, length).pkg)),
    QNameEntity: (of, at, length) => calls.exchange.text(qname(of, at, length).entity),
    Value: (of, at, length) => calls.values.nested(value(of, at, length), of),
  }
}

function writers(calls: Calls): Readonly<Record<string, AnyFunction>> {
  const { call, names, keyBuilders, intents } = calls
  /** Puts a field into a key builder (`target` 0) or an intent. */
  const put = (
    handle: number,
    target: number,
    kind: FieldKind,
    name: string,
    value: FieldValue,
    bytes: number,
  ): void => {
    call.write(bytes)
    if (target === 0) keyBuilders.put(handle, kind, name, value)
    else intents.put(handle, kind, name, value, bytes)
  }
  const scalar =
    (kind: FieldKind) =>
    (handle: number, target: number, name: number, length: number, value: number | bigint): void =>
      put(handle, target, kind, names.text(name, length), value, length + 8)
  return {
    hostRowWriterPutInt32: scalar('int32'),
    hostRowWriterPutInt64: scalar('int64'),
    hostRowWriterPutFloat32: scalar('float32'),
    hostRowWriterPutFloat64: scalar('float64'),
    hostRowWriterPutBool: (handle: number, target: number, name: number, length: number, value: number) =>
      put(handle, target, 'bool', names.text(name, length), value > 0, length + 1),
    hostRowWriterPutString: (
      handle: number,
      target: number,
      name: number,
      length: number,
      at: number,
      size: number,
    ) => {
      const text = names.text(at, size)
      put(handle, target, 'string', names.text(name, length), text, length + size)
    },
    hostRowWriterPutBytes: (handle: number, target: number, name: number, length: number, at: number, size: number) => {
      const bytes = calls.memory.readBytes(at, size)
      put(handle, target, 'bytes', names.text(name, length), bytes, length + size)
    },
    hostRowWriterPutQName: (
      handle: number,
      target: number,
      name: number,
      length: number,
      pkg: number,
      pkgLength: number,
      entity: number,
      entityLength: number,
    ) => {
      const value = {
        pkg: localPackage(call.state.kind, names.text(pkg, pkgLength)),
        entity: names.text(entity, entityLength),
      }
      put(handle, target, 'QName', names.text(name, length), value, length + pkgLength + entityLength)
    },
  }
}
