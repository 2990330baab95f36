import { field, listOf, textOf } from '../contracts/scheduler/fields.ts'
import type { KubernetesObject } from '../contracts/scheduler/kubernetes/object.ts'

/** The name of a pod with its namespace, as `kubectl` writes it. */
export function podName(pod: KubernetesObject): string {
  return `${textOf(field(pod, 'metadata', 'namespace')) || 'default'}/${nameOf(pod)}`
}

export const nameOf = (object: KubernetesObject): string => textOf(field(object, 'metadata', 'name'))

export const uidOf = (object: KubernetesObject): string => textOf(field(object, 'metadata', 'uid'))

/** Why a scheduler does not even try to place a pod; `undefined` where it does. */
export function blockedBy(pod: KubernetesObject): string | undefined {
  if (field(pod, 'metadata', 'deletionTimestamp') != null) return 'it is being deleted'
  const gates = listOf(field(pod, 'spec', 'schedulingGates')).map((gate) => textOf(field(gate, 'name')))
  return gates.length > 0 ? `it has the scheduling gates ${gates.join(', ')}` : undefined
}
