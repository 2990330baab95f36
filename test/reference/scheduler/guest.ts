import assert from 'node:assert/strict'
import { Mortise, type PluginLogLine } from 'mortise'
import {
  type KubernetesObject,
  NodeSnapshot,
  scheduler,
  type SchedulerEvent,
  type SchedulerHook,
  type SchedulerHooks,
  type SchedulerOptions,
} from 'mortise/scheduler'
import { wasm } from 'mortise/wasm'

/** One of the guests, and what it does. */
export interface SchedulerBehaviour {
  readonly name: string
  readonly file: string
  readonly run: (path: string) => Promise<void>
}

/** A guest that is plugged in, under the options of one row. */
export interface Guest {
  readonly lines: readonly PluginLogLine[]
  readonly events: readonly SchedulerEvent[]
  readonly asked: readonly string[]
  /** One attempt. */
  readonly attempt: (pod: KubernetesObject, run: (hooks: SchedulerHooks) => void) => Promise<void>
}

export const pod = (name: string, nodeName = '', namespace = 'test'): KubernetesObject => ({
  metadata: { name, namespace, uid: `uid-of-${name}` },
  spec: { nodeName },
})
export const node = (name: string, images: readonly string[] = []): KubernetesObject => ({
  metadata: { name },
  status: { images: images.map((image) => ({ names: [image], sizeBytes: 100_000_000 })) },
})

export const nodes = new NodeSnapshot([
  node('good-node'),
  node('bad-node'),
  node('bad'),
  node('good'),
  node('wait'),
  node('node1'),
  node('node7'),
  node('nodea'),
])

/** Plugs a guest in, with strict texts. */
export async function plugged(
  path: string,
  options: SchedulerOptions,
  run: (guest: Guest) => Promise<void>,
  snapshot: NodeSnapshot = nodes,
): Promise<void> {
  const lines: PluginLogLine[] = []
  const events: SchedulerEvent[] = []
  const asked: string[] = []
  const handle = {
    event: (event: SchedulerEvent) => void events.push(event),
    waitingPods: {
      get(uid: string) {
        asked.push(uid)
        return uid === 'handle-test' ? pod('handle-pod', 'good-node') : undefined
      },
      reject(uid: string) {
        asked.push(uid)
        return uid === 'handle-test'
      },
    },
  }
  await using host = new Mortise({
    runtimes: [wasm({ deadline: '10 s', memory: '64 MiB' })],
    log: (line) => void lines.push(line),
  })
  const plugin = await host.plug('guest', path, scheduler({ strict: true, handle, ...options }))
  await run({
    lines,
    events,
    asked,
    async attempt(scheduled, use) {
      await using lease = await plugin.lease({ pod: scheduled, nodes: snapshot })
      use(lease.hooks)
    },
  })
}

/** The text of what a hook fails with. */
export function failure(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    return reason(error)
  }
  return assert.fail('it did not fail')
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Why it cannot be plugged in. */
export async function refusal(path: string, options: SchedulerOptions = {}): Promise<string> {
  await using host = new Mortise({ runtimes: [wasm()] })
  const plugging = host.plug('guest', path, scheduler({ strict: true, ...options }))
  return await plugging.then(
    () => assert.fail('it was plugged in'),
    (error: unknown) => reason(error),
  )
}

export const ok = { code: 0, reason: '' }
export const modes = (mode: string): Pick<SchedulerOptions, 'args'> => ({ args: ['test', mode] })
export const one = (file: string, run: SchedulerBehaviour['run'], what = ''): SchedulerBehaviour => ({
  name: `${file}${what === '' ? '' : `: ${what}`}`,
  file: `${file}.wasm`,
  run,
})

/** Calls a hook by its name. */
export function call(hooks: SchedulerHooks, hook: SchedulerHook): unknown {
  if (hook === 'preFilter' || hook === 'enqueue') return hooks[hook]()
  if (hook === 'addPod' || hook === 'removePod') return hooks[hook](pod('target'), 'good-node')
  if (hook === 'preScore') return hooks.preScore(['good-node'])
  if (hook === 'postFilter' || hook === 'normalizeScore') return hooks[hook]({ 'good-node': 1 })
  return hooks[hook]('good-node')
}
