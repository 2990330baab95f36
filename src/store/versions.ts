import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { MortiseError } from '../errors.ts'
import { sqliteFailure } from '../sqlite-failure.ts'
import { schema, schemaVersion } from './schema.ts'
import type { Activation, AuditEntry, AuditLine, Deployment, Json, StoredVersion } from './store.ts'

/** How many versions, activations and audit lines are kept. */
export interface Kept {
  readonly versions: number
  readonly activations: number
  readonly audits: number
}

type Row = Readonly<Record<string, unknown>>

/** Versions, activations and audit in a database. Every change is one transaction, and on the disk when it returns. */
export class VersionTable implements Disposable {
  readonly #database: DatabaseSync
  readonly #file: string
  readonly #kept: Kept
  readonly #statements = new Map<string, StatementSync>()

  /** @throws MortiseError `STORE_UNAVAILABLE`, `STORE_CORRUPT`, `STORE_SCHEMA`, `STORE_BUSY`, `STORE_READ_ONLY` */
  constructor(file: string, kept: Kept) {
    this.#file = file
    this.#kept = kept
    this.#database = this.#try(() => new DatabaseSync(file, { timeout: 1000 }))
    try {
      this.#try(() => {
        this.#database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA locking_mode = EXCLUSIVE')
        this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
        this.#migrate()
      })
    } catch (error) {
      this.#database.close()
      throw error
    }
  }

  deploy(plugin: string, { digest, settings }: Deployment, size: number, by: string): StoredVersion {
    return this.#change(() => {
      const [last] = this.#rows('SELECT version FROM last_version WHERE plugin = ?', plugin)
      const version = Number(last?.['version'] ?? 0) + 1
      this.#run(
        'INSERT INTO last_version VALUES (?, ?) ON CONFLICT DO UPDATE SET version = excluded.version',
        plugin,
        version,
      )
      const at = Date.now()
      const text = JSON.stringify(settings)
      this.#run('INSERT INTO version VALUES (?, ?, ?, ?, ?, ?, ?)', plugin, version, digest, size, text, at, by)
      this.#live(plugin, version, at, by)
      const kept = 'SELECT version FROM version WHERE plugin = ?1 ORDER BY version DESC LIMIT ?2'
      const live = 'SELECT version FROM live WHERE plugin = ?1'
      this.#run(
        `DELETE FROM version WHERE plugin = ?1 AND version NOT IN (${kept}) AND version NOT IN (${live})`,
        plugin,
        this.#kept.versions,
      )
      return { plugin, version, digest, size, settings, at, by }
    })
  }

  activate(plugin: string, version: number, by: string): StoredVersion {
    return this.#change(() => {
      const [row] = this.#rows('SELECT * FROM version WHERE plugin = ? AND version = ?', plugin, version)
      if (row === undefined) throw this.#absent(plugin, version)
      this.#live(plugin, version, Date.now(), by)
      return versionOf(row)
    })
  }

  remove(plugin: string, by: string): void {
    this.#change(() => {
      const [live] = this.#rows('SELECT version FROM live WHERE plugin = ?', plugin)
      if (live === undefined) throw this.#absent(plugin)
      this.#run('DELETE FROM live WHERE plugin = ?', plugin)
      this.#run('DELETE FROM version WHERE plugin = ?', plugin)
      this.#activated(plugin, null, Date.now(), by)
    })
  }

  live(): readonly StoredVersion[] {
    const join = 'version.plugin = live.plugin AND version.version = live.version'
    return this.#read(`SELECT version.* FROM live JOIN version ON ${join} ORDER BY live.plugin`).map(versionOf)
  }

  versions(plugin: string): readonly StoredVersion[] {
    return this.#read('SELECT * FROM version WHERE plugin = ? ORDER BY version DESC', plugin).map(versionOf)
  }

  activations(plugin: string, most: number): readonly Activation[] {
    const rows = this.#read('SELECT * FROM activation WHERE plugin = ? ORDER BY number DESC LIMIT ?', plugin, most)
    return rows.map(({ version, at, by }) => ({
      plugin,
      version: version === null ? undefined : Number(version),
      at: Number(at),
      by: String(by),
    }))
  }

  audit({ at, by, from, action, plugin, digest, outcome }: AuditEntry): void {
    this.#change(() => {
      const columns = 'at, by, "from", action, plugin, digest, outcome'
      this.#run(
        `INSERT INTO audit (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
        at,
        by,
        from,
        action,
        plugin ?? null,
        digest ?? null,
        outcome,
      )
      this.#run('DELETE FROM audit WHERE number <= (SELECT max(number) FROM audit) - ?', this.#kept.audits)
    })
  }

  audits(most: number, below: number): readonly AuditLine[] {
    const rows = this.#read('SELECT * FROM audit WHERE number < ? ORDER BY number DESC LIMIT ?', below, most)
    return rows.map((row) => ({
      number: Number(row['number']),
      at: Number(row['at']),
      by: String(row['by']),
      from: String(row['from']),
      action: String(row['action']),
      plugin: textOf(row['plugin']),
      digest: textOf(row['digest']),
      outcome: String(row['outcome']),
    }))
  }

  /** The digests that versions are made of. */
  digests(): ReadonlySet<string> {
    return new Set(this.#read('SELECT DISTINCT digest FROM version').map(({ digest }) => String(digest)))
  }

  [Symbol.dispose](): void {
    if (this.#database.isOpen) this.#database.close()
  }

  #live(plugin: string, version: number, at: number, by: string): void {
    this.#run('INSERT INTO live VALUES (?, ?) ON CONFLICT DO UPDATE SET version = excluded.version', plugin, version)
    this.#activated(plugin, version, at, by)
  }

  #activated(plugin: string, version: number | null, at: number, by: string): void {
    this.#run('INSERT INTO activation (plugin, version, at, by) VALUES (?, ?, ?, ?)', plugin, version, at, by)
    const kept = 'SELECT number FROM activation WHERE plugin = ?1 ORDER BY number DESC LIMIT ?2'
    this.#run(`DELETE FROM activation WHERE plugin = ?1 AND number NOT IN (${kept})`, plugin, this.#kept.activations)
  }

  #absent(plugin: string, version?: number): MortiseError {
    const kept = this.#rows('SELECT version FROM version WHERE plugin = ? ORDER BY version DESC', plugin)
    const list = kept.map((row) => String(row['version'])).join(', ')
    const what = version === undefined ? 'is not deployed' : `has no version ${version}`
    return new MortiseError(
      'VERSION_ABSENT',
      `Plugin '${plugin}' ${what}. ${list === '' ? 'Deploy it first' : `Its versions are ${list}`}`,
      { plugin },
    )
  }

  #migrate(): void {
    const [row] = this.#rows('PRAGMA user_version')
    const found = Number(row?.['user_version'])
    if (found === schemaVersion) return
    if (found !== 0) {
      throw new MortiseError(
        'STORE_SCHEMA',
        `Cannot use the store ${this.#file}: it was made by another version of Mortise (schema ${found}, this one has ${schemaVersion})`,
      )
    }
    this.#change(() => this.#database.exec(`${schema}; PRAGMA user_version = ${schemaVersion}`))
  }

  #change<T>(work: () => T): T {
    return this.#try(() => {
      this.#database.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        this.#database.exec('COMMIT')
        return result
      } catch (error) {
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
        throw error
      }
    })
  }

  #read(sql: string, ...values: SQLInputValue[]): readonly Row[] {
    return this.#try(() => this.#rows(sql, ...values))
  }

  #rows(sql: string, ...values: SQLInputValue[]): readonly Row[] {
    return this.#prepared(sql).all(...values)
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#prepared(sql).run(...values)
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (statement === undefined) this.#statements.set(sql, (statement = this.#database.prepare(sql)))
    return statement
  }

  #try<T>(work: () => T): T {
    try {
      return work()
    } catch (thrown) {
      throw sqliteFailure(`use the store ${this.#file}`, thrown)
    }
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

function versionOf(row: Row): StoredVersion {
  const settings: Json = parsed(String(row['settings']))
  return {
    plugin: String(row['plugin']),
    version: Number(row['version']),
    digest: String(row['digest']),
    size: Number(row['size']),
    settings,
    at: Number(row['at']),
    by: String(row['by']),
  }
}

// oxlint-disable-next-line no-unsafe-type-assertion -- JSON.parse gives nothing else
const parsed = (text: string): Json => JSON.parse(text) as Json
