import type { Binding, LeaseSteps } from '../../contract.ts'
import type { Instance } from '../../runtime.ts'
import type { Attempt } from './attempt.ts'
import { defaultEvents } from './events.ts'
import type { SchedulerHook, SchedulerHooks } from './hooks.ts'
import { checkAttempt, checkNode, checkNodes, checkNumbers, checkPod, noAttempt } from './input.ts'
import type { ModuleAttempt } from './module.ts'
import {
  namesWithin,
  numberWithin,
  readEventList,
  readNumbers,
  readStatus,
  statusWithin,
  textWithin,
} from './module-result.ts'
import { normalized } from './normalized.ts'
import type { ParsedSchedulerOptions } from './options.ts'
import { hookNames } from './hook-names.ts'
import { success } from './status.ts'
import type { SchedulerValues } from './values.ts'

type Function = (...args: unknown[]) => unknown

/** The attempt that one instance works on. */
interface Working {
  attempt: ModuleAttempt | undefined
}

/** Scheduler plugins as ES modules: the hooks are exports, and get the attempt before what they are about. */
export function schedulerOnEsm(options: ParsedSchedulerOptions): Binding<SchedulerHooks, 'esm', 'sync'> & {
  readonly values: (instance: Instance<'esm'>) => SchedulerValues
  readonly leases: LeaseSteps<'esm', Attempt>
} {
  const all = new WeakMap<Instance<'esm'>, Working>()
  const workingOf = (instance: Instance<'esm'>): Working => {
    const known = all.get(instance) ?? { attempt: undefined }
    all.set(instance, known)
    return known
  }
  return {
    mode: 'sync',
    check({ exports }) {
      const found = exports.filter(({ name }) => hookNames.some((hook) => hook === name))
      if (found.length === 0) return [`none of the hooks is exported: ${hookNames.join(', ')}`]
      return found
        .filter(({ type }) => type !== 'function')
        .map(({ name, type }) => `export '${name}' is ${type}, and must be a function`)
    },
    imports: () => ({}),
    bind: (instance) => moduleHooks(instance, workingOf(instance)),
    leases: {
      begin(instance, attempt) {
        const { pod, nodes } = checkAttempt(attempt)
        const { config, handle } = options
        const { log } = instance.unit.context()
        const { event = () => {}, waitingPods = { get: () => undefined, reject: () => false } } = handle
        workingOf(instance).attempt = { pod, nodes, state: new Map(), config, log, event, waitingPods }
      },
      end(instance) {
        workingOf(instance).attempt = undefined
      },
    },
    values(instance) {
      const hooks = hookNames.filter((hook) => typeof instance.unit.exports[hook] === 'function')
      const events = hooks.includes('enqueue') ? moduleHooks(instance, workingOf(instance)).enqueue() : []
      return { hooks, events: events.length === 0 ? defaultEvents : events }
    },
  }
}

function moduleHooks({ unit, guard }: Instance<'esm'>, working: Working): SchedulerHooks {
  /** A hook of the module around what it gives; `undefined` where it has none. */
  const hook = <R>(name: SchedulerHook, read: (value: unknown) => R): ((...args: unknown[]) => R) | undefined => {
    const exported = unit.exports[name]
    if (!isFunction(exported)) return undefined
    const call = guard(name, (args: readonly unknown[]): R => read(exported(...args)))
    if (name === 'enqueue') return () => call([])
    return (...args) => call([working.attempt ?? noAttempt(name), ...args])
  }
  const status = (name: SchedulerHook): ((...args: unknown[]) => ReturnType<typeof readStatus>) =>
    hook(name, (value) => readStatus(name, value)) ?? (() => success)
  const enqueue = hook('enqueue', (value) => readEventList('enqueue', value))
  const preFilter = hook('preFilter', (value) => {
    return { status: statusWithin('preFilter', value), nodeNames: namesWithin('preFilter', value) }
  })
  const postFilter = hook('postFilter', (value) => ({
    status: statusWithin('postFilter', value),
    nominatedNode: textWithin('postFilter', value, 'nominatedNode'),
    nominatingMode: numberWithin('postFilter', value, 'nominatingMode'),
  }))
  const score = hook('score', (value) => {
    const whole = typeof value === 'number' ? { score: value } : value
    return { status: statusWithin('score', whole), score: numberWithin('score', whole, 'score') }
  })
  const normalizeScore = hook('normalizeScore', (value) => readNumbers('normalizeScore', value))
  const permit = hook('permit', (value) => {
    return { status: statusWithin('permit', value), timeout: numberWithin('permit', value, 'timeout') }
  })
  const [addPod, removePod, filter, preScore] = [
    status('addPod'),
    status('removePod'),
    status('filter'),
    status('preScore'),
  ]
  const [reserve, preBind, bind] = [status('reserve'), status('preBind'), status('bind')]
  const [unreserve, postBind] = [hook('unreserve', () => {}), hook('postBind', () => {})]
  return {
    enqueue: () => enqueue?.() ?? [],
    preFilter: () => preFilter?.() ?? { status: success, nodeNames: undefined },
    addPod: (pod, node) => addPod(checkPod(pod), checkNode('addPod', node)),
    removePod: (pod, node) => removePod(checkPod(pod), checkNode('removePod', node)),
    filter: (node) => filter(checkNode('filter', node)),
    postFilter: (codes) =>
      postFilter?.(checkNumbers('postFilter', codes)) ?? { status: success, nominatedNode: '', nominatingMode: 0 },
    preScore: (nodes) => preScore(checkNodes('preScore', nodes)),
    score: (node) => score?.(checkNode('score', node)) ?? { status: success, score: 0 },
    normalizeScore: (scores) => normalized(success, scores, normalizeScore?.(checkNumbers('normalizeScore', scores))),
    reserve: (node) => reserve(checkNode('reserve', node)),
    unreserve: (node) => unreserve?.(checkNode('unreserve', node)),
    permit: (node) => permit?.(checkNode('permit', node)) ?? { status: success, timeout: 0 },
    preBind: (node) => preBind(checkNode('preBind', node)),
    bind: (node) => bind(checkNode('bind', node)),
    postBind: (node) => postBind?.(checkNode('postBind', node)),
  }
}

const isFunction = (value: unknown): value is Function => typeof value === 'function'
