import type { LogLine } from '../../../storages/logger.ts'
import type { Response } from '../../../storages/response.ts'
import type { MortiseError } from '../../../errors.ts'
import { isQName, type Row } from '../fields.ts'
import type { Intent } from '../storage.ts'
import type { FederationRequest } from './federation.ts'
import type { Fields } from './given.ts'
import type { HttpRequest } from './http.ts'

/** Something that an extension wants to be written, as a test compares it. Integers of 64 bits are bigints. */
export interface TestIntent {
  readonly operation: 'insert' | 'update'
  /** The storage, with the entity if there is one: `sys.View(app.OrderedItems)`. Of a record that is updated, its type. */
  readonly target: string
  readonly key: Fields
  /** What the extension put into it; an update says nothing of the fields that stay. */
  readonly fields: Fields
}

/** What came of a call. */
export interface Outcome {
  /** What is to be written, in the order of the extension. Result, response and log are not in here. */
  readonly intents: readonly TestIntent[]
  /** The rows of `sys.Result`; a command has one at most. */
  readonly results: readonly Fields[]
  readonly response: Response
  readonly logs: readonly LogLine[]
  /** What was asked of servers. */
  readonly requests: readonly HttpRequest[]
  /** What was asked of another instance. */
  readonly commands: readonly FederationRequest[]
  /** Mails that were sent at once. One that is sent when the intents are applied is an intent. */
  readonly mails: readonly Fields[]
  /** How it failed; undefined where it did not. */
  readonly error: MortiseError | undefined
}

/** An intent as tests compare it. */
export function testIntent({ operation, key, row, fields }: Intent): TestIntent {
  const { storage } = key
  const entity = key.entity === '' ? typeOf(row) : key.entity
  return {
    operation,
    target: entity === '' ? storage : `${storage}(${entity})`,
    key: Object.fromEntries(key.fields),
    fields: Object.fromEntries(fields),
  }
}

/** Of a record that was read by its identifier: what it turned out to be. */
function typeOf(row: Row | undefined): string {
  const name = row !== undefined && 'sys.QName' in row ? row['sys.QName'] : null
  return isQName(name) ? `${name.pkg}.${name.entity}` : ''
}
