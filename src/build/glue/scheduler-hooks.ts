/** A hook that a plugin of a scheduler may have, and what it is exported as. */
export interface Hook {
  /** The export's name, and its result in WebAssembly. */
  readonly as: string
  readonly gives: 'i32' | 'i64' | 'void'
  /** What it is given, in order: functions of `tenon/scheduler/_run`. */
  readonly takes: readonly string[]
  /** How it is declared. */
  readonly declared: string
  /** How it begins, and what becomes of what it returns, and of nothing: functions of `tenon/scheduler/_run`. */
  readonly begin: string
  readonly end?: string
  readonly done?: string
}

const inAttempt = ['state', 'pod()']
const status = { gives: 'i32', begin: 'beginOnce', end: 'status', done: 'done' } as const
const perNode = { gives: 'i32', begin: 'beginNode', end: 'statusNode', done: 'doneNode' } as const
const silent = { gives: 'void', begin: 'beginOnce' } as const
const onNode = (name: string, result: string): string =>
  `${name}(state: CycleState, pod: Pod, nodeName: Text): ${result}`

/** The hooks by the names of their methods, in the order in which a scheduler calls them. */
export const hooks: Readonly<Record<string, Hook>> = {
  enqueue: {
    as: 'enqueue',
    gives: 'void',
    takes: [],
    declared: 'enqueue(): ClusterEvent[]',
    begin: 'beginOnce',
    end: 'clusterEvents',
  },
  preFilter: {
    ...status,
    as: 'prefilter',
    takes: inAttempt,
    declared: 'preFilter(state: CycleState, pod: Pod): Status | null',
    begin: 'beginCycle',
    end: 'preFilter',
  },
  addPod: {
    ...perNode,
    as: 'addpod',
    takes: [...inAttempt, 'target()', 'node()'],
    declared: 'addPod(state: CycleState, pod: Pod, added: Pod, nodeInfo: NodeInfo): Status | null',
  },
  removePod: {
    ...perNode,
    as: 'removepod',
    takes: [...inAttempt, 'target()', 'node()'],
    declared: 'removePod(state: CycleState, pod: Pod, removed: Pod, nodeInfo: NodeInfo): Status | null',
  },
  filter: {
    ...perNode,
    as: 'filter',
    takes: [...inAttempt, 'node()'],
    declared: 'filter(state: CycleState, pod: Pod, nodeInfo: NodeInfo): Status | null',
  },
  postFilter: {
    as: 'postfilter',
    gives: 'i64',
    takes: [...inAttempt, 'statuses()'],
    declared: 'postFilter(state: CycleState, pod: Pod, statuses: NodeStatuses): PostFilterResult',
    begin: 'beginOnce',
    end: 'postFilter',
    done: 'postFilterDone',
  },
  preScore: {
    ...status,
    as: 'prescore',
    takes: [...inAttempt, 'filtered()'],
    declared: 'preScore(state: CycleState, pod: Pod, nodes: NodeInfoList): Status | null',
  },
  score: {
    ...perNode,
    as: 'score',
    gives: 'i64',
    takes: [...inAttempt, 'node()'],
    declared: 'score(state: CycleState, pod: Pod, nodeInfo: NodeInfo): i32',
    end: 'score',
  },
  normalizeScore: {
    ...status,
    as: 'normalizescore',
    takes: [...inAttempt, 'scores()'],
    declared: 'normalizeScore(state: CycleState, pod: Pod, scores: NodeScores): Status | null',
    end: 'normalized',
    done: 'normalizedDone',
  },
  reserve: {
    ...status,
    as: 'reserve',
    takes: [...inAttempt, 'nodeName()'],
    declared: onNode('reserve', 'Status | null'),
  },
  unreserve: { ...silent, as: 'unreserve', takes: [...inAttempt, 'nodeName()'], declared: onNode('unreserve', 'void') },
  permit: {
    as: 'permit',
    gives: 'i64',
    takes: [...inAttempt, 'nodeName()'],
    declared: onNode('permit', 'Status | null'),
    begin: 'beginOnce',
    end: 'permit',
    done: 'done',
  },
  preBind: {
    ...status,
    as: 'prebind',
    takes: [...inAttempt, 'nodeName()'],
    declared: onNode('preBind', 'Status | null'),
  },
  bind: { ...status, as: 'bind', takes: [...inAttempt, 'nodeName()'], declared: onNode('bind', 'Status | null') },
  postBind: { ...silent, as: 'postbind', takes: [...inAttempt, 'nodeName()'], declared: onNode('postBind', 'void') },
}

/** One of these has to be there: the others are called beside them. */
export const main = ['filter', 'score', 'reserve', 'permit', 'bind'] as const

/** Hooks that kube-scheduler-wasm-extension calls where their partner is there, whether they are or not. */
export const pairs: readonly (readonly [string, string])[] = [
  ['reserve', 'unreserve'],
  ['addPod', 'removePod'],
]

/** Sets of the main hooks, by their first letters, that kube-scheduler-wasm-extension forgot: it refuses to load them. */
export const forgotten: ReadonlySet<string> = new Set(['rp', 'frp', 'frb', 'fpb', 'srp', 'fsrp', 'frpb', 'srpb'])
