/** The modules that guests import their host functions from. */
export const modules = {
  api: 'k8s.io/api',
  klog: 'k8s.io/klog',
  scheduler: 'k8s.io/scheduler',
} as const

type Types = Readonly<Record<string, string>>

const [one, two, three, four, five] = [1, 2, 3, 4, 5].map((count) =>
  Array.from({ length: count }, () => 'i32').join(', '),
)
const read = `func (${two}) -> (i32)`
const named = `func (${four}) -> (i32)`
const given = `func (${two}) -> ()`

/** The 21 host functions with their types, by module and name. */
export const importTypes: Readonly<Record<string, Types>> = {
  [modules.api]: { node: named, nodeList: read },
  [modules.klog]: { log: `func (${three}) -> ()`, logs: `func (${five}) -> ()`, severity: `func () -> (${one})` },
  [modules.scheduler]: {
    get_config: read,
    currentPod: read,
    currentNodeName: read,
    targetPod: read,
    filteredNodeList: read,
    nodeImageStates: named,
    nodeToStatusMap: read,
    nodeScoreList: read,
    'result.cluster_events': given,
    'result.node_names': given,
    'result.nominated_node_name': given,
    'result.status_reason': given,
    'result.normalized_score_list': given,
    'handle.eventrecorder.eventf': given,
    'handle.reject_waiting_pod': `func (${four}) -> ()`,
    'handle.get_waiting_pod': `func (${four}) -> ()`,
  },
}

/** The exports that guests may have beside their memory, by hook: the name, and what the function returns. */
export const hookExports = {
  enqueue: ['enqueue', ''],
  preFilter: ['prefilter', 'i32'],
  addPod: ['addpod', 'i32'],
  removePod: ['removepod', 'i32'],
  filter: ['filter', 'i32'],
  postFilter: ['postfilter', 'i64'],
  preScore: ['prescore', 'i32'],
  score: ['score', 'i64'],
  normalizeScore: ['normalizescore', 'i32'],
  reserve: ['reserve', 'i32'],
  unreserve: ['unreserve', ''],
  permit: ['permit', 'i64'],
  preBind: ['prebind', 'i32'],
  bind: ['bind', 'i32'],
  postBind: ['postbind', ''],
} as const

/** The type of an export that returns so. */
export const exportType = (result: string): string => `func () -> (${result})`
