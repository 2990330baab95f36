import type { KubernetesObject } from './kubernetes/object.ts'

/** What an event of a plugin is about; what is not known is empty. */
export interface ObjectReference {
  readonly kind: string
  readonly apiVersion: string
  readonly name: string
  readonly namespace: string
  readonly uid: string
  readonly resourceVersion: string
}

/** An event that a plugin records, as `kubectl describe` shows them. */
export interface SchedulerEvent {
  readonly regarding: ObjectReference
  /** `undefined` where the plugin names nothing. */
  readonly related: ObjectReference | undefined
  /** `Normal` or `Warning`; plugins write other words too. */
  readonly type: string
  readonly reason: string
  readonly action: string
  /** As it is: nothing in it is a format. */
  readonly note: string
}

/** What a plugin can do beside answering. Each part may be left out: then nobody waits, and events are dropped. */
export interface SchedulerHandle {
  /** Takes an event, while the hook runs. */
  readonly event?: (event: SchedulerEvent) => void
  readonly waitingPods?: WaitingPods
}

/** The pods that wait for a permit. */
export interface WaitingPods {
  /** @returns the pod with this UID, where it waits */
  get(uid: string): KubernetesObject | undefined
  /** @returns whether one waited, and does no more */
  reject(uid: string): boolean
}
