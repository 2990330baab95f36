import type { SchedulerEvent } from '../../contracts/scheduler/handle.ts'
import type { KubernetesObject } from '../../contracts/scheduler/kubernetes/object.ts'
import type { SchedulerOptions } from '../../contracts/scheduler/options.ts'
import type { PluginLogLine } from '../../host.ts'
import type { LimitsOf } from '../../runtime.ts'

/** What a thread is started with. */
export interface Start {
  readonly name: string
  readonly bytes: Uint8Array
  readonly scheduler: Omit<SchedulerOptions, 'handle'>
  readonly limits: LimitsOf<'wasm'>
  /** Its place among the threads. */
  readonly index: number
}

/** The nodes of a snapshot, encoded: each begins where the one before ends. */
export interface SharedNodes {
  /** Names and images alone. */
  readonly nodes: readonly KubernetesObject[]
  readonly bytes: SharedArrayBuffer
  readonly ends: readonly number[]
  readonly list: SharedArrayBuffer
}

/** A call that only makes a guest know what another one does. */
export type Replay = { readonly hook: 'preFilter' } | { readonly hook: 'preScore'; readonly nodes: readonly string[] }

/** Calls of one hook about many nodes, of which every thread takes as many as it gets to. */
export interface SharedCalls {
  readonly hook: 'filter' | 'score'
  readonly nodes: readonly string[]
  /** A `Progress`. */
  readonly shared: SharedArrayBuffer
}

/** What a thread is told. */
export type Order =
  | { readonly snapshot: number; readonly nodes: SharedNodes }
  | { readonly forget: number }
  | { readonly begin: number; readonly pod: KubernetesObject; readonly nodes: number }
  | { readonly replay: number; readonly call: Replay }
  | { readonly job: number; readonly attempt: number; readonly calls: SharedCalls }
  | { readonly end: number }

/** What a thread says. */
export type Report =
  | { readonly ready: true }
  | { readonly log: PluginLogLine }
  | { readonly event: SchedulerEvent }
  | {
      readonly job: number
      readonly thread: number
      /** By the place of the node. */
      readonly reasons: readonly (readonly [place: number, reason: string])[]
    }
