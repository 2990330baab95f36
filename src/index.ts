export { type LeaseOptions, Mortise, type MortiseOptions, type PluginLogLine, type PlugOptions } from './host.ts'
export {
  catalogue,
  type Diagnostic,
  type ErrorCode,
  type ErrorDetails,
  type GuestFrame,
  MortiseError,
} from './errors.ts'
export { type ArtifactKind, artifactKind, type Source } from './artifact.ts'
export type { Lease } from './pool/lease.ts'
export { type AllLimits, defaults, type Restore } from './limits.ts'
export type { Plugin, Within } from './plugin.ts'
export type { Kind, LogLine } from './runtime.ts'
export type { LogLevel } from './units.ts'
export type { Stats } from './stats.ts'
