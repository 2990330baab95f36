import { Mortise, type Plugin, type PlugOptions, type PluginLogLine } from 'mortise'
import {
  type Attempt,
  type KubernetesObject,
  NodeSnapshot,
  scheduler,
  type SchedulerHooks,
  type SchedulerOptions,
  type SchedulerValues,
} from 'mortise/scheduler'
import { wasm, type WasmOptions } from 'mortise/wasm'
import { wat } from './wat.ts'

/** The modules of the host functions, each with the names of its functions, and how many numbers they take and give. */
export const functions: readonly (readonly [module: string, name: string, params: number, results: number])[] = [
  ['k8s.io/api', 'node', 4, 1],
  ['k8s.io/api', 'nodeList', 2, 1],
  ['k8s.io/klog', 'log', 3, 0],
  ['k8s.io/klog', 'logs', 5, 0],
  ['k8s.io/klog', 'severity', 0, 1],
  ['k8s.io/scheduler', 'get_config', 2, 1],
  ['k8s.io/scheduler', 'currentPod', 2, 1],
  ['k8s.io/scheduler', 'currentNodeName', 2, 1],
  ['k8s.io/scheduler', 'targetPod', 2, 1],
  ['k8s.io/scheduler', 'filteredNodeList', 2, 1],
  ['k8s.io/scheduler', 'nodeImageStates', 4, 1],
  ['k8s.io/scheduler', 'nodeToStatusMap', 2, 1],
  ['k8s.io/scheduler', 'nodeScoreList', 2, 1],
  ['k8s.io/scheduler', 'result.cluster_events', 2, 0],
  ['k8s.io/scheduler', 'result.node_names', 2, 0],
  ['k8s.io/scheduler', 'result.nominated_node_name', 2, 0],
  ['k8s.io/scheduler', 'result.status_reason', 2, 0],
  ['k8s.io/scheduler', 'result.normalized_score_list', 2, 0],
  ['k8s.io/scheduler', 'handle.eventrecorder.eventf', 2, 0],
  ['k8s.io/scheduler', 'handle.reject_waiting_pod', 4, 0],
  ['k8s.io/scheduler', 'handle.get_waiting_pod', 4, 0],
]

/** What each hook's export gives. */
export const results: Readonly<Record<string, string>> = {
  enqueue: '',
  prefilter: 'i32',
  addpod: 'i32',
  removepod: 'i32',
  filter: 'i32',
  postfilter: 'i64',
  prescore: 'i32',
  score: 'i64',
  normalizescore: 'i32',
  reserve: 'i32',
  unreserve: '',
  permit: 'i64',
  prebind: 'i32',
  bind: 'i32',
  postbind: '',
}

/** Declares a host function under the last part of its name. */
export function imported([module, name, params, given]: (typeof functions)[number]): string {
  const parameters = params === 0 ? '' : `(param ${'i32 '.repeat(params)})`
  return `(import "${module}" "${name}" (func $${name.split('.').at(-1) ?? name} ${parameters} ${given === 0 ? '' : '(result i32)'}))`
}

/** Where texts of a guest lie, one behind the other; `[pointer, length]` as constants. */
export class Texts {
  #data = ''
  #next: number

  constructor(at = 16) {
    this.#next = at
  }

  put(text: string | Uint8Array): string {
    const bytes = Buffer.from(text)
    const at = this.#next
    this.#next += bytes.length
    this.#data += `(data (i32.const ${at}) "${[...bytes].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')}")`
    return `(i32.const ${at}) (i32.const ${bytes.length})`
  }

  get data(): string {
    return this.#data
  }
}

/** A guest with all host functions at hand, a page of memory, a local `$n`, and these bodies for its exports. */
export function guest(bodies: Readonly<Record<string, string>>, more = ''): Uint8Array<ArrayBuffer> {
  const hooks = Object.entries(bodies).map(([name, body]) => {
    const result = results[name] ?? ''
    return `(func (export "${name}") ${result === '' ? '' : `(result ${result})`} (local $n i32) ${body})`
  })
  return wat(`(module $guest ${functions.map(imported).join('\n')}
    (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
    (memory (export "memory") 1) ${more} ${hooks.join('\n')})`)
}

/** Calls a function that writes to a buffer at 4096, gives its text as the reason, and its size as the code. */
export const reading = (name: string, limit = 8192, args = ''): string =>
  `(local.set $n (call $${name} ${args} (i32.const 4096) (i32.const ${limit})))
   (call $status_reason (i32.const 4096) (select (local.get $n) (i32.const 0) (i32.le_u (local.get $n) (i32.const ${limit})))) (local.get $n)`

export const pod: KubernetesObject = { metadata: { name: 'pod-1', namespace: 'test', uid: 'uid-1' } }
export const nodes: NodeSnapshot = new NodeSnapshot([
  { metadata: { name: 'a' }, status: { images: [{ names: ['one', 'uno'], sizeBytes: 5 }] } },
  { metadata: { name: 'b' }, status: { images: [{ names: ['one'], sizeBytes: 7 }, { sizeBytes: 1 }] } },
])

/** What a plugged guest is tried with. */
export interface Plugged extends AsyncDisposable {
  readonly host: Mortise<'wasm'>
  readonly plugin: Plugin<SchedulerHooks, SchedulerValues, Attempt>
  readonly lines: readonly PluginLogLine[]
  /** One attempt, with what it gives. */
  attempt<T>(run: (hooks: SchedulerHooks) => T, attempt?: Attempt): Promise<T>
}

export async function plugged(
  source: Uint8Array | string,
  options: SchedulerOptions = {},
  plug: PlugOptions<'wasm'> = {},
  runtime: WasmOptions = {},
): Promise<Plugged> {
  const lines: PluginLogLine[] = []
  const host = new Mortise({
    runtimes: [wasm({ deadline: '20 s', ...runtime })],
    log: (line) => void lines.push(line),
  })
  const plugin = await host.plug('guest', source, scheduler(options), plug)
  return {
    host,
    plugin,
    lines,
    async attempt(run, attempt) {
      await using lease = await plugin.lease(attempt ?? { pod, nodes })
      return run(lease.hooks)
    },
    [Symbol.asyncDispose]: () => host.close(),
  }
}
