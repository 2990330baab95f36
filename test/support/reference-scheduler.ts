import assert from 'node:assert/strict'
import {
  encodeNode,
  encodeNodeList,
  encodePod,
  type KubernetesObject,
} from '../../src/contracts/scheduler/kubernetes/object.ts'

/** What a guest of {@link ReferenceScheduler} sees of the cluster. */
export interface Cluster {
  /** As an object, or in protobuf. */
  readonly pod?: KubernetesObject | Uint8Array
  readonly target?: KubernetesObject
  readonly nodes?: readonly KubernetesObject[]
  /** Nodes left for `prescore`, by their names. */
  readonly filtered?: readonly string[]
  /** Raw answers in JSON. */
  readonly statuses?: string
  readonly scores?: string
  readonly images?: Readonly<Record<string, string>>
  readonly waiting?: Readonly<Record<string, KubernetesObject>>
}

type Reader = (at: number, limit: number) => number

/** Everything that a guest may import: 21 functions and WASI's, and nothing of `env`. */
const known: Readonly<Record<string, readonly string[]>> = {
  'k8s.io/api': ['node', 'nodeList'],
  'k8s.io/klog': ['log', 'logs', 'severity'],
  'k8s.io/scheduler': [
    'get_config',
    'currentPod',
    'currentNodeName',
    'targetPod',
    'filteredNodeList',
    'nodeImageStates',
    'nodeToStatusMap',
    'nodeScoreList',
    'result.cluster_events',
    'result.node_names',
    'result.nominated_node_name',
    'result.status_reason',
    'result.normalized_score_list',
    'handle.eventrecorder.eventf',
    'handle.reject_waiting_pod',
    'handle.get_waiting_pod',
  ],
  wasi_snapshot_preview1: ['fd_write'],
}

/**
 * What kube-scheduler-wasm-extension does with a guest, as its sources say, on plain WebAssembly: which imports it has, that `_start` runs
 * once, that an instance serves one pod after the other and is never made anew. Nothing of Mortise's own host is in it.
 */
export class ReferenceScheduler {
  /** What the guest told the host since it was asked last, in order. */
  readonly #said: string[] = []
  readonly #exports: WebAssembly.Exports
  #output = ''
  /** How often each function of the host was called. */
  readonly calls = new Map<string, number>()
  cluster: Cluster = {}
  node = ''

  constructor(wasm: Uint8Array, config = '', severity = 0) {
    const module = new WebAssembly.Module(Uint8Array.from(wasm))
    for (const one of WebAssembly.Module.imports(module))
      assert.ok(known[one.module]?.includes(one.name), `${one.module}.${one.name} is not there`)
    const all: Readonly<Record<string, (...args: number[]) => number | undefined>> = {
      node: (name = 0, length = 0, at = 0, limit = 0) => this.#write(this.#nodeOf(this.#text(name, length)), at, limit),
      nodeList: this.#reader(() => encodeNodeList(this.cluster.nodes ?? [])),
      log: (level, at = 0, length = 0) => this.#say(`log ${level} ${this.#text(at, length)}`),
      logs: (level, at = 0, length = 0, pairs = 0, size = 0) =>
        this.#say(`logs ${level} ${this.#text(at, length)} ${JSON.stringify(this.#terminated(pairs, size))}`),
      severity: () => severity,
      get_config: this.#reader(() => config),
      currentPod: this.#reader(() => {
        const { pod } = this.cluster
        return pod instanceof Uint8Array ? pod : pod === undefined ? '' : encodePod(pod)
      }),
      currentNodeName: this.#reader(() => this.node),
      targetPod: this.#reader(() => (this.cluster.target ? encodePod(this.cluster.target) : '')),
      filteredNodeList: this.#reader(() => JSON.stringify(this.cluster.filtered ?? [])),
      nodeImageStates: (name = 0, length = 0, at = 0, limit = 0) =>
        this.#write(this.cluster.images?.[this.#text(name, length)] ?? 'null', at, limit),
      nodeToStatusMap: this.#reader(() => this.cluster.statuses ?? '{}'),
      nodeScoreList: this.#reader(() => this.cluster.scores ?? '{}'),
      'result.cluster_events': (at = 0, length = 0) =>
        this.#say(`events ${[...new Uint32Array(this.#bytes(at, length).slice().buffer)].join(' ')}`),
      'result.node_names': (at = 0, length = 0) => this.#say(`names ${this.#terminated(at, length).join(' ')}`),
      'result.nominated_node_name': (at = 0, length = 0) => this.#say(`nominated ${this.#text(at, length)}`),
      'result.status_reason': (at = 0, length = 0) => this.#say(`reason ${this.#text(at, length)}`),
      'result.normalized_score_list': (at = 0, length = 0) => this.#say(`scores ${this.#text(at, length)}`),
      'handle.eventrecorder.eventf': (at = 0, length = 0) => this.#say(`event ${this.#text(at, length)}`),
      'handle.reject_waiting_pod': (uid = 0, length = 0, at = 0) => {
        const waits = this.cluster.waiting?.[this.#text(uid, length)] !== undefined
        this.#view().setBigUint64(at, waits ? 1n : 0n, true)
        return undefined
      },
      'handle.get_waiting_pod': (uid = 0, length = 0, at = 0, limit = 0) => {
        const pod = this.cluster.waiting?.[this.#text(uid, length)]
        if (pod === undefined) this.#view().setBigUint64(at, 0n, true)
        else this.#write(encodePod(pod), at, limit)
        return undefined
      },
      fd_write: (_fd, vectors = 0, count = 0, written = 0) => {
        let size = 0
        for (let i = 0; i < count; i++) {
          const length = this.#view().getUint32(vectors + i * 8 + 4, true)
          this.#output += this.#text(this.#view().getUint32(vectors + i * 8, true), length)
          size += length
        }
        this.#view().setUint32(written, size, true)
        return 0
      },
    }
    const counted = Object.fromEntries(
      Object.entries(all).map(([name, call]) => [
        name,
        (...args: number[]) => {
          this.calls.set(name, (this.calls.get(name) ?? 0) + 1)
          return call(...args)
        },
      ]),
    )
    const instance = new WebAssembly.Instance(
      module,
      Object.fromEntries(Object.keys(known).map((name) => [name, counted])),
    )
    this.#exports = instance.exports
    this.call('_start')
  }

