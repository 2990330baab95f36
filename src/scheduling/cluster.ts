import { field, textOf } from '../contracts/scheduler/fields.ts'
import type { KubernetesObject } from '../contracts/scheduler/kubernetes/object.ts'
import { NodeSnapshot } from '../contracts/scheduler/nodes.ts'
import { MortiseError } from '../errors.ts'
import { nameOf, podName } from './objects.ts'

const nobody: readonly KubernetesObject[] = Object.freeze([])

/**
 * The nodes of a cluster and the pods on them, as a scheduler knows them: a pod counts for its node as soon as it is to go there.
 *
 * @example
 * ```ts
 * import { Cluster } from 'mortise/scheduling'
 *
 * const cluster = new Cluster([{ kind: 'Node', metadata: { name: 'node-1' } }])
 * cluster.assume({ metadata: { name: 'web-0', uid: '1' } }, 'node-1')
 * console.log(cluster.podsOn('node-1').length)
 * ```
 */
export class Cluster {
  readonly nodes: NodeSnapshot
  /** The pods that are on no node yet, in the order in which a scheduler takes them: by priority, then as they were given. */
  readonly pending: readonly KubernetesObject[]
  /** Lists are never changed: what was computed of one holds as long as it is there. */
  readonly #pods = new Map<string, readonly KubernetesObject[]>()
  /** The pods that are nominated to a node, by their names. */
  readonly #nominated = new Map<string, { readonly pod: KubernetesObject; readonly node: string }>()

  /**
   * @param objects - nodes and pods, as `kubectl get nodes,pods -o json` prints them; whatever else there is counts for nothing
   * @throws MortiseError `INPUT_INVALID` for an object without a name
   */
  constructor(objects: Iterable<KubernetesObject>) {
    const all = Array.from(objects, named)
    this.nodes = new NodeSnapshot(all.filter(({ kind }) => kind === 'Node'))
    const pods = all.filter(({ kind }) => kind === 'Pod').filter(isAlive)
    for (const pod of pods) {
      const node = textOf(field(pod, 'spec', 'nodeName'))
      if (node !== '') this.#pods.set(node, [...this.podsOn(node), pod])
    }
    this.pending = byPriority(pods.filter((pod) => textOf(field(pod, 'spec', 'nodeName')) === ''))
    for (const pod of this.pending) this.nominate(pod, textOf(field(pod, 'status', 'nominatedNodeName')))
  }

  /** The pods on a node, those among them that are still to be bound; the same list as long as none comes or goes. */
  podsOn(node: string): readonly KubernetesObject[] {
    return this.#pods.get(node) ?? nobody
  }

  /** The pod may soon be on the node, where others make room for it. @param node - empty for none */
  nominate(pod: KubernetesObject, node: string): void {
    if (node === '') this.#nominated.delete(podName(pod))
    else this.#nominated.set(podName(pod), { pod, node })
  }

  /** The pods that are nominated to a node and go before another one: those whose priority is not lower. */
  nominatedBefore(pod: KubernetesObject, node: string): readonly KubernetesObject[] {
    if (this.#nominated.size === 0) return nobody
    return Array.from(this.#nominated.values())
      .filter((other) => other.node === node && podName(other.pod) !== podName(pod))
      .map((other) => other.pod)
      .filter((other) => priorityOf(other) >= priorityOf(pod))
  }

  /** From now on the pod counts for the node. */
  assume(pod: KubernetesObject, node: string): void {
    this.#pods.set(node, [...this.podsOn(node), pod])
  }

  /** The pod does not go to the node after all. @param pod - the object that was assumed */
  forget(pod: KubernetesObject, node: string): void {
    this.#pods.set(
      node,
      this.podsOn(node).filter((other) => other !== pod),
    )
  }
}

/** Pods in the order in which a scheduler takes them. */
export function byPriority(pods: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return pods.toSorted((one, other) => priorityOf(other) - priorityOf(one))
}

function priorityOf(pod: KubernetesObject): number {
  const priority = field(pod, 'spec', 'priority')
  return typeof priority === 'number' ? priority : 0
}

function named(object: KubernetesObject): KubernetesObject {
  if (nameOf(object) !== '') return object
  throw new MortiseError(
    'INPUT_INVALID',
    `Cannot read the cluster: a ${textOf(object['kind']) || 'object'} has no name`,
  )
}

/** A pod that has ended holds nothing. */
function isAlive(pod: KubernetesObject): boolean {
  const phase = field(pod, 'status', 'phase')
  return phase !== 'Succeeded' && phase !== 'Failed'
}
