import { checkOption } from '../../options.ts'
import type { Schema } from '../schema/schema.ts'
import type { WorkspaceKind } from './workspaces.ts'

/** An event may be large, and they are all in memory. */
const mostEvents = 10_000

/** Checks what every store is opened with: `OPTION_INVALID`. */
export function checkSchema(schema: Schema, workspaceKind: WorkspaceKind | undefined): void {
  const parsed = typeof schema === 'object' && schema !== null && schema.records instanceof Map
  checkOption('schema', schema, parsed, "what schema() of 'mortise/storages' gives")
  const asked = schema.workspaces === undefined || typeof workspaceKind === 'function'
  checkOption('workspaceKind', workspaceKind, asked, 'a function, since the schema has kinds of workspaces')
}

export function checkGroupSize(groupSize: number): void {
  checkOption('groupSize', groupSize, Number.isSafeInteger(groupSize) && groupSize > 0, 'a whole number above 0')
}

export function checkBatch(most: number): void {
  checkOption('most', most, Number.isSafeInteger(most) && most > 0 && most <= mostEvents, `1 to ${mostEvents} events`)
}

export function checkProjector(name: string): void {
  checkOption('projector', name, typeof name === 'string' && name !== '' && !name.includes('\0'), 'a name')
}
