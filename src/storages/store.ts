import type { Storage } from '../contracts/extension/storage.ts'
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