  /** The names of the hooks that it exports. */
  get hooks(): readonly string[] {
    return Object.keys(this.#exports).filter((name) => name !== 'memory' && name !== '_start')
  }

  /** How large the guest's memory is, in pages. */
  get pages(): number {
    return this.#memory().buffer.byteLength / 65536
  }

  /** Calls a hook, about a node where it is about one. A trap throws an error with what the guest wrote. */
  call(hook: string, node = ''): number | bigint {
    this.node = node
    this.#output = ''
    const exported = this.#exports[hook]
    assert.ok(typeof exported === 'function', `it exports no ${hook}`)
    try {
      const result: unknown = Reflect.apply(exported, undefined, [])
      return typeof result === 'bigint' ? result : Number(result)
    } catch (cause) {
      throw new Error(this.#output, { cause })
    }
  }

  /** What a hook with a result of 64 bits says: the upper half, and the lower one. */
  halves(hook: string, node = ''): readonly [number, number] {
    const result = BigInt(this.call(hook, node))
    return [Number(BigInt.asIntN(32, result >> 32n)), Number(BigInt.asIntN(32, result))]
  }

  /** Takes what the guest told the host. */
  said(): readonly string[] {
    return this.#said.splice(0)
  }

  #nodeOf(name: string): Uint8Array {
    const found = this.cluster.nodes?.find(({ metadata }) => Reflect.get(Object(metadata), 'name') === name)
    return found === undefined ? new Uint8Array(0) : encodeNode(found)
  }

  #say(text: string): undefined {
    this.#said.push(text)
  }

  #reader(read: () => string | Uint8Array): Reader {
    return (at, limit) => this.#write(read(), at, limit)
  }

  #write(data: string | Uint8Array, at: number, limit: number): number {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data
    if (bytes.length <= limit) this.#bytes(at, bytes.length).set(bytes)
    return bytes.length
  }

  #text(at: number, length: number): string {
    return Buffer.from(this.#bytes(at, length)).toString()
  }

  #terminated(at: number, length: number): readonly string[] {
    return this.#text(at, length)
      .split('\0')
      .slice(0, -1)
      .filter((one) => one !== '')
  }

  #bytes(at: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#memory().buffer, at >>> 0, length >>> 0)
  }

  #view(): DataView {
    return new DataView(this.#memory().buffer)
  }

  #memory(): WebAssembly.Memory {
    const { memory } = this.#exports
    assert.ok(memory instanceof WebAssembly.Memory)
    return memory
  }
}
