import { MortiseError } from '../errors.ts'
import type { AuditTable } from './audits.ts'
import type { Database, Row } from './database.ts'
import type { Activation, AuditEntry, Deployment, Json, StoredVersion } from './store.ts'

/** How many versions of each plugin are kept, and activations. */
export interface Kept {
  readonly versions: number
  readonly activations: number
}

/** Who changes something; with `from`, where they asked for it, it is a line of the audit. */
interface Author {
  readonly by: string
  readonly from: string | undefined
}

/** Versions and activations. A change and its line in the audit are one transaction. */
export class VersionTable {
  readonly #database: Database
  readonly #audit: AuditTable
  readonly #kept: Kept

  constructor(database: Database, audit: AuditTable, kept: Kept) {
    this.#database = database
    this.#audit = audit
    this.#kept = kept
  }

  deploy(plugin: string, { digest, settings }: Deployment, size: number, author: Author): StoredVersion {
    return this.#database.change(() => {
      const [last] = this.#database.rows('SELECT version FROM last_version WHERE plugin = ?', plugin)
      const version = Number(last?.['version'] ?? 0) + 1
      this.#database.run(
        'INSERT INTO last_version VALUES (?, ?) ON CONFLICT DO UPDATE SET version = excluded.version',
        plugin,
        version,
      )
      const at = Date.now()
      const { by } = author
      const text = JSON.stringify(settings)
      const [before] = this.#database.rows('SELECT version FROM live WHERE plugin = ?', plugin)
      this.#database.run(
        'INSERT INTO version VALUES (?, ?, ?, ?, ?, ?, ?)',
        plugin,
        version,
        digest,
        size,
        text,
        at,
        by,
      )
      this.#live(plugin, version, at, by)
      this.#done('deploy', { plugin, digest, at }, author)
      // What a rollback goes to is kept, however old it is.
      const kept =
        'SELECT version FROM version WHERE plugin = ?1 ORDER BY version IN (?2, ?3) DESC, version DESC LIMIT ?4'
      this.#database.run(
        `DELETE FROM version WHERE plugin = ?1 AND version NOT IN (${kept})`,
        plugin,
        version,
        this.#kept.versions > 1 ? Number(before?.['version'] ?? 0) : 0,
        this.#kept.versions,
      )
      return { plugin, version, digest, size, settings, at, by }
    })
  }

  activate(plugin: string, version: number, author: Author): StoredVersion {
    return this.#database.change(() => {
      const [row] = this.#database.rows('SELECT * FROM version WHERE plugin = ? AND version = ?', plugin, version)
      if (row === undefined) throw this.#absent(plugin, version)
      const [at, found] = [Date.now(), versionOf(row)]
      this.#live(plugin, version, at, author.by)
      this.#done('rollback', { plugin, digest: found.digest, at }, author)
      return found
    })
  }

  remove(plugin: string, author: Author): void {
    this.#database.change(() => {
      const [live] = this.#database.rows('SELECT version FROM live WHERE plugin = ?', plugin)
      if (live === undefined) throw this.#absent(plugin)
      this.#database.run('DELETE FROM live WHERE plugin = ?', plugin)
      this.#database.run('DELETE FROM version WHERE plugin = ?', plugin)
      const at = Date.now()
      this.#activated(plugin, null, at, author.by)
      this.#done('remove', { plugin, digest: undefined, at }, author)
    })
  }

  live(): readonly StoredVersion[] {
    const join = 'version.plugin = live.plugin AND version.version = live.version'
    return this.#database.read(`SELECT version.* FROM live JOIN version ON ${join} ORDER BY live.plugin`).map(versionOf)
  }

  versions(plugin: string): readonly StoredVersion[] {
    return this.#database.read('SELECT * FROM version WHERE plugin = ? ORDER BY version DESC', plugin).map(versionOf)
  }

  activations(plugin: string, most: number): readonly Activation[] {
    const rows = this.#database.read(
      'SELECT * FROM activation WHERE plugin = ? ORDER BY number DESC LIMIT ?',
      plugin,
      most,
    )
    return rows.map(({ version, at, by }) => ({
      plugin,
      version: version === null ? undefined : Number(version),
      at: Number(at),
      by: String(by),
    }))
  }

  /** The digests that versions are made of. */
  digests(): ReadonlySet<string> {
    return new Set(this.#database.read('SELECT DISTINCT digest FROM version').map(({ digest }) => String(digest)))
  }

  #done(action: string, about: Pick<AuditEntry, 'plugin' | 'digest' | 'at'>, { by, from }: Author): void {
    if (from !== undefined) this.#audit.add({ ...about, by, from, action, outcome: 'done' })
  }

  #live(plugin: string, version: number, at: number, by: string): void {
    this.#database.run(
      'INSERT INTO live VALUES (?, ?) ON CONFLICT DO UPDATE SET version = excluded.version',
      plugin,
      version,
    )
    this.#activated(plugin, version, at, by)
  }

  #activated(plugin: string, version: number | null, at: number, by: string): void {
    this.#database.run('INSERT INTO activation (plugin, version, at, by) VALUES (?, ?, ?, ?)', plugin, version, at, by)
    const kept = 'SELECT number FROM activation WHERE plugin = ?1 ORDER BY number DESC LIMIT ?2'
    this.#database.run(
      `DELETE FROM activation WHERE plugin = ?1 AND number NOT IN (${kept})`,
      plugin,
      this.#kept.activations,
    )
  }

  #absent(plugin: string, version?: number): MortiseError {
    const kept = this.#database.rows('SELECT version FROM version WHERE plugin = ? ORDER BY version DESC', plugin)
    const list = kept.map((row) => String(row['version'])).join(', ')
    const what = version === undefined ? 'is not deployed' : `has no version ${version}`
    return new MortiseError(
      'VERSION_ABSENT',
      `Plugin '${plugin}' ${what}. ${list === '' ? 'Deploy it first' : `Its versions are ${list}`}`,
      { plugin },
    )
  }
}

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
