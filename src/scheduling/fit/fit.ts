import type { Attempt } from '../../contracts/scheduler/attempt.ts'
import { field } from '../../contracts/scheduler/fields.ts'
import type { KubernetesObject } from '../../contracts/scheduler/kubernetes/object.ts'
import { type Status, statusCode, success } from '../../contracts/scheduler/status.ts'
import type { Cluster } from '../cluster.ts'
import { nameOf } from '../objects.ts'
import { builtIn, type SchedulerPlugin } from '../plugin.ts'
import { portsClash } from './ports.ts'
import { requestsOf, type Resources, resourcesOf, sum } from './requests.ts'
import { isSelected } from './selectors.ts'
import { toleratesUnschedulable, untolerated } from './taints.ts'

/**
 * A filter that checks what every cluster checks, so that a pod does not go where it could not run: whether the node takes pods, the
 * name of the node, taints, `nodeSelector` and required node affinity, ports of the node, and requests of resources against what is
 * left of what the node can allocate.
 *
 * These are the filters of kube-scheduler that need nothing but nodes and pods, with its reasons. What it does not check: volumes,
 * affinity between pods, and topology spread. It scores nothing. A node that says nothing of what it can allocate has enough.
 *
 * @param cluster - the pods on the nodes, as they are at each attempt
 *
 * @example
 * ```ts
 * import { Cluster, fit, Simulation } from 'mortise/scheduling'
 *
 * const small = { cpu: '1', memory: '1Gi', pods: '10' }
 * const cluster = new Cluster([{ kind: 'Node', metadata: { name: 'node-1' }, status: { allocatable: small } }])
 * const simulation = new Simulation(cluster, [{ plugin: fit(cluster) }])
 * const container = { name: 'web', resources: { requests: { cpu: '1500m' } } }
 * const [outcome] = await simulation.run([{ metadata: { name: 'web-0' }, spec: { containers: [container] } }])
 * console.log(outcome?.message)
 * ```
 */
export function fit(cluster: Cluster): SchedulerPlugin {
  return builtIn('fit', ['addPod', 'filter'], ({ pod, nodes }: Attempt) => {
    const added = new Map<string, readonly KubernetesObject[]>()
    return {
      addPod(other, name) {
        added.set(name, [...(added.get(name) ?? []), other])
        return success
      },
      filter(name) {
        const node = nodes.get(name)
        if (node === undefined) return success
        const others = cluster.podsOn(name)
        const more = added.get(name)
        return check(pod, node, more === undefined ? others : [...others, ...more])
      },
    }
  })
}

function check(pod: KubernetesObject, node: KubernetesObject, others: readonly KubernetesObject[]): Status {
  if (field(node, 'spec', 'unschedulable') === true && !toleratesUnschedulable(pod))
    return never('node(s) were unschedulable')
  const wanted = field(pod, 'spec', 'nodeName')
  if (typeof wanted === 'string' && wanted !== '' && wanted !== nameOf(node))
    return never("node(s) didn't match the requested node name")
  const taint = untolerated(pod, node)
  if (taint !== undefined) return never(`node(s) had untolerated taint ${taint}`)
  if (!isSelected(pod, node)) return never("node(s) didn't match Pod's node affinity/selector")
  if (portsClash(pod, others)) return notNow("node(s) didn't have free ports for the requested pod ports")
  return checkResources(pod, node, others)
}

function checkResources(pod: KubernetesObject, node: KubernetesObject, others: readonly KubernetesObject[]): Status {
  const allocatable = allocatableOf(node)
  if (allocatable === undefined) return success
  const lacking: string[] = []
  if (others.length + 1 > (allocatable.get('pods') ?? 0)) lacking.push('Too many pods')
  const used = usedBy(others)
  let hopeless = false
  for (const [name, asked] of requestsOf(pod)) {
    const all = allocatable.get(name) ?? 0
    if (asked === 0 || asked <= all - (used.get(name) ?? 0)) continue
    lacking.push(`Insufficient ${name}`)
    hopeless ||= asked > all
  }
  if (lacking.length === 0) return success
  return hopeless ? never(lacking.join(' and ')) : notNow(lacking.join(' and '))
}

const allocatables = new WeakMap<KubernetesObject, Resources>()
const used = new WeakMap<readonly KubernetesObject[], Resources>()

function allocatableOf(node: KubernetesObject): Resources | undefined {
  const known = allocatables.get(node)
  const said = field(node, 'status', 'allocatable') ?? field(node, 'status', 'capacity')
  if (known !== undefined || said === undefined) return known
  const resources = resourcesOf(said, `the node '${nameOf(node)}'`)
  allocatables.set(node, resources)
  return resources
}

function usedBy(pods: readonly KubernetesObject[]): Resources {
  const known = used.get(pods)
  if (known !== undefined) return known
  const resources = sum(pods.map(requestsOf))
  used.set(pods, resources)
  return resources
}

/** Nothing that happens on the node changes it. */
const never = (reason: string): Status => ({ code: statusCode.unschedulableAndUnresolvable, reason })

const notNow = (reason: string): Status => ({ code: statusCode.unschedulable, reason })
