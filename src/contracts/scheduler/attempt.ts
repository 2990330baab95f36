import type { NodeSnapshot } from './nodes.ts'
import type { KubernetesObject } from './kubernetes/object.ts'

/** One attempt at scheduling one pod: what a lease of a scheduler plugin is about. */
export interface Attempt {
  /** The pod that is to be scheduled. */
  readonly pod: KubernetesObject
  /** The nodes as they are during the attempt; several attempts may share them. */
  readonly nodes: NodeSnapshot
}
