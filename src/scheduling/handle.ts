import type { SchedulerEvent, SchedulerHandle, WaitingPods } from '../contracts/scheduler/handle.ts'
import type { KubernetesObject } from '../contracts/scheduler/kubernetes/object.ts'
import { uidOf } from './objects.ts'

/**
 * What plugins can do beside answering, for a simulation: their events are collected, and pods wait as long as the simulation has it.
 * Give it to the plugins when they are plugged in, and to the simulation.
 */
export class SimulationHandle implements SchedulerHandle {
  readonly waitingPods: WaitingPods
  readonly #waiting = new Map<string, { readonly pod: KubernetesObject; rejected: boolean }>()
  #events: SchedulerEvent[] = []

  constructor() {
    this.waitingPods = {
      get: (uid) => this.#waiting.get(uid)?.pod,
      reject: (uid) => {
        const waiting = this.#waiting.get(uid)
        if (waiting !== undefined) waiting.rejected = true
        return waiting !== undefined
      },
    }
  }

  readonly event = (event: SchedulerEvent): void => {
    if (this.#events.length < mostEvents) this.#events.push(event)
  }

  /** The events since it was asked the last time, 1,000 of them at most. */
  takeEvents(): readonly SchedulerEvent[] {
    const events = this.#events
    this.#events = []
    return events
  }

  /** The pod waits from now on. */
  add(pod: KubernetesObject): void {
    this.#waiting.set(uidOf(pod), { pod, rejected: false })
  }

  /** Whether a plugin rejected a pod that waits. */
  isRejected(pod: KubernetesObject): boolean {
    return this.#waiting.get(uidOf(pod))?.rejected === true
  }

  remove(pod: KubernetesObject): void {
    this.#waiting.delete(uidOf(pod))
  }
}

const mostEvents = 1000
