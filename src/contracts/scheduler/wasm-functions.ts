import { GuestFault } from '../../fault.ts'
import type { AnyFunction } from '../../runtime.ts'
import type { LogLevel } from '../../units.ts'
import { type ClusterEvent, clusterEvent } from './events.ts'
import { readEvent, readScores } from './guest-json.ts'
import type { SchedulerHandle } from './handle.ts'
import { encodePod } from './kubernetes/object.ts'
import { levelOf, numberOf, structured } from './klog.ts'
import type { ParsedSchedulerOptions } from './options.ts'
import { importTypes, modules } from './wasm-abi.ts'
import type { Cycle } from './wasm-cycle.ts'
import { type Buffers, zeroTerminated } from './wasm-memory.ts'

/** Events that one guest may name: there are 11 kinds of things, and 64 things that happen to them. */
const mostEvents = 1024

const eventSize = 8

/** Events that one call of a hook may record. */
const mostRecorded = 1000

type Functions = Readonly<Record<string, (...args: number[]) => number | void>>

/** What host functions work on. */
export interface FunctionParts {
  readonly options: ParsedSchedulerOptions
  readonly cycle: Cycle
  readonly buffers: Buffers
  readonly log: (level: LogLevel, text: string) => void
}

/** The 21 host functions of one instance, by module and name. */
export function hostFunctions(parts: FunctionParts): Readonly<Record<string, Readonly<Record<string, AnyFunction>>>> {
  const all: Readonly<Record<string, Functions>> = {
    [modules.api]: apiFunctions(parts),
    [modules.klog]: klogFunctions(parts),
    [modules.scheduler]: { ...inputFunctions(parts), ...resultFunctions(parts), ...handleFunctions(parts) },
  }
  const { cycle, options } = parts
  if (!options.strict) return all
  return mapped(all, (module, functions) => mapped(functions, (name, call) => naming(module, name, call, cycle)))
}

function apiFunctions({ cycle, buffers }: FunctionParts): Functions {
  return {
    node: (name = 0, length = 0, buffer = 0, limit = 0) =>
      buffers.send(cycle.nodes.encoded(buffers.text(name, length, 'nodeName')), buffer, limit),
    nodeList: (buffer = 0, limit = 0) => buffers.send(cycle.nodes.encodedList(), buffer, limit),
  }
}

/** A message that is outside the memory is dropped. */
function klogFunctions({ buffers, options, log }: FunctionParts): Functions {
  const least = numberOf(options.severity)
  const plain = (severity = 0, message = 0, length = 0): void => {
    if (severity < least) return
    const text = buffers.textOr(message, length)
    if (text !== undefined) log(levelOf(severity), text.endsWith('\n') ? text.slice(0, -1) : text)
  }
  return {
    log: plain,
    logs: (severity = 0, message = 0, length = 0, pairs = 0, size = 0) => {
      if (severity < least) return
      if (size === 0) return plain(severity, message, length)
      const [text, list] = [buffers.textOr(message, length), buffers.textOr(pairs, size)]
      if (text === undefined || list === undefined) return
      log(levelOf(severity), structured(text, zeroTerminated(list)))
    },
    severity: () => least,
  }
}

function inputFunctions({ cycle, buffers, options }: FunctionParts): Functions {
  const config = new TextEncoder().encode(options.config)
  const json =
    (read: () => Uint8Array) =>
    (buffer = 0, limit = 0): number =>
      buffers.offer(read(), buffer, limit)
  return {
    get_config: json(() => config),
    currentPod: (buffer = 0, limit = 0) => buffers.send(cycle.pod, buffer, limit),
    currentNodeName: (buffer = 0, limit = 0) => buffers.offer(cycle.nodeName, buffer, limit),
    targetPod: (buffer = 0, limit = 0) => buffers.send(cycle.target, buffer, limit),
    filteredNodeList: json(() => cycle.filtered),
    nodeImageStates: (name = 0, length = 0, buffer = 0, limit = 0) =>
      buffers.offer(cycle.nodes.encodedImageStates(buffers.text(name, length, 'nodeName')), buffer, limit),
    nodeToStatusMap: json(() => cycle.codes),
    nodeScoreList: json(() => cycle.scores),
  }
}

function resultFunctions({ cycle, buffers }: FunctionParts): Functions {
  return {
    'result.cluster_events': (pointer = 0, length = 0) => {
      cycle.events = readEvents(buffers.receive(pointer, length, 'clusterEvents'))
    },
    'result.node_names': (pointer = 0, length = 0) => {
      cycle.nodeNames = zeroTerminated(buffers.text(pointer, length, 'nodeNames'))
    },
    'result.nominated_node_name': (pointer = 0, length = 0) => {
      cycle.nominated = buffers.text(pointer, length, 'nominatedNodeName')
    },
    'result.status_reason': (pointer = 0, length = 0) => {
      cycle.reason = buffers.textOr(pointer, length) ?? 'BUG: out of memory reading message'
    },
    'result.normalized_score_list': (pointer = 0, length = 0) => {
      cycle.normalized = readScores(buffers.text(pointer, length, 'normalized score list'))
    },
  }
}

function handleFunctions({ cycle, buffers, options: { handle } }: FunctionParts): Functions {
  const { event, waitingPods }: SchedulerHandle = handle
  return {
    'handle.eventrecorder.eventf': (pointer = 0, length = 0) => {
      if (++cycle.recorded > mostRecorded) {
        const said = `it recorded more than ${mostRecorded} events in one call`
        throw new GuestFault('GUEST_RESULT', said, { limit: mostRecorded })
      }
      const sent = readEvent(buffers.text(pointer, length, 'eventrecorder event'))
      event?.(sent)
    },
    'handle.reject_waiting_pod': (pointer = 0, length = 0, buffer = 0) => {
      const uid = buffers.text(pointer, length, 'rejectWaitingPod')
      buffers.sendNumber(waitingPods?.reject(uid) === true ? 1 : 0, buffer)
    },
    'handle.get_waiting_pod': (pointer = 0, length = 0, buffer = 0, limit = 0) => {
      const uid = buffers.text(pointer, length, 'getWaitingPod')
      const pod = waitingPods?.get(uid)
      if (pod === undefined) buffers.sendNumber(0, buffer)
      else buffers.send(encodePod(pod), buffer, limit)
    },
  }
}

function readEvents(bytes: Uint8Array): readonly ClusterEvent[] {
  const count = Math.floor(bytes.length / eventSize)
  if (count > mostEvents)
    throw new GuestFault('GUEST_RESULT', `it named ${count} events, and may name ${mostEvents}`, { limit: mostEvents })
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return Array.from({ length: count }, (_, index) => {
    const at = index * eventSize
    return clusterEvent(view.getUint32(at, true), view.getUint32(at + 4, true))
  })
}

/** Remembers which function ended the guest: the reference says it. */
function naming(module: string, name: string, call: Functions[string], cycle: Cycle): Functions[string] {
  return (...args) => {
    try {
      return call(...args)
    } catch (thrown) {
      cycle.ender = `${module}.${name} ${importTypes[module]?.[name] ?? ''}`
      throw thrown
    }
  }
}

function mapped<T, R>(
  all: Readonly<Record<string, T>>,
  make: (name: string, value: T) => R,
): Readonly<Record<string, R>> {
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, make(name, value)]))
}
