import type { Storage } from '../contracts/extension/storage.ts'
import type { WorkspaceContext } from './workspace.ts'

/** What the state of a job is opened with. */
export interface JobContext extends WorkspaceContext {
  /** When the job was due, in seconds since 1970. */
  readonly unixTime: bigint
}

/** `sys.JobContext`: when and where a job runs. */
export const jobContext: Storage<JobContext> = {
  keyFields: () => ({}),
  get: (_key, { workspace, unixTime }) => ({ Workspace: workspace, UnixTime: unixTime }),
}
