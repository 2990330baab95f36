import { GuestFault } from '../../fault.ts'
import { actionNames, type ClusterEvent } from './events.ts'
import { field, listOf } from './fields.ts'
import { type Status, success } from './status.ts'

/** The status that a module gives, or nothing for success. */
export function readStatus(hook: string, value: unknown): Status {
  if (value === undefined) return success
  const [code, reason = ''] = [field(value, 'code'), field(value, 'reason')]
  if (typeof code === 'number' && (code | 0) === code && typeof reason === 'string') return { code, reason }
  return wrong(hook, 'a status, which is { code, reason }, or nothing for success')
}

/** A status beside something else: by itself, under `status`, or left out. */
export function statusWithin(hook: string, value: unknown): Status {
  const alone = field(value, 'code') !== undefined
  return readStatus(hook, alone ? value : field(value, 'status'))
}

/** A whole number under a name, 0 where there is none. */
export function numberWithin(hook: string, value: unknown, name: string): number {
  const number = field(value, name) ?? 0
  return Number.isSafeInteger(number) ? Number(number) : wrong(hook, `a whole number as its '${name}'`)
}

/** A text under a name, empty where there is none. */
export function textWithin(hook: string, value: unknown, name: string): string {
  const text = field(value, name) ?? ''
  return typeof text === 'string' ? text : wrong(hook, `a text as its '${name}'`)
}

/** Names under `nodeNames`, where there are any. */
export function namesWithin(hook: string, value: unknown): readonly string[] | undefined {
  const names = field(value, 'nodeNames')
  if (names === undefined) return undefined
  const texts = listOf(names).filter((name) => typeof name === 'string')
  return Array.isArray(names) && texts.length === names.length ? texts : wrong(hook, "names as its 'nodeNames'")
}

/** Scores by the names of nodes, or nothing. */
export function readNumbers(hook: string, value: unknown): ReadonlyMap<string, number> | undefined {
  if (value === undefined) return undefined
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : wrong(hook, 'scores by node')
  return new Map(
    entries.map(([node, score]: [string, unknown]) => [
      node,
      Number.isSafeInteger(score) ? Number(score) : wrong(hook, 'whole numbers as scores'),
    ]),
  )
}

/** Events by the names and bits of the framework. */
export function readEventList(hook: string, value: unknown): readonly ClusterEvent[] {
  if (!Array.isArray(value)) return wrong(hook, 'a list of events')
  return value.map((event: unknown): ClusterEvent => {
    const [resource, actionType] = [textWithin(hook, event, 'resource'), numberWithin(hook, event, 'actionType')]
    return { resource, actionType, actions: actionNames(actionType) }
  })
}

function wrong(hook: string, wanted: string): never {
  throw new GuestFault('GUEST_RESULT', `its '${hook}' has to give ${wanted}, at once and by no promise`)
}
