import { field, listOf, textOf } from '../../contracts/scheduler/fields.ts'
import type { KubernetesObject } from '../../contracts/scheduler/kubernetes/object.ts'

const repelling: ReadonlySet<unknown> = new Set(['NoSchedule', 'NoExecute'])

/** The first taint of a node that keeps a pod away from it, as `kubectl` writes it. */
export function untolerated(pod: KubernetesObject, node: KubernetesObject): string | undefined {
  const tolerations = listOf(field(pod, 'spec', 'tolerations'))
  const taint = listOf(field(node, 'spec', 'taints')).find(
    (candidate) =>
      repelling.has(field(candidate, 'effect')) && !tolerations.some((toleration) => tolerates(toleration, candidate)),
  )
  return taint === undefined ? undefined : `{${textOf(field(taint, 'key'))}: ${textOf(field(taint, 'value'))}}`
}

/** Whether a pod may go to a node that takes no new ones. */
export function toleratesUnschedulable(pod: KubernetesObject): boolean {
  const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }
  return listOf(field(pod, 'spec', 'tolerations')).some((toleration) => tolerates(toleration, taint))
}

function tolerates(toleration: unknown, taint: unknown): boolean {
  const effect = textOf(field(toleration, 'effect'))
  if (effect !== '' && effect !== field(taint, 'effect')) return false
  const key = textOf(field(toleration, 'key'))
  const operator = textOf(field(toleration, 'operator')) || 'Equal'
  if (key === '') return operator === 'Exists'
  if (key !== field(taint, 'key')) return false
  return operator === 'Exists' || textOf(field(toleration, 'value')) === textOf(field(taint, 'value'))
}
