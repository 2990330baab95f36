import assert from 'node:assert/strict'
import type { ErrorCode } from 'mortise'
import type { FieldValue, Intent, Key, QName, Row } from 'mortise/extension'
import { schema, type Schema, type SchemaDefinition } from 'mortise/storages'
import type { EventDraft } from 'mortise/storages/sqlite'
import type { OpenOptions, StoreTarget, TestedStore } from './target.ts'

export const definition = {
  records: {
    'app.Order': {
      fields: { Waiter: 'string', Day: 'int32', Total: 'int64', Previous: 'RecordID' },
      containers: { Items: 'app.OrderItem' },
    },
    'app.OrderItem': { fields: { Quantity: 'int32', Price: 'int64' } },
    'app.Settings': { fields: { Name: 'string' }, singleton: true },
    'app.User': {
      fields: { Email: 'string', Country: 'string', Number: 'int32' },
      uniques: [['Email'], ['Country', 'Number']],
    },
    'app.Everything': {
      fields: {
        I32: 'int32',
        I64: 'int64',
        F32: 'float32',
        F64: 'float64',
        Bool: 'bool',
        Text: 'string',
        Bytes: 'bytes',
        Name: 'QName',
        Ref: 'RecordID',
      },
    },
  },
  views: {
    'app.Amounts': {
      partition: { Year: 'int32' },
      clustering: { Month: 'int32', Day: 'int32' },
      value: { Amount: 'int64', Note: 'string' },
    },
    'app.Names': {
      partition: { P: 'bool' },
      clustering: { Name: 'string', Type: 'QName', Bin: 'bytes', Big: 'int64' },
    },
  },
} as const satisfies SchemaDefinition

export const types = schema(definition)
export type Fields = Readonly<Record<string, FieldValue>>

export const key = (storage: string, entity: string, fields: Fields = {}): Key => ({
  storage,
  entity,
  fields: new Map(Object.entries(fields)),
})
export const recordKey = (entity: string, fields: Fields = {}): Key => key('sys.Record', entity, fields)
export const viewKey = (entity: string, fields: Fields = {}): Key => key('sys.View', entity, fields)
export const insert = (at: Key, fields: Fields = {}): Intent => ({
  operation: 'insert',
  key: at,
  row: undefined,
  fields: new Map(Object.entries(fields)),
})
export const update = (at: Key, row: Row | undefined, fields: Fields): Intent => ({
  operation: 'update',
  key: at,
  row,
  fields: new Map(Object.entries(fields)),
})
export const amount = (year: number, month: number, day: number, fields: Fields): Intent =>
  insert(viewKey('app.Amounts', { Year: year, Month: month, Day: day }), fields)
export const name = (entity: string): QName => ({ pkg: 'app', entity })
export const field = (row: Row | undefined, wanted: string): FieldValue | undefined => {
  assert.ok(typeof row === 'object' && !Array.isArray(row) && !('read' in row), 'a row of fields')
  return Object.entries(row).find(([known]) => known === wanted)?.[1]
}
export const draft = (extra: Partial<EventDraft> = {}): EventDraft => ({
  workspace: 1n,
  name: name('NewOrder'),
  ...extra,
})
export const code =
  (wanted: ErrorCode, text = /./) =>
  (thrown: unknown) => {
    assert.ok(thrown instanceof Error, String(thrown))
    assert.ok('code' in thrown && thrown.code === wanted, thrown.stack ?? thrown.message)
    assert.match(thrown.message, text)
    return true
  }

/** What a projector writes that reads nothing. */
export function* writing(intents: readonly Intent[]): Generator<never, readonly Intent[], Row | undefined> {
  yield* []
  return intents
}

/** A store of its own, which is gone with the stack. */
export async function fresh(
  target: StoreTarget,
  given: Schema = types,
  options?: OpenOptions,
): Promise<{ readonly stack: AsyncDisposableStack; readonly store: TestedStore }> {
  const stack = new AsyncDisposableStack()
  const place = stack.use(await target.place())
  return { stack, store: stack.use(await place.open(given, options)) }
}
