export { type Argument } from './argument.ts'
export { type Secrets } from './app-secret.ts'
export { type CommandContext } from './command-context.ts'
export { type Event, type ProjectorContext, type RecordChange } from './event.ts'
export { type JobContext } from './job-context.ts'
export { asyncProjectorKind, commandKind, jobKind, type KindOptions, queryKind, syncProjectorKind } from './kinds.ts'
export { type LogLevel, type LogLine } from './logger.ts'
export { type QueryContext } from './query-context.ts'
export { type Subject } from './request-subject.ts'
export { type Response, responseOf } from './response.ts'
export { resultOf } from './result.ts'
export { environmentSecrets, folderSecrets, objectSecrets } from './secrets.ts'
export { type Store } from './store.ts'
export { type WorkspaceContext } from './workspace.ts'
export {
  type RecordDefinition,
  type Schema,
  schema,
  type SchemaDefinition,
  type ViewDefinition,
} from './schema/schema.ts'
