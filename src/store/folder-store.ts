import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { MortiseError, reasonOf } from '../errors.ts'
import { checkKeys, checkOption } from '../options.ts'
import { absent, ArtifactFiles } from './artifacts.ts'
import { AuditTable } from './audits.ts'
import { Database } from './database.ts'
import type { Store } from './store.ts'
import { VersionTable } from './versions.ts'

/** Options of {@link openStore}. */
export interface StoreOptions {
  /** The folder that it is in; it is made where there is none, for this user alone. */
  readonly folder: string
  /** How many versions of each plugin are kept, the live one beside them. Default 10. */
  readonly versions?: number
  /** How many lines of the audit are kept. Default 100,000. */
  readonly audits?: number
}

/** How many activations of each plugin are kept. */
const activations = 1000

/**
 * Opens a store in a folder: artifacts as files under their digests, everything else in a database of `node:sqlite`. What it has
 * promised is on the disk, so that it is there after the end of the process, and after a loss of power.
 *
 * One process at a time has a store open.
 *
 * @param options - `folder`, `versions` (10 of each plugin), `audits` (100,000 lines)
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`, `STORE_UNAVAILABLE`, `STORE_BUSY` where another process has it,
 *   `STORE_CORRUPT`, `STORE_SCHEMA`, `STORE_READ_ONLY`, `STORE_FULL`; its methods throw these, `STORE_CLOSED` and what the interface says
 * @example
 * ```ts
 * import { openStore } from 'mortise/store'
 *
 * async function keep(folder: string, wasm: Uint8Array): Promise<void> {
 *   await using store = await openStore({ folder })
 *   const digest = await store.put(wasm)
 *   const { version } = await store.deploy('hello', { digest, settings: {} }, 'ann')
 *   console.log(version, await store.live())
 * }
 * ```
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  checkKeys(options, ['folder', 'versions', 'audits'], 'openStore()')
  const { folder, versions = 10, audits = 100_000 } = options
  checkOption(
    'folder',
    folder,
    typeof folder === 'string' && folder !== '' && !folder.includes('\0'),
    'the path of a folder',
  )
  for (const [name, value] of Object.entries({ versions, audits }))
    checkOption(name, value, Number.isSafeInteger(value) && value >= 1, 'a whole number from 1')
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new MortiseError('STORE_UNAVAILABLE', `Cannot make the folder '${folder}' of the store: ${reasonOf(cause)}`, {
      cause,
    })
  }
  // First what keeps other processes out, then what clears away.
  const database = new Database(join(folder, 'versions.db'))
  try {
    const audit = new AuditTable(database, audits)
    const table = new VersionTable(database, audit, { versions, activations })
    return storeOf({ files: await ArtifactFiles.open(folder), table, audit, database, folder })
  } catch (error) {
    database[Symbol.dispose]()
    throw error
  }
}

interface StoreParts {
  readonly files: ArtifactFiles
  readonly table: VersionTable
  readonly audit: AuditTable
  readonly database: Database
  readonly folder: string
}

function storeOf({ files, table, audit, database, folder }: StoreParts): Store {
  let open = true
  /** One change after another, so that nothing is collected that a deploy has just found. */
  let changes: Promise<unknown> = Promise.resolve()
  const change = <T>(work: () => T | Promise<T>): Promise<T> => {
    const done = changes.then(() => read(work))
    changes = done.catch(() => {})
    return done
  }
  const read = async <T>(work: () => T | Promise<T>): Promise<T> => {
    if (!open) throw new MortiseError('STORE_CLOSED', `Cannot use the store ${folder}: it is closed`)
    return work()
  }
  return {
    put: (bytes) => change(() => files.put(bytes)),
    has: (digest) => read(() => files.has(digest)),
    read: (digest) => read(() => files.read(digest)),
    deploy: (plugin, deployment, by, from) =>
      change(async () => {
        const size = await files.size(deployment.digest)
        if (size === undefined) throw absent(deployment.digest)
        return table.deploy(plugin, deployment, size, { by, from })
      }),
    activate: (plugin, version, by, from) => change(() => table.activate(plugin, version, { by, from })),
    remove: (plugin, by, from) => change(() => table.remove(plugin, { by, from })),
    live: () => read(() => table.live()),
    versions: (plugin) => read(() => table.versions(plugin)),
    activations: (plugin, most) => read(() => table.activations(plugin, most)),
    audit: (entry) => change(() => database.change(() => audit.add(entry))),
    audits: (most, below = Number.MAX_SAFE_INTEGER) => read(() => audit.read(most, below)),
    collect: () => change(() => files.collect(table.digests())),
    async [Symbol.asyncDispose]() {
      await changes
      open = false
      database[Symbol.dispose]()
    },
  }
}

export type { Activation, AuditEntry, AuditLine, Deployment, Json, Store, StoredVersion } from './store.ts'
