import { readFile, writeFile } from 'node:fs/promises'
import { isObject } from '../contracts/scheduler/kubernetes/values.ts'
import { MortiseError, reasonOf } from '../errors.ts'
import type { HookCall } from '../scheduling/member.ts'
import { podName } from '../scheduling/objects.ts'
import type { Run, SimulatedPod } from './simulate-run.ts'
import type { PluginSetup, Setup } from './simulate-setup.ts'

const format = 'mortise-simulation-1'
/** More is not worth reading. */
const mostDifferences = 20

/** A simulation as it was recorded: all that it depends on, its plugins too, and all that was asked and answered. */
export interface Recording {
  readonly setup: Setup
  readonly pods: readonly RecordedPod[]
}

interface RecordedPod {
  readonly pod: string
  readonly message: string
  readonly calls: readonly RecordedCall[]
}

interface RecordedCall {
  /** The plugin, the hook, and the node. */
  readonly call: string
  /** What it gave, as JSON, or the error. */
  readonly answer: string
}

/** Writes a run to a file. @throws MortiseError `BUILD_OUTPUT` */
export async function writeRecording(path: string, { setup, outcomes }: Run): Promise<void> {
  const plugins = setup.plugins.map(({ wasm, ...plugin }) => ({
    ...plugin,
    wasm: Buffer.from(wasm).toString('base64'),
  }))
  const text = JSON.stringify({ format, setup: { ...setup, plugins }, pods: outcomes.map(recorded) }, null, 1)
  try {
    await writeFile(path, `${text}\n`)
  } catch (cause) {
    throw new MortiseError('BUILD_OUTPUT', `Cannot write the recording to '${path}': ${reasonOf(cause)}`, { cause })
  }
}

/** Reads a recording. @throws MortiseError `INPUT_INVALID` */
export async function readRecording(path: string): Promise<Recording> {
  let read: unknown
  try {
    read = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    refuse(path, reasonOf(error))
  }
  if (!isObject(read) || read['format'] !== format) refuse(path, `it has no 'format' that is '${format}'`)
  const setup = isObject(read['setup']) ? read['setup'] : refuse(path, "it has no 'setup'")
  const { fit, seed, permit } = setup
  return {
    setup: {
      cluster: objects(setup['cluster'], path),
      pods: objects(setup['pods'], path),
      plugins: objects(setup['plugins'], path).map((plugin) => pluginOf(plugin, path)),
      fit: fit === true,
      seed: typeof seed === 'number' ? seed : refuse(path, "its 'seed' is no number"),
      permit: permit === 'allow' ? 'allow' : 'timeout',
    },
    pods: objects(read['pods'], path).map(({ pod, message, calls }) => ({
      pod: String(pod),
      message: String(message),
      calls: objects(calls, path).map(({ call, answer }) => ({ call: String(call), answer: String(answer) })),
    })),
  }
}

/** In what a run differs from a recording, one sentence each; empty where every call gave what it had given. */
export function differences({ pods }: Recording, { outcomes }: Run): readonly string[] {
  const all = outcomes.map(recorded)
  const found = pods.flatMap((before, index) => differencesOf(before, all[index]))
  const more = found.length - mostDifferences
  return more > 0 ? [...found.slice(0, mostDifferences), `and ${more} more`] : found
}

function differencesOf(before: RecordedPod, now: RecordedPod | undefined): readonly string[] {
  if (now?.pod !== before.pod) return [`${before.pod} was scheduled, and now it was ${now?.pod ?? 'no other pod'}`]
  const [answers, answersNow] = [answersOf(before), answersOf(now)]
  const found = [
    ...before.calls
      .filter(({ call, answer }) => answersNow.get(call) !== answer)
      .map(({ call, answer }) => `${call} gave ${answer}, and now ${answersNow.get(call) ?? 'is not called'}`),
    ...now.calls
      .filter(({ call }) => !answers.has(call))
      .map(({ call, answer }) => `${call} was not called, and now gave ${answer}`),
  ]
  if (before.message !== now.message) found.push(`the outcome was '${before.message}', and now is '${now.message}'`)
  if (found.length === 0 && [...answers.keys()].join() !== [...answersNow.keys()].join())
    found.push('the calls were in another order')
  return found.map((sentence) => `${now.pod}: ${sentence}`)
}

/** A call that came twice, as a filter of a node that the pod is nominated to may, counts as the last one. */
const answersOf = ({ calls }: RecordedPod): ReadonlyMap<string, string> =>
  new Map(calls.map(({ call, answer }) => [call, answer]))

function recorded({ outcome, calls }: SimulatedPod): RecordedPod {
  return { pod: podName(outcome.pod), message: outcome.message, calls: calls.map(callOf) }
}

function callOf({ plugin, hook, node, result, error }: HookCall): RecordedCall {
  const call = [plugin, hook, ...(node === undefined ? [] : [node])].join(' ')
  return { call, answer: error === undefined ? (JSON.stringify(result) ?? 'nothing') : `the error ${error}` }
}

function pluginOf({ name, weight, config, wasm }: Readonly<Record<string, unknown>>, path: string): PluginSetup {
  if (typeof name !== 'string' || typeof weight !== 'number' || typeof config !== 'string' || typeof wasm !== 'string')
    refuse(path, 'a plugin in it lacks its name, weight, config or wasm')
  return { name, weight, config, wasm: Uint8Array.from(Buffer.from(wasm, 'base64')) }
}

function objects(list: unknown, path: string): readonly Readonly<Record<string, unknown>>[] {
  if (Array.isArray(list) && list.every(isObject)) return list
  return refuse(path, 'a list in it is none, or holds what is no object')
}

function refuse(path: string, why: string): never {
  throw new MortiseError('INPUT_INVALID', `Cannot read the recording '${path}': ${why}`)
}
