import { type Binding, type Contract, defineContract, type LeaseSteps } from '../../contract.ts'
import type { Instance } from '../../runtime.ts'
import type { Attempt } from './attempt.ts'
import type { SchedulerHooks } from './hooks.ts'
import { schedulerOnEsm } from './esm.ts'
import { parseScheduler, type SchedulerOptions } from './options.ts'
import type { SchedulerValues } from './values.ts'
import { schedulerOnWasm } from './wasm.ts'

/** Where it runs. */
export interface SchedulerBindings {
  readonly wasm: Binding<SchedulerHooks, 'wasm', 'sync'> & {
    readonly values: (instance: Instance<'wasm'>) => SchedulerValues
    readonly leases: LeaseSteps<'wasm', Attempt>
  }
  readonly esm: Binding<SchedulerHooks, 'esm', 'sync'> & {
    readonly values: (instance: Instance<'esm'>) => SchedulerValues
    readonly leases: LeaseSteps<'esm', Attempt>
  }
}

/**
 * The contract of plugins for Kubernetes' scheduler, by the ABI of kube-scheduler-wasm-extension, whose guests run unchanged.
 *
 * On `esm` the same hooks are the exports of a module in JavaScript, a `SchedulerModule`, for plugins that you trust.
 *
 * `plugin.lease({ pod, nodes })` begins an attempt at scheduling one pod; its hooks are the extension points of the scheduling
 * framework, and nodes are given by their names. `plugin.values` says which of them the plugin takes part in, and which events it
 * waits for. A failed call ends the attempt.
 *
 * Hooks throw `INPUT_INVALID` for a pod or node that is none, `ATTEMPT_ABSENT` outside of a lease, `GUEST_POINTER` and
 * `GUEST_RESULT` for what the guest hands over, what hooks of a lease throw, and whatever a guest on the runtime can fail with.
 *
 * @param options - `config` (none), `severity` (`info`), `args` (none), `handle` (nobody waits, events are dropped), `strict` (false)
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
 * @example
 * ```ts
 * import { Mortise } from 'mortise'
 * import { NodeSnapshot, scheduler } from 'mortise/scheduler'
 * import { wasm } from 'mortise/wasm'
 *
 * const nodes = new NodeSnapshot([{ metadata: { name: 'node-1' } }, { metadata: { name: 'node-2' } }])
 *
 * export async function place(source: Uint8Array): Promise<string | undefined> {
 *   await using host = new Mortise({ runtimes: [wasm()] })
 *   const plugin = await host.plug('node-number', source, scheduler({ config: '{"reverse":true}' }))
 *   await using attempt = await plugin.lease({ pod: { metadata: { name: 'pod-1' } }, nodes })
 *   attempt.hooks.preFilter()
 *   const scores = nodes.names.map((name) => [name, attempt.hooks.score(name).score] as const)
 *   return scores.toSorted(([, one], [, other]) => other - one)[0]?.[0]
 * }
 * ```
 */
export function scheduler(options: SchedulerOptions = {}): Contract<SchedulerHooks, SchedulerBindings> {
  const parsed = parseScheduler(options)
  return defineContract<SchedulerHooks>()({
    name: 'scheduler',
    pure: false,
    hooks: {
      enqueue: 0,
      preFilter: 0,
      addPod: 2,
      removePod: 2,
      filter: 1,
      postFilter: 1,
      preScore: 1,
      score: 1,
      normalizeScore: 1,
      reserve: 1,
      unreserve: 1,
      permit: 1,
      preBind: 1,
      bind: 1,
      postBind: 1,
    },
    bindings: { wasm: schedulerOnWasm(parsed), esm: schedulerOnEsm(parsed) },
  })
}

export type { Attempt } from './attempt.ts'
export type { ClusterAction, ClusterEvent } from './events.ts'
export type { ObjectReference, SchedulerEvent, SchedulerHandle, WaitingPods } from './handle.ts'
export type {
  NormalizeScoreResult,
  PermitResult,
  PostFilterResult,
  PreFilterResult,
  SchedulerHook,
  SchedulerHooks,
  ScoreResult,
  Scores,
} from './hooks.ts'
export type { KubernetesObject } from './kubernetes/object.ts'
export type { ModuleAttempt, ModuleStatus, SchedulerModule, WithStatus } from './module.ts'
export { NodeSnapshot } from './nodes.ts'
export type { SchedulerOptions, Severity } from './options.ts'
export { type Status, statusCode } from './status.ts'
export type { SchedulerValues } from './values.ts'
