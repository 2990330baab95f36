import { readFile } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { build } from '../build/build.ts'
import type { KubernetesObject } from '../contracts/scheduler/kubernetes/object.ts'
import { isObject } from '../contracts/scheduler/kubernetes/values.ts'
import { MortiseError, reasonOf } from '../errors.ts'
import { Cluster } from '../scheduling/cluster.ts'
import { readManifests } from '../scheduling/manifests.ts'
import { nameOf, podName } from '../scheduling/objects.ts'
import { type Arguments, type Terminal, UsageError } from './command.ts'
import { guestName } from './guest-name.ts'
import { isFolder } from './guest.ts'
import { whole } from './numbers.ts'

/** All that a simulation depends on: equal setups have equal results. */
export interface Setup {
  /** Nodes, and the pods on them. */
  readonly cluster: readonly KubernetesObject[]
  readonly pods: readonly KubernetesObject[]
  readonly plugins: readonly PluginSetup[]
  /** Whether the checks that every cluster makes come first. */
  readonly fit: boolean
  readonly seed: number
  readonly permit: 'timeout' | 'allow'
}

/** A plugin of a simulation. */
export interface PluginSetup {
  readonly name: string
  readonly weight: number
  readonly config: string
  readonly wasm: Uint8Array
}

/** A setup, and the files that it was read from. */
export interface ReadSetup {
  readonly setup: Setup
  readonly files: readonly string[]
  /** Objects of the snapshot that are neither nodes nor pods. */
  readonly ignored: number
}

/** A plugin as `--plugin` names it. */
export interface NamedPlugin {
  readonly name: string
  readonly path: string
  readonly weight: number
}

/** What the command takes. */
export const snapshot = 'snapshot of a cluster'

/** Reads what a command line names. */
export async function readSetup(args: Arguments, terminal: Terminal): Promise<ReadSetup> {
  const path = args.only(snapshot)
  const named = readPlugins(args)
  const objects = readManifests(await readText(path, terminal), path)
  const podsFile = args.text('pods')
  const pods =
    podsFile === undefined ? new Cluster(objects).pending : readPods(await readText(podsFile, terminal), podsFile)
  if (pods.length === 0)
    throw new UsageError(
      `There is no pod to place: ${podsFile === undefined ? `none in '${path}' is pending, and there is no --pods` : `there is none in '${podsFile}'`}`,
    )
  const built = await Promise.all(named.map(({ path }) => readPlugin(path)))
  const config = await readConfigs(args, named)
  const placed = new Set(pods.map(podName))
  const kept = objects.filter(({ kind }) => kind === 'Node' || kind === 'Pod')
  return {
    setup: {
      // A pod that is to be placed is not there yet.
      cluster: kept.filter((object) => object['kind'] !== 'Pod' || !placed.has(podName(object))),
      pods,
      plugins: named.map(({ name, weight }, index) => ({
        name,
        weight,
        config: config.get(name) ?? '',
        wasm: built[index]?.wasm ?? new Uint8Array(0),
      })),
      fit: !args.flag('no-fit'),
      seed: whole('seed', args.text('seed') ?? '1'),
      permit: args.choice('permit', ['timeout', 'allow']) ?? 'timeout',
    },
    files: [path, podsFile ?? '-', ...built.flatMap(({ sources }) => sources)].filter((file) => file !== '-'),
    ignored: objects.length - kept.length,
  }
}

/** `--plugin NAME=PATH:WEIGHT`, as often as it was given. */
export function readPlugins(args: Arguments): readonly NamedPlugin[] {
  return args.texts('plugin').map((text) => {
    const at = /^[^/]*?=/.exec(text)?.[0].length ?? 0
    const [, path = '', weight = '1'] = /^(.+?)(?::(\d{1,9}))?$/.exec(text.slice(at)) ?? []
    if (path === '' || at === 1) throw new UsageError(`--plugin is '${text}', and takes NAME=PATH:WEIGHT`)
    return { name: at === 0 ? guestName(path) : text.slice(0, at - 1), path, weight: Number(weight) }
  })
}

/** The module of a plugin, which is built where its source is named. */
export async function readPlugin(path: string): Promise<{ wasm: Uint8Array; sources: readonly string[] }> {
  if (extname(path) === '.ts' || (await isFolder(path))) return build(path)
  return { wasm: await read(path), sources: [resolve(path)] }
}

/** Pods anywhere, to be placed anew. */
function readPods(text: string, where: string): readonly KubernetesObject[] {
  return readManifests(text, where).map((object) => {
    if (object['kind'] === 'Pod') return unassigned(object)
    throw new UsageError(`--pods takes pods, and '${where}' holds the ${String(object['kind'])} '${nameOf(object)}'`)
  })
}

function unassigned(pod: KubernetesObject): KubernetesObject {
  const spec = isObject(pod['spec']) ? Object.entries(pod['spec']) : []
  return { ...pod, spec: Object.fromEntries(spec.filter(([name]) => name !== 'nodeName')) }
}

/** `--config NAME=TEXT` or `NAME=@FILE`: the configuration of a plugin. */
async function readConfigs(args: Arguments, plugins: readonly NamedPlugin[]): Promise<ReadonlyMap<string, string>> {
  const configs = new Map<string, string>()
  for (const text of args.texts('config')) {
    const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? []
    if (!plugins.some((plugin) => plugin.name === name))
      throw new UsageError(`--config is '${text}', and takes NAME=TEXT or NAME=@FILE, where NAME is that of a --plugin`)
    configs.set(name, value.startsWith('@') ? (await read(value.slice(1))).toString() : value)
  }
  return configs
}

async function readText(path: string, terminal: Terminal): Promise<string> {
  if (path !== '-') return (await read(path)).toString()
  const text = await terminal.read()
  return text ?? refuse(path, 'nothing is piped in')
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    return refuse(path, reasonOf(error))
  }
}

function refuse(path: string, why: string): never {
  throw new MortiseError('INPUT_INVALID', `Cannot read '${path}': ${why}`)
}
