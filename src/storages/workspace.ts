/** The least that a state of an application is opened with. */
export interface WorkspaceContext {
  /** The workspace that keys without a WSID are of. */
  readonly workspace: bigint
}
