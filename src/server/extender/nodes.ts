import type { KubernetesObject } from '../../contracts/scheduler/kubernetes/object.ts'
import { NodeSnapshot } from '../../contracts/scheduler/nodes.ts'
import { MortiseError } from '../../errors.ts'
import type { NamedObject } from '../../kubernetes/objects.ts'
import type { ListWatch } from '../../kubernetes/list-watch.ts'
import type { SentNode } from './node-texts.ts'

/** The nodes of the cluster, as they are now: one snapshot for all who ask between two changes. */
export class ClusterNodes {
  readonly #nodes: ListWatch
  #snapshot: NodeSnapshot | undefined
  #changes = -1

  constructor(nodes: ListWatch) {
    this.#nodes = nodes
  }

  /** @throws MortiseError `API_SERVER_FAILED` as long as they were never listed */
  snapshot(): NodeSnapshot {
    const { changes, objects, ready } = this.#nodes
    if (!ready) {
      const sentence = 'Cannot look at nodes: the API server has not listed them yet. The log says why'
      throw new MortiseError('API_SERVER_FAILED', sentence)
    }
    if (this.#snapshot === undefined || this.#changes !== changes) {
      this.#snapshot = new NodeSnapshot(objects.values())
      this.#changes = changes
    }
    return this.#snapshot
  }
}

/** The nodes of requests: one snapshot for all in a row that have the same ones. */
export class RequestNodes {
  #nodes: readonly KubernetesObject[] = []
  #snapshot: NodeSnapshot = new NodeSnapshot([])

  snapshot(sent: readonly SentNode[]): NodeSnapshot {
    const same = sent.length === this.#nodes.length && sent.every(({ node }, index) => node === this.#nodes[index])
    if (!same) {
      this.#nodes = sent.map(({ node }) => node)
      this.#snapshot = new NodeSnapshot(this.#nodes)
    }
    return this.#snapshot
  }
}

/** What is kept of a node: who wrote which field is of no use to a plugin, and kube-scheduler drops it too. */
export function withoutManagers(node: NamedObject): NamedObject {
  const { managedFields: _, ...metadata } = { managedFields: undefined, ...node.metadata }
  return { ...node, metadata }
}
