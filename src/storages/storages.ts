export { type Argument } from './argument.ts'
export { type Secrets } from './app-secret.ts'
export { type CommandContext } from './command-context.ts'
export { type Event, type ProjectorContext, type RecordChange } from './event.ts'
export { federationBlob } from './federation-blob.ts'
export { federationCommand } from './federation-command.ts'
export { type FederationOptions } from './federation.ts'
export { http, type HttpOptions } from './http.ts'
export { type JobContext } from './job-context.ts'
export {
  type AsyncKindOptions,
  type CommonOptions,
  type KindOptions,
  type Services,
  type ServicesAndMail,
} from './kind.ts'
export { asyncProjectorKind, commandKind, jobKind, queryKind, syncProjectorKind } from './kinds.ts'
export { type LogLevel, type LogLine } from './logger.ts'
export { isBuffered, type Projection, projection, type ProjectionOptions } from './projection.ts'
export { type QueryContext } from './query-context.ts'
export { type Subject } from './request-subject.ts'
export { type Response, responseOf } from './response.ts'
export { resultOf } from './result.ts'
export { environmentSecrets, folderSecrets, objectSecrets } from './secrets.ts'
export { type AsyncStore, type Store } from './store.ts'
export { type Allow, type WebLimits } from './web.ts'
export { type WorkspaceContext } from './workspace.ts'
export {
  type RecordDefinition,
  type Schema,
  schema,
  type SchemaDefinition,
  type ViewDefinition,
} from './schema/schema.ts'
