import type { Key } from '../../contracts/extension/storage.ts'
import type { Schema } from '../schema/schema.ts'
import { refuse } from './key.ts'

/** Gives the kind of a workspace, one of the schema's `workspaces`; `undefined` for a workspace that does not exist. */
export type WorkspaceKind = (workspace: bigint) => string | undefined

/** Refuses a type that the workspace of a key does not have. */
export type CheckWorkspace = (entity: string, workspace: bigint, key: Key) => void

/** How types are checked against workspaces: not at all where the schema says nothing of them. */
export function workspaceCheck({ workspaces }: Schema, kindOf: WorkspaceKind | undefined): CheckWorkspace {
  if (workspaces === undefined || kindOf === undefined) return () => {}
  return (entity, workspace, key) => {
    const kind = kindOf(workspace)
    const types = kind === undefined ? undefined : workspaces.get(kind)
    if (types?.has(entity) !== true)
      refuse('EXTENSION_NAME', key, `${entity} qname is not defined in workspace ${kind ?? String(workspace)}`)
  }
}
