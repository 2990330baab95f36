import type { FieldTypes, FieldValue } from '../contracts/extension/fields.ts'
import type { State } from '../contracts/extension/state.ts'
import type { Storage } from '../contracts/extension/storage.ts'
import type { QueryContext } from './query-context.ts'

/** `sys.Result` of commands: one object. Whoever begins it again goes on with it. */
export const commandResult: Storage<{ readonly result?: FieldTypes }> = {
  keyFields: () => ({}),
  insert: (_key, { result }) => result,
}

/** `sys.Result` of queries: rows, each handed on while the guest goes on with the next. */
export const queryResult: Storage<QueryContext> = {
  keyFields: () => ({}),
  insert: (_key, { result }) => result,
  emit: ({ fields }, { onRow }) => onRow(Object.fromEntries(fields)),
}

/** The result of a command, of a state that was not applied yet; `undefined` where the command gave none. */
export function resultOf({ intents }: Pick<State, 'intents'>): Readonly<Record<string, FieldValue>> | undefined {
  const results = intents.filter(({ key }) => key.storage === 'sys.Result')
  const fields = new Map<string, FieldValue>()
  for (const result of results) for (const [name, value] of result.fields) fields.set(name, value)
  return results.length === 0 ? undefined : Object.fromEntries(fields)
}
