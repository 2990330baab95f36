import { readFile } from 'node:fs/promises'
import { isJsonObject, type Json, type JsonObject } from '../contracts/action/json.ts'
import { type Key, StateKind, type Storage } from '../contracts/extension/extension.ts'
import { MortiseError, reasonOf } from '../errors.ts'
import { http } from '../storages/http.ts'
import { mailFields } from '../storages/mail-fields.ts'
import { matrix } from '../storages/matrix.ts'
import { isSame, rowOf } from './extension-json.ts'

interface StoredRow {
  /** Absent where it stands for all keys. */
  readonly key: JsonObject | undefined
  readonly value: JsonObject
}

/** Rows by entity. */
type Tables = Map<string, readonly StoredRow[]>

/** What keys of storages may have that take a text several times: one after the other, where anything goes, the last would count. */
const keyFields: Readonly<Record<string, Storage<undefined>['keyFields']>> = {
  'sys.Http': http({ allow: [] }).keyFields,
  'sys.SendMail': () => mailFields,
}

const form = /^([^.()]+\.[^.()]+)(?:\(([^()]+)\))?$/

/**
 * Reads what an extension finds on the command line: a kind of state with the rows of a file, which takes all intents.
 *
 * @param path - the file; without one, nothing is there
 * @throws MortiseError `INPUT_INVALID`
 */
export async function readState(path: string | undefined): Promise<StateKind> {
  const all = new Map<string, Tables>(Object.keys(matrix).map((name) => [name, new Map()]))
  if (path !== undefined) {
    for (const [name, rows] of Object.entries(await readObject(path))) {
      const [, storage, entity = ''] = form.exec(name) ?? []
      if (storage === undefined)
        refuse(path, `'${name}' is no storage, such as 'sys.Event' or 'sys.View(app.OrderedItems)'`)
      const tables = all.get(storage) ?? new Map()
      all.set(storage, tables.set(entity, rowsOf(path, name, rows)))
    }
  }
  return new StateKind({
    name: 'CommandLine',
    storages: Object.fromEntries([...all].map(([name, tables]) => [name, storageOf(tables, keyFields[name])])),
    intents: 1000,
  })
}

function storageOf(tables: Tables, fields: Storage<undefined>['keyFields']): Storage<undefined> {
  const rows = ({ entity }: Key): readonly StoredRow[] => tables.get(entity) ?? []
  return {
    get(key) {
      const found = rows(key).find(
        ({ key: own }) => own === undefined || (fits(key, own) && Object.keys(own).length === key.fields.size),
      )
      return found && rowOf({ ...found.key, ...found.value })
    },
    *read(key) {
      for (const { key: own = {}, value } of rows(key).filter((row) => row.key === undefined || fits(key, row.key)))
        yield [rowOf(own), rowOf({ ...own, ...value })]
    },
    ...(fields !== undefined && { keyFields: fields }),
    insert: () => undefined,
    update: () => undefined,
  }
}

const fits = ({ fields }: Key, key: JsonObject): boolean =>
  [...fields].every(([name, value]) => Object.hasOwn(key, name) && isSame(value, key[name]))

function rowsOf(path: string, name: string, rows: Json): readonly StoredRow[] {
  if (isJsonObject(rows)) return [{ key: undefined, value: rows }]
  const list = Array.isArray(rows) ? rows : refuse(path, `'${name}' is neither a row nor a list of rows`)
  return list.map((row: Json) => {
    const { key, value, ...more } = isJsonObject(row) ? row : {}
    if (isJsonObject(key) && isJsonObject(value) && Object.keys(more).length === 0) return { key, value }
    return refuse(
      path,
      `a row of '${name}' is ${JSON.stringify(row).slice(0, 40)}, and not { "key": {…}, "value": {…} }`,
    )
  })
}

async function readObject(path: string): Promise<JsonObject> {
  try {
    const state: unknown = JSON.parse(await readFile(path, 'utf8'))
    return isJsonObject(state) ? state : refuse(path, 'it is not an object')
  } catch (cause) {
    return MortiseError.is(cause) ? Promise.reject(cause) : refuse(path, reasonOf(cause), cause)
  }
}

function refuse(path: string, why: string, cause?: unknown): never {
  throw new MortiseError(
    'INPUT_INVALID',
    `Cannot read the state in '${path}': ${why}. 'mortise run --help' shows one`,
    { cause },
  )
}
