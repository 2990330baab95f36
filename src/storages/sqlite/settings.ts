import { parseDuration, parseSize } from '../../limits.ts'
import { checkKeys, checkOption } from '../../options.ts'
import type { Schema } from '../schema/schema.ts'
import { checkGroupSize, checkSchema } from '../sql/options.ts'
import type { WorkspaceKind } from '../sql/workspaces.ts'

/** Options of {@link openSqlite}. */
export interface SqliteOptions {
  /** Path of the database; it is made where there is none. `:memory:` for one that is gone when it is closed. */
  readonly file: string
  /** The types of the application. */
  readonly schema: Schema
  /** `FULL`: what is committed survives the loss of power; `NORMAL`: only the end of the process, and commits are faster. Default `FULL`. */
  readonly synchronous?: 'FULL' | 'NORMAL'
  /** How long a write waits for another process that writes: milliseconds, or text like `'10 s'`. Default 5 s. */
  readonly busyTimeout?: number | string
  /** How large the file may get: bytes, or text like `'1 GiB'`. Default: as large as the disk. */
  readonly maxSize?: number | string
  /** Reads only: nothing is made, and nothing written. Default false. */
  readonly readOnly?: boolean
  /** How many works one commit of `group` takes. Default 64. */
  readonly groupSize?: number
  /** The kind of a workspace, where the schema has `workspaces`. */
  readonly workspaceKind?: WorkspaceKind
}

/** The options, checked. */
export interface SqliteSettings {
  readonly file: string
  readonly schema: Schema
  readonly synchronous: 'FULL' | 'NORMAL'
  readonly busyTimeout: number
  readonly maxSize: number | undefined
  readonly readOnly: boolean
  readonly groupSize: number
  readonly workspaceKind: WorkspaceKind | undefined
}

const names = ['file', 'schema', 'synchronous', 'busyTimeout', 'maxSize', 'readOnly', 'groupSize', 'workspaceKind']

/** @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID` */
export function parseSqliteOptions(options: SqliteOptions): SqliteSettings {
  checkKeys(options, names, 'openSqlite')
  const { file, schema, synchronous = 'FULL', busyTimeout = 5000, maxSize, readOnly = false } = options
  const { groupSize = 64, workspaceKind } = options
  checkOption('file', file, typeof file === 'string' && file !== '' && !file.includes('\0'), 'the path of a file')
  checkSchema(schema, workspaceKind)
  checkOption('synchronous', synchronous, synchronous === 'FULL' || synchronous === 'NORMAL', 'FULL or NORMAL')
  checkOption('readOnly', readOnly, typeof readOnly === 'boolean', 'true or false')
  checkGroupSize(groupSize)
  return {
    file,
    schema,
    synchronous,
    busyTimeout: Math.min(parseDuration('busyTimeout', busyTimeout), 2 ** 31 - 1),
    maxSize: maxSize === undefined ? undefined : parseSize('maxSize', maxSize, '1 GiB'),
    readOnly,
    groupSize,
    workspaceKind,
  }
}
