/** An event of the cluster that may make a pod schedulable. */
export interface ClusterEvent {
  /** What it is about, as Kubernetes calls it: `Node`, `storage.k8s.io/CSINode`; `*` for anything. */
  readonly resource: string
  /** The bits of what happens to it, as the guest gave them. */
  readonly actionType: number
  /** The same in words; bits that have none are left out. */
  readonly actions: readonly ClusterAction[]
}

/** The bits of an action type, by their names in the framework. */
const bits = {
  Add: 1,
  Delete: 2,
  UpdateNodeAllocatable: 4,
  UpdateNodeLabel: 8,
  UpdateNodeTaint: 16,
  UpdateNodeCondition: 32,
} as const

/** What happens to something in the cluster. */
export type ClusterAction = keyof typeof bits

const resources = [
  'Pod',
  'Node',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'PodSchedulingContext',
  'ResourceClaim',
  'storage.k8s.io/StorageClass',
  'storage.k8s.io/CSINode',
  'storage.k8s.io/CSIDriver',
  'storage.k8s.io/CSIStorageCapacity',
  '*',
] as const

const all = Object.values(bits).reduce((sum, bit) => sum | bit, 0)

/** An event as guests number it. */
export function clusterEvent(resource: number, actionType: number): ClusterEvent {
  return Object.freeze({
    resource: resources[resource] ?? `EventResource(${resource})`,
    actionType,
    actions: Object.freeze(actionNames(actionType)),
  })
}

/** The names of the bits of an action type. */
export function actionNames(actionType: number): readonly ClusterAction[] {
  return allActions.filter((name) => (actionType & bits[name]) !== 0)
}

const isAction = (name: string): name is ClusterAction => Object.hasOwn(bits, name)
const allActions = Object.keys(bits).filter(isAction)

/** What a plugin that names no events is asked again for. */
export const defaultEvents: readonly ClusterEvent[] = Object.freeze(
  [0, 1, 7, 2, 3, 6].map((resource) => clusterEvent(resource, all)),
)
