import type { FieldTypes, FieldValue } from '../contracts/extension/fields.ts'
import type { Storage } from '../contracts/extension/storage.ts'
import { type Argument, argumentRow } from './argument.ts'
import type { Subject } from './request-subject.ts'
import type { WorkspaceContext } from './workspace.ts'

/** What the state of a query is opened with. */
export interface QueryContext extends WorkspaceContext {
  readonly subject: Subject
  readonly argument?: Argument
  /** The fields that a row of the result may have. Default: any. */
  readonly result?: FieldTypes
  /** Gets each row of the result once the guest begins the next one, and the last one when its call has ended well. */
  readonly onRow: (row: Readonly<Record<string, FieldValue>>) => void
}

/** `sys.QueryContext`: what a query was called with. */
export const queryContext: Storage<QueryContext> = {
  keyFields: () => ({}),
  get: (_key, { workspace, argument }) => ({
    Workspace: workspace,
    ArgumentObject: argument === undefined ? null : argumentRow(argument),
  }),
}
