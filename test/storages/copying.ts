import assert from 'node:assert/strict'
import type { FieldValue, State, Storage } from 'mortise/extension'
import { key } from '../contracts/extension/mock.ts'

/** Instructions of guests that copy what they read: from `$a` into `$b`, an intent of the storage `test.Out`. */
export const begin = (storage: string, more = ''): string => `
  (local.set $b (call $hostNewValue ${key('test.Out')}))
  (local.set $a (call $hostGetValue ${more === '' ? key(storage) : more}))`

export const readValue = (name: string, from = '(local.get $a)'): string => `(call $hostValueAsValue ${from} '${name}')`

export const at = (index: number, from: string): string => `(call $hostValueGetAsValue ${from} (i32.const ${index}))`

type Kind = 'Int32' | 'Int64' | 'Bool' | 'String' | 'Bytes' | 'QName'

/** Copies a field. @param from - instructions that push the value */
export function copy(kind: Kind, name: string, from = '(local.get $a)', as = name): string {
  const got = `(call $hostValueAs${kind} ${from} '${name}')`
  const put = (value: string): string => `(call $hostRowWriterPut${kind} (local.get $b) (i32.const 1) '${as}' ${value})`
  if (kind === 'Int32' || kind === 'Int64') return put(got)
  if (kind === 'Bool') return put(`(i32.wrap_i64 ${got})`)
  const parts = kind === 'QName' ? ['QNamePkg', 'QNameEntity'] : [kind]
  const texts = parts.map((part) => {
    const text = `(call $hostValueAs${part} ${from} '${name}')`
    return `(call $pointer ${text}) (call $length ${text})`
  })
  return put(texts.join(' '))
}

export const putText = (storageKey: string, name: string, text: string): string =>
  `(call $hostRowWriterPutString ${storageKey} (i32.const 0) '${name}' '${text}')`

/** A storage that takes anything. */
export const out: Storage = { insert: () => undefined }

/** What was put into the only intent of `test.Out`. */
export function copied({ intents }: Pick<State, 'intents'>): Readonly<Record<string, FieldValue>> {
  const [intent, ...more] = intents.filter((one) => one.key.storage === 'test.Out')
  assert.ok(intent !== undefined && more.length === 0, 'there is one intent of test.Out')
  return Object.fromEntries(intent.fields)
}
