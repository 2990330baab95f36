import type { AsyncStorage, Storage } from '../contracts/extension/storage.ts'
import type { WorkspaceContext } from './workspace.ts'

/** An application's store: the storages of one database, and what makes one transaction of them. Guests find those that are there. */
export interface Store {
  readonly record?: Storage<WorkspaceContext>
  readonly view?: Storage<WorkspaceContext>
  readonly wlog?: Storage<WorkspaceContext>
  readonly uniq?: Storage<WorkspaceContext>
  /** Runs `apply`, so that all of it is kept or nothing. Default: just runs it. */
  readonly transaction?: (apply: () => void, context: WorkspaceContext) => void
}

/** The same, of a database behind a network. */
export interface AsyncStore {
  readonly record?: AsyncStorage<WorkspaceContext>
  readonly view?: AsyncStorage<WorkspaceContext>
  readonly wlog?: AsyncStorage<WorkspaceContext>
  readonly uniq?: AsyncStorage<WorkspaceContext>
  /** Runs `apply`, so that all of it is kept or nothing. Default: just runs it. */
  readonly transaction?: (apply: () => Promise<void>, context: WorkspaceContext) => Promise<void>
}
