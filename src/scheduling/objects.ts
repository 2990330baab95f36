import { field, textOf } from '../contracts/scheduler/fields.ts'
import type { KubernetesObject } from '../contracts/scheduler/kubernetes/object.ts'

/** The name of a pod with its namespace, as `kubectl` writes it. */
export function podName(pod: KubernetesObject): string {
  return `${textOf(field(pod, 'metadata', 'namespace')) || 'default'}/${nameOf(pod)}`
}

export const nameOf = (object: KubernetesObject): string => textOf(field(object, 'metadata', 'name'))

export const uidOf = (object: KubernetesObject): string => textOf(field(object, 'metadata', 'uid'))
