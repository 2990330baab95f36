import { MortiseError } from '../../errors.ts'
import type { Attempt } from './attempt.ts'
import { encodePod, type KubernetesObject } from './kubernetes/object.ts'
import { NodeSnapshot } from './nodes.ts'

/** What a lease is about: `INPUT_INVALID`. */
export function checkAttempt(attempt: Attempt): Attempt {
  if (attempt?.nodes instanceof NodeSnapshot) return attempt
  throw new MortiseError('INPUT_INVALID', "Cannot begin an attempt: its 'nodes' are no NodeSnapshot")
}

/** A hook was called outside of a lease. */
export function noAttempt(hook: string): never {
  throw new MortiseError(
    'ATTEMPT_ABSENT',
    `Cannot call '${hook}' of a scheduler plugin: no attempt was begun. Call it in a lease: plugin.lease({ pod, nodes })`,
    { hook },
  )
}

/** The name of a node that a hook is called with: `INPUT_INVALID`. */
export function checkNode(hook: string, node: unknown): string {
  return typeof node === 'string' ? node : refuse(hook, 'it takes the name of a node')
}

/** The same of several. */
export function checkNodes(hook: string, nodes: readonly string[]): readonly string[] {
  const list: unknown = nodes
  if (!Array.isArray(list)) return refuse(hook, 'it takes the names of nodes')
  // A loop: there are thousands.
  for (const node of nodes) checkNode(hook, node)
  return nodes
}

/** Numbers by the names of nodes. */
export function checkNumbers(
  hook: string,
  numbers: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const whole = typeof numbers === 'object' && numbers !== null && Object.values(numbers).every(Number.isSafeInteger)
  return whole ? numbers : refuse(hook, 'it takes whole numbers by the names of nodes')
}

/** A pod that can be encoded. */
export function checkPod(pod: KubernetesObject): KubernetesObject {
  encodePod(pod)
  return pod
}

function refuse(hook: string, wanted: string): never {
  throw new MortiseError('INPUT_INVALID', `Cannot call '${hook}' of a scheduler plugin: ${wanted}`, { hook })
}
