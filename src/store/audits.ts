import type { Database } from './database.ts'
import type { AuditEntry, AuditLine } from './store.ts'

/** The audit: who has tried to change what. */
export class AuditTable {
  readonly #database: Database
  readonly #kept: number

  /** @param kept - lines; the oldest beyond them are forgotten */
  constructor(database: Database, kept: number) {
    this.#database = database
    this.#kept = kept
  }

  /** Adds a line, within a transaction. */
  add({ at, by, from, action, plugin, digest, outcome }: AuditEntry): void {
    const columns = 'at, by, "from", action, plugin, digest, outcome'
    this.#database.run(
      `INSERT INTO audit (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      at,
      by,
      from,
      action,
      plugin ?? null,
      digest ?? null,
      outcome,
    )
    this.#database.run('DELETE FROM audit WHERE number <= (SELECT max(number) FROM audit) - ?', this.#kept)
  }

  /** The lines below a number, the newest first. */
  read(most: number, below: number): readonly AuditLine[] {
    const rows = this.#database.read('SELECT * FROM audit WHERE number < ? ORDER BY number DESC LIMIT ?', below, most)
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
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
