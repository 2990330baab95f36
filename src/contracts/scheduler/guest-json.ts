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
  const event = objectOf(parse(text, 'an event'), 'an event')
  const related = reference(named(event, 'RelatedReference'))
  return {
    regarding: reference(named(event, 'RegardingReference')) ?? nobody,
    related,
    type: textOf(event, 'Eventtype'),
    reason: textOf(event, 'Reason'),
    action: textOf(event, 'Action'),
    note: textOf(event, 'Note'),
  }
}

const nobody: ObjectReference = Object.freeze({
  kind: '',
  apiVersion: '',
  name: '',
  namespace: '',
  uid: '',
  resourceVersion: '',
})

/** `undefined` for one that says nothing. */
function reference(value: unknown): ObjectReference | undefined {
  if (value === undefined || value === null) return undefined
  const object = objectOf(value, 'a reference')
  const found: ObjectReference = {
    kind: textOf(object, 'Kind'),
    apiVersion: textOf(object, 'APIVersion'),
    name: textOf(object, 'Name'),
    namespace: textOf(object, 'Namespace'),
    uid: textOf(object, 'UID'),
    resourceVersion: textOf(object, 'ResourceVersion'),
  }
  return Object.values(found).every((part) => part === '') ? undefined : found
}

/** Go knows a field by its name in whatever case, and best by its own. */
function named(object: object, name: string): unknown {
  if (Object.hasOwn(object, name)) return Reflect.get(object, name)
  const lower = name.toLowerCase()
  return Object.entries(object).find(([other]) => other.toLowerCase() === lower)?.[1]
}

function textOf(object: object, name: string): string {
  const value = named(object, name) ?? ''
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
