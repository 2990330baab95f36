import { reasonOf } from '../../errors.ts'
import { GuestFault } from '../../fault.ts'
import type { ObjectReference, SchedulerEvent } from './handle.ts'

/** The scores that a guest sent by the names of nodes; `undefined` for `null`. */
export function readScores(text: string): ReadonlyMap<string, number> | undefined {
  const value = parse(text, 'scores')
  if (value === null) return undefined
  const entries = Object.entries(objectOf(value, 'scores'))
  return new Map(entries.map(([node, score]) => [node, Number.isInteger(score) ? Number(score) : noScore(node, score)]))
}

/** The event that a guest sent. */
export function readEvent(text: string): SchedulerEvent {
  const fields = fieldsOf(parse(text, 'an event'), 'an event')
  const related = reference(fields.get('relatedreference'))
  return {
    regarding: reference(fields.get('regardingreference')),
    related: Object.values(related).every((part) => part === '') ? undefined : related,
    type: textOf(fields, 'eventtype'),
    reason: textOf(fields, 'reason'),
    action: textOf(fields, 'action'),
    note: textOf(fields, 'note'),
  }
}

function reference(value: unknown): ObjectReference {
  const fields = value === undefined || value === null ? new Map<string, unknown>() : fieldsOf(value, 'a reference')
  return {
    kind: textOf(fields, 'kind'),
    apiVersion: textOf(fields, 'apiversion'),
    name: textOf(fields, 'name'),
    namespace: textOf(fields, 'namespace'),
    uid: textOf(fields, 'uid'),
    resourceVersion: textOf(fields, 'resourceversion'),
  }
}

/** Go knows a field by its name in whatever case. */
function fieldsOf(value: unknown, what: string): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(objectOf(value, what)).map(([name, part]) => [name.toLowerCase(), part]))
}

function textOf(fields: ReadonlyMap<string, unknown>, name: string): string {
  const value = fields.get(name) ?? ''
  if (typeof value === 'string') return value
  throw new GuestFault('GUEST_RESULT', `it sent an event whose '${name}' is no text`)
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new GuestFault('GUEST_RESULT', `it sent ${what} that are not JSON: ${reasonOf(error)}`)
  }
}

function objectOf(value: unknown, what: string): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new GuestFault('GUEST_RESULT', `it sent ${what} as JSON that is no object`)
}

function noScore(node: string, score: unknown): never {
  throw new GuestFault('GUEST_RESULT', `it sent a score of node '${node}' that is no whole number but ${typeof score}`)
}
