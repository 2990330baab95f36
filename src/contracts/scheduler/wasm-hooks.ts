import type { Instance } from '../../runtime.ts'
import type { SchedulerHook, SchedulerHooks } from './hooks.ts'
import { checkNode, checkNodes, checkNumbers, checkPod, noAttempt } from './input.ts'
import { normalized } from './normalized.ts'
import { type Status, success } from './status.ts'
import { hookExports } from './wasm-abi.ts'
import type { Cycle, Input } from './wasm-cycle.ts'

/** What hooks give that the guest does not export. */
const unhindered = Object.freeze({ status: success, nodeNames: undefined })
const unscored = Object.freeze({ status: success, score: 0 })
const permitted = Object.freeze({ status: success, timeout: 0 })
const unresolved = Object.freeze({ status: success, nominatedNode: '', nominatingMode: 0 })

type Run = (input: Input) => void

/** The hooks of one instance. One that the guest does not export does nothing, and succeeds. */
export function guestHooks(instance: Instance<'wasm'>, cycle: Cycle): SchedulerHooks {
  const run = (hook: SchedulerHook): Run | undefined => {
    const [name] = hookExports[hook]
    if (!(name in instance.unit.exports)) return undefined
    return instance.guard.exported<Input>(
      hook,
      { begin: (input) => cycle.enter(input), commit: (result) => cycle.returned(result), end: () => cycle.leave() },
      name,
    )
  }
  /** Of all but `enqueue`. */
  const within = (hook: SchedulerHook): Run | undefined => {
    const call = run(hook)
    return call && ((input) => (cycle.begun ? call(input) : noAttempt(hook)))
  }
  const enqueue = run('enqueue')
  return {
    enqueue() {
      cycle.events = []
      enqueue?.({})
      return cycle.events
    },
    ...filtering(within, cycle),
    ...scoring(within, cycle),
    ...binding(within, cycle),
  }
}

type HookOf = (hook: SchedulerHook) => Run | undefined

function filtering(
  hook: HookOf,
  cycle: Cycle,
): Pick<SchedulerHooks, 'preFilter' | 'addPod' | 'removePod' | 'filter' | 'postFilter'> {
  const [preFilter, postFilter] = [hook('preFilter'), hook('postFilter')]
  const withPod = (name: 'addPod' | 'removePod'): SchedulerHooks['addPod'] => {
    const run = hook(name)
    if (run === undefined) return () => success
    return (target, node) => {
      run({ node: checkNode(name, node), target: checkPod(target) })
      return cycle.status(cycle.low)
    }
  }
  return {
    preFilter() {
      if (preFilter === undefined) return unhindered
      cycle.nodeNames = []
      preFilter({})
      const { nodeNames } = cycle
      return { status: cycle.status(cycle.low), nodeNames: nodeNames.length === 0 ? undefined : nodeNames }
    },
    addPod: withPod('addPod'),
    removePod: withPod('removePod'),
    filter: onNode('filter', hook, cycle),
    postFilter(codes) {
      if (postFilter === undefined) return unresolved
      cycle.nominated = ''
      postFilter({ codes: checkNumbers('postFilter', codes) })
      return { status: cycle.status(cycle.low), nominatedNode: cycle.nominated, nominatingMode: cycle.high }
    },
  }
}

function scoring(hook: HookOf, cycle: Cycle): Pick<SchedulerHooks, 'preScore' | 'score' | 'normalizeScore'> {
  const [preScore, score, normalizeScore] = [hook('preScore'), hook('score'), hook('normalizeScore')]
  return {
    preScore(nodes) {
      if (preScore === undefined) return success
      preScore({ filtered: checkNodes('preScore', nodes) })
      return cycle.status(cycle.low)
    },
    score(node) {
      if (score === undefined) return unscored
      score({ node: checkNode('score', node) })
      return { status: cycle.status(cycle.low), score: cycle.high }
    },
    normalizeScore(scores) {
      if (normalizeScore === undefined) return { status: success, scores }
      cycle.normalized = undefined
      normalizeScore({ scores: checkNumbers('normalizeScore', scores) })
      return normalized(cycle.status(cycle.low), scores, cycle.normalized)
    },
  }
}

function binding(
  hook: HookOf,
  cycle: Cycle,
): Pick<SchedulerHooks, 'reserve' | 'unreserve' | 'permit' | 'preBind' | 'bind' | 'postBind'> {
  const permit = hook('permit')
  const silently = (name: 'unreserve' | 'postBind'): ((node: string) => void) => {
    const run = hook(name)
    return (node) => run?.({ node: checkNode(name, node) })
  }
  return {
    reserve: onNode('reserve', hook, cycle),
    unreserve: silently('unreserve'),
    permit(node) {
      if (permit === undefined) return permitted
      permit({ node: checkNode('permit', node) })
      // The other way round than with all others.
      return { status: cycle.status(cycle.high), timeout: cycle.low >>> 0 }
    },
    preBind: onNode('preBind', hook, cycle),
    bind: onNode('bind', hook, cycle),
    postBind: silently('postBind'),
  }
}

function onNode(name: SchedulerHook, hook: HookOf, cycle: Cycle): (node: string) => Status {
  const run = hook(name)
  if (run === undefined) return () => success
  return (node) => {
    run({ node: checkNode(name, node) })
    return cycle.status(cycle.low)
  }
}
