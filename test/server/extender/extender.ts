import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Extender, type ExtenderOptions, type ExtenderPlugin, serveExtender } from 'mortise/extender'

/** A plugin of a test: its bytes, and what else is said of it. */
export type TestPlugin = Omit<ExtenderPlugin, 'name' | 'path'> & { readonly wasm: Uint8Array }

/** What an extender answered. */
export interface Answer {
  readonly status: number
  readonly text: string
  /** From JSON, where it is that. */
  readonly json: unknown
}

/** An extender at a port of its own, with plugins from files of its own. */
export class TestExtender implements AsyncDisposable {
  readonly extender: Extender
  readonly #folder: string

  private constructor(extender: Extender, folder: string) {
    this.extender = extender
    this.#folder = folder
  }

  static async start(
    plugins: Readonly<Record<string, TestPlugin | Uint8Array>>,
    options: Omit<ExtenderOptions, 'plugins'> = {},
  ): Promise<TestExtender> {
    const folder = await mkdtemp(join(tmpdir(), 'mortise-extender-'))
    try {
      const listed = await Promise.all(
        Object.entries(plugins).map(async ([name, given]): Promise<ExtenderPlugin> => {
          const { wasm, ...plugin } = given instanceof Uint8Array ? { wasm: given } : given
          const path = join(folder, `${name}.wasm`)
          await writeFile(path, wasm)
          return Object.assign(plugin, { name, path })
        }),
      )
      return new TestExtender(await serveExtender({ port: 0, watch: false, ...options, plugins: listed }), folder)
    } catch (error) {
      await rm(folder, { recursive: true })
      throw error
    }
  }

  /** Puts another file in the place of a plugin's. */
  async replace(name: string, wasm: Uint8Array): Promise<void> {
    const path = this.path(name)
    await writeFile(`${path}.new`, wasm)
    await rename(`${path}.new`, path)
  }

  path(name: string): string {
    return join(this.#folder, `${name}.wasm`)
  }

  async post(verb: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const response = await fetch(`${this.extender.url}/${verb}`, {
      method: 'POST',
      body: text,
      headers: { 'content-type': 'application/json', ...headers },
    })
    return answerOf(response)
  }

  async get(path: string): Promise<Answer> {
    return answerOf(await fetch(`${this.extender.url}${path}`))
  }

  /** The names that a filter leaves, of nodes that are sent by name. */
  async filter(pod: object, names: readonly string[]): Promise<unknown> {
    const { json } = await this.post('filter', byName(pod, names))
    return field(json, 'NodeNames')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.extender.close()
    await rm(this.#folder, { recursive: true })
  }
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  const isJson = response.headers.get('content-type') === 'application/json'
  return { status: response.status, text, json: isJson ? JSON.parse(text) : undefined }
}

/** A field of an answer. */
export function field(value: unknown, name: string): unknown {
  const found: unknown = Reflect.get(Object(value), name)
  return found
}

/** A pod as kube-scheduler sends it. */
export function podNamed(name: string): object {
  return {
    metadata: { name, namespace: 'default', uid: `uid-of-${name}`, creationTimestamp: '2026-01-31T12:00:00Z' },
    spec: { containers: [{ name: 'main', image: 'main:1', resources: { requests: { cpu: '100m' } } }] },
    status: { phase: 'Pending', qosClass: 'Burstable' },
  }
}

/** A node as kube-scheduler sends it. */
export function nodeNamed(name: string, labels: Readonly<Record<string, string>> = {}): object {
  return {
    metadata: {
      name,
      uid: `uid-of-${name}`,
      resourceVersion: '1',
      labels: { 'kubernetes.io/hostname': name, ...labels },
    },
    spec: { podCIDR: '10.0.0.0/24' },
    status: { capacity: { cpu: '8', memory: '16Gi' }, daemonEndpoints: { kubeletEndpoint: { Port: 10250 } } },
  }
}

/** `ExtenderArgs` with nodes in full. */
export function inFull(pod: object, nodes: readonly object[]): object {
  return { Pod: pod, Nodes: { metadata: {}, items: nodes }, NodeNames: null }
}

/** `ExtenderArgs` with the names of nodes. */
export function byName(pod: object, names: readonly string[]): object {
  return { Pod: pod, Nodes: null, NodeNames: names }
}
