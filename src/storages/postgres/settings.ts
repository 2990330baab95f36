import { parseDuration } from '../../limits.ts'
import { checkKeys, checkOption } from '../../options.ts'
import type { Schema } from '../schema/schema.ts'
import { checkGroupSize, checkSchema } from '../sql/options.ts'
import type { WorkspaceKind } from '../sql/workspaces.ts'

/** Options of {@link openPostgres}. */
export interface PostgresOptions {
  /** Where the database is: `postgres://user:password@host:port/database`, with whatever parameters `pg` knows. */
  readonly url: string
  /** The types of the application. */
  readonly schema: Schema
  /** How many connections there are at most. Default 10. */
  readonly connections?: number
  /** How long a write waits for a lock, and anything for a connection: milliseconds, or text like `'10 s'`. Default 5 s. */
  readonly busyTimeout?: number | string
  /** How long one query may take, and a transaction wait for the next one: the same. Default 30 s. */
  readonly queryTimeout?: number | string
  /** How many works one commit of `group` takes. Default 64. */
  readonly groupSize?: number
  /** The kind of a workspace, where the schema has `workspaces`. */
  readonly workspaceKind?: WorkspaceKind
}

/** The options, checked. */
export interface PostgresSettings {
  readonly url: string
  readonly schema: Schema
  readonly connections: number
  readonly busyTimeout: number
  readonly queryTimeout: number
  readonly groupSize: number
  readonly workspaceKind: WorkspaceKind | undefined
}

const names = ['url', 'schema', 'connections', 'busyTimeout', 'queryTimeout', 'groupSize', 'workspaceKind']

/** @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID` */
export function parsePostgresOptions(options: PostgresOptions): PostgresSettings {
  checkKeys(options, names, 'openPostgres')
  const { url, schema, connections = 10, busyTimeout = 5000, queryTimeout = 30_000 } = options
  const { groupSize = 64, workspaceKind } = options
  const valid = typeof url === 'string' && /^postgres(?:ql)?:\/\//.test(url)
  // What is no such address may hold a password nonetheless.
  checkOption('url', typeof url, valid, "text like 'postgres://user:password@host:port/database'")
  checkSchema(schema, workspaceKind)
  checkOption(
    'connections',
    connections,
    Number.isSafeInteger(connections) && connections >= 2,
    'a whole number from 2',
  )
  checkGroupSize(groupSize)
  const timeouts = {
    busyTimeout: parseDuration('busyTimeout', busyTimeout),
    queryTimeout: parseDuration('queryTimeout', queryTimeout),
  }
  for (const [name, timeout] of Object.entries(timeouts))
    checkOption(name, timeout, timeout >= 1 && timeout < 2 ** 31, 'at least 1 ms')
  return { url, schema, connections, ...timeouts, groupSize, workspaceKind }
}
