import { field, listOf, textOf } from '../../contracts/scheduler/fields.ts'
import type { KubernetesObject } from '../../contracts/scheduler/kubernetes/object.ts'

/** Whether a node has the labels that a pod selects, and is what its required node affinity asks for. */
export function isSelected(pod: KubernetesObject, node: KubernetesObject): boolean {
  const selector = field(pod, 'spec', 'nodeSelector')
  const wanted = typeof selector === 'object' && selector !== null ? Object.entries(selector) : []
  if (!wanted.every(([key, value]) => field(node, 'metadata', 'labels', key) === value)) return false
  const required = field(pod, 'spec', 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution')
  return required === undefined || listOf(field(required, 'nodeSelectorTerms')).some((term) => meets(term, node))
}

/** All that a term says; one that says nothing selects nothing. */
function meets(term: unknown, node: KubernetesObject): boolean {
  const labels = listOf(field(term, 'matchExpressions'))
  const fields = listOf(field(term, 'matchFields'))
  if (labels.length + fields.length === 0) return false
  return (
    labels.every((expression) =>
      matches(expression, field(node, 'metadata', 'labels', textOf(field(expression, 'key')))),
    ) && fields.every((expression) => matches(expression, field(node, 'metadata', 'name')))
  )
}

function matches(expression: unknown, found: unknown): boolean {
  const values = listOf(field(expression, 'values'))
  const value = typeof found === 'string' ? found : undefined
  switch (field(expression, 'operator')) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'Gt':
      return isInteger(value) && isInteger(values[0]) && BigInt(value) > BigInt(values[0])
    case 'Lt':
      return isInteger(value) && isInteger(values[0]) && BigInt(value) < BigInt(values[0])
    default:
      return false
  }
}

const isInteger = (value: unknown): value is string => typeof value === 'string' && /^[+-]?\d+$/.test(value)
