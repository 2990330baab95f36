import { field, listOf } from '../../contracts/scheduler/fields.ts'
import type { KubernetesObject } from '../../contracts/scheduler/kubernetes/object.ts'
import { quantityNanos } from '../../contracts/scheduler/kubernetes/quantity.ts'
import { MortiseError } from '../../errors.ts'
import { podName } from '../objects.ts'

/** Amounts of resources by name: of `cpu` in thousandths, of all others in units. */
export type Resources = ReadonlyMap<string, number>

const requests = new WeakMap<KubernetesObject, Resources>()

/**
 * What a pod asks for: the sum of its containers, or what its init containers need at most, where that is more.
 *
 * @throws MortiseError `INPUT_INVALID`
 */
export function requestsOf(pod: KubernetesObject): Resources {
  const known = requests.get(pod)
  if (known !== undefined) return known
  const where = `the pod '${podName(pod)}'`
  const own = (container: unknown): Resources => resourcesOf(field(container, 'resources', 'requests'), where)
  let running = sum(listOf(field(pod, 'spec', 'containers')).map(own))
  let sidecars: Resources = new Map()
  let starting: Resources = new Map()
  for (const container of listOf(field(pod, 'spec', 'initContainers'))) {
    // A sidecar stays: it is there while those after it start, and while the pod runs.
    if (field(container, 'restartPolicy') === 'Always') {
      sidecars = sum([sidecars, own(container)])
      starting = most(starting, sidecars)
    } else starting = most(starting, sum([sidecars, own(container)]))
  }
  running = most(sum([running, sidecars]), starting)
  const all = sum([running, resourcesOf(field(pod, 'spec', 'overhead'), where)])
  requests.set(pod, all)
  return all
}

/** A map of quantities, as nodes and containers have them. */
export function resourcesOf(quantities: unknown, where: string): Resources {
  if (typeof quantities !== 'object' || quantities === null) return new Map()
  return new Map(
    Object.entries(quantities).map(([name, value]): [string, number] => {
      const nanos = quantityNanos(String(value))
      if (nanos === undefined)
        throw new MortiseError('INPUT_INVALID', `Cannot read '${name}' of ${where}: '${String(value)}' is no quantity`)
      const unit = name === 'cpu' ? 1_000_000n : 1_000_000_000n
      return [name, Number((nanos + unit - 1n) / unit)]
    }),
  )
}

export function sum(all: readonly Resources[]): Resources {
  const total = new Map<string, number>()
  for (const resources of all) for (const [name, amount] of resources) total.set(name, (total.get(name) ?? 0) + amount)
  return total
}

function most(one: Resources, other: Resources): Resources {
  const names = new Set([...one.keys(), ...other.keys()])
  return new Map(Array.from(names, (name) => [name, Math.max(one.get(name) ?? 0, other.get(name) ?? 0)]))
}
