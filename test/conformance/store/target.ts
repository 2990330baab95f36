import type { Intent, Key, Row } from 'mortise/extension'
import type { Schema } from 'mortise/storages'
import type { EventDraft, LogEvent, Logged } from 'mortise/storages/sqlite'

type StorageName = 'record' | 'view' | 'wlog' | 'uniq'

/** Options that every store has. */
export interface OpenOptions {
  readonly workspaceKind?: (workspace: bigint) => string | undefined
}

/** A store as the suite uses it: one that answers at once is as one that answers later. */
export interface TestedStore extends AsyncDisposable {
  get(storage: StorageName, key: Key, workspace?: bigint): Promise<Row | undefined>
  getBatch(storage: 'record' | 'view', keys: readonly Key[]): Promise<readonly (Row | undefined)[]>
  /** All rows, or the first `most`. */
  read(storage: 'view' | 'wlog', key: Key, most?: number): Promise<readonly (readonly [Row, Row])[]>
  /** Validates and applies intents in one transaction. */
  write(intents: readonly Intent[], workspace?: bigint): Promise<void>
  /** The same, as works of one group; each settles for itself. */
  group(works: readonly (readonly Intent[])[]): Promise<readonly PromiseSettledResult<void>[]>
  /** Appends an event with what it writes; `grouped` with others that come at the same time. */
  append(draft: EventDraft, intents: readonly Intent[], grouped?: boolean): Promise<Logged>
  /** Appends an event that writes the first intents, and the second in an inner transaction that throws and is caught. */
  appendTrying(draft: EventDraft, first: readonly Intent[], second: readonly Intent[]): Promise<Logged>
  events(position?: bigint): Promise<readonly LogEvent[]>
  /** Runs a projector once: it yields keys of rows that it reads, and what it returns is applied. */
  project(name: string, project: Project, most?: number): Promise<number>
  position(name: string): Promise<bigint>
  restart(name: string, views: readonly string[]): Promise<void>
  /** Writes the first intents, then the second in an inner transaction that throws and is caught, then the third. */
  nested(first: readonly Intent[], second: readonly Intent[], third: readonly Intent[]): Promise<void>
}

/** What a projector does with events, whether the rows that it reads come at once or later. */
export type Project = (events: readonly LogEvent[]) => Generator<Key, readonly Intent[], Row | undefined>

/** A kind of store. */
export interface StoreTarget {
  readonly name: string
  /** A place for a database of its own. */
  place(): Promise<AsyncDisposable & { open(types: Schema, options?: OpenOptions): Promise<TestedStore> }>
}
