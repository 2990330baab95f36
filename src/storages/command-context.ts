import type { FieldTypes } from '../contracts/extension/fields.ts'
import type { Storage } from '../contracts/extension/storage.ts'
import { type Argument, argumentRow } from './argument.ts'
import type { Subject } from './request-subject.ts'
import type { WorkspaceContext } from './workspace.ts'

/** What the state of a command is opened with. */
export interface CommandContext extends WorkspaceContext {
  readonly subject: Subject
  /** Where the command's event will be in the log of its workspace. */
  readonly wlogOffset: bigint
  readonly argument?: Argument
  /** What is not kept in the log, such as a password. */
  readonly unlogged?: Argument
  /** Where the request came from, as the caller names it. Default: an empty text. */
  readonly origin?: string
  /** The fields that the command's result may have. Default: any. */
  readonly result?: FieldTypes
}

/** `sys.CommandContext`: what a command was called with. */
export const commandContext: Storage<CommandContext> = {
  keyFields: () => ({}),
  get: (_key, { workspace, wlogOffset, argument, unlogged, origin = '' }) => ({
    Workspace: workspace,
    WLogOffset: wlogOffset,
    ArgumentObject: argument === undefined ? null : argumentRow(argument),
    ArgumentUnloggedObject: unlogged === undefined ? null : argumentRow(unlogged),
    Origin: origin,
  }),
}
