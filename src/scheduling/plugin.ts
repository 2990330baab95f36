import type { Attempt } from '../contracts/scheduler/attempt.ts'
import type { SchedulerHook, SchedulerHooks, ScoreResult } from '../contracts/scheduler/hooks.ts'
import { type Status, success } from '../contracts/scheduler/status.ts'

/**
 * What takes part in scheduling: a plugin that `host.plug` gave for the contract of `mortise/scheduler`, or one that
 * {@link builtIn} made.
 */
export interface SchedulerPlugin {
  readonly name: string
  /** The extension points that it takes part in: no other one is called. */
  readonly values: { readonly hooks: readonly SchedulerHook[] }
  /** Begins one attempt at scheduling one pod: all its hooks share what they know. */
  lease(attempt: Attempt): Promise<SchedulerLease>
}

/** A plugin during one attempt. */
export interface SchedulerLease extends AsyncDisposable {
  readonly hooks: SchedulerHooks
  /** The filters of many nodes, where they are quicker together than one after another. */
  readonly filterAll?: (nodes: readonly string[]) => Promise<readonly Status[]>
  /** The scores of many nodes, likewise. */
  readonly scoreAll?: (nodes: readonly string[]) => Promise<readonly ScoreResult[]>
}

/**
 * A plugin in the host's own JavaScript. Nothing limits it: it is for code that you trust, such as what the cluster would check anyway.
 *
 * @param name - unlike those of the other plugins of a profile
 * @param hooks - the extension points that it takes part in
 * @param begin - called for every attempt, with what it is about; gives those hooks
 *
 * @example
 * ```ts
 * import { builtIn } from 'mortise/scheduling'
 *
 * const unschedulable = 2
 * const even = builtIn('even', ['filter'], () => ({
 *   filter: (node) => /[02468]$/.test(node) ? { code: 0, reason: '' } : { code: unschedulable, reason: 'node is odd' },
 * }))
 * console.log(even.name)
 * ```
 */
export function builtIn<const N extends SchedulerHook>(
  name: string,
  hooks: readonly N[],
  begin: (attempt: Attempt) => Pick<SchedulerHooks, N>,
): SchedulerPlugin {
  return {
    name,
    values: Object.freeze({ hooks: Object.freeze([...hooks]) }),
    lease: async (attempt) => ({ hooks: { ...absent, ...begin(attempt) }, [Symbol.asyncDispose]: async () => {} }),
  }
}

/** The hooks of a plugin that takes part in nothing. */
const absent: SchedulerHooks = {
  enqueue: () => [],
  preFilter: () => ({ status: success, nodeNames: undefined }),
  addPod: () => success,
  removePod: () => success,
  filter: () => success,
  postFilter: () => ({ status: success, nominatedNode: '', nominatingMode: 0 }),
  preScore: () => success,
  score: () => ({ status: success, score: 0 }),
  normalizeScore: (scores) => ({ status: success, scores }),
  reserve: () => success,
  unreserve() {},
  permit: () => ({ status: success, timeout: 0 }),
  preBind: () => success,
  bind: () => success,
  postBind() {},
}
