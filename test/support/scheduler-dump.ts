import assert from 'node:assert/strict'
import type { KubernetesObject } from '../../src/contracts/scheduler/kubernetes/object.ts'
import { type Field, messages } from '../../src/contracts/scheduler/kubernetes/table.ts'
import { meaning } from '../contracts/scheduler/kubernetes/any-object.ts'
import { buildText } from './guest.ts'
import { ReferenceScheduler } from './reference-scheduler.ts'

/** A guest that reads all of a pod or a node through the views of `tenon/scheduler`. */
export class Dump {
  readonly #guest: ReferenceScheduler

  private constructor(guest: ReferenceScheduler) {
    this.#guest = guest
  }

  static async create(): Promise<Dump> {
    return new Dump(new ReferenceScheduler(await buildText(dumping())))
  }

  /** What the guest wrote of a pod, which may be given in protobuf. */
  dump(pod: KubernetesObject | Uint8Array): string | undefined {
    this.#guest.said()
    this.#guest.cluster = { pod }
    this.#guest.call('prefilter')
    return this.#guest.said()[0]
  }

  /** What the guest found, without what is empty. */
  read(kind: 'Pod' | 'Node', object: KubernetesObject): unknown {
    const guest = this.#guest
    if (kind === 'Pod') return parse(this.dump(object))
    guest.cluster = { nodes: [nodeOf(object)] }
    guest.call('prefilter')
    guest.said()
    guest.call('filter', name)
    return parse(guest.said()[0])
  }
}

const name = 'this'

/** A node as it is asked for: by its name. */
export const nodeOf = (node: KubernetesObject): KubernetesObject => ({
  ...node,
  metadata: { ...Object(node['metadata']), name },
})

/** What the last comma of an object is followed by. */
const end = 'and no more'

/** Statements that write a value as JSON. */
const written: Readonly<Record<string, string>> = {
  string: 'putQuoted(value)',
  bool: "putText(value ? 'true' : 'false')",
  int32: 'putInteger(value)',
  int64: 'putInteger(value)',
  // One that is always written is 0 where none was given.
  Quantity: "if (value.text.equals('0')) putQuoted(''); else putQuoted(value.text)",
  Time: 'putInteger(value.seconds)',
  IntOrString: 'if (value.isText) putQuoted(value.text); else putInteger(value.number)',
  bytes: "for (let i = 0; i < value.length; i++) put(value[i]); if (value.length == 0) putText('null')",
}
const types: Readonly<Record<string, string>> = {
  string: 'Text',
  bool: 'bool',
  int32: 'i32',
  int64: 'i64',
  bytes: 'Bytes',
}

/** The source of a plugin that logs all of a pod in `prefilter`, and all of a node in `filter`. */
function dumping(): string {
  const all = [...messages].filter(([message]) => message !== 'NodeList' && message !== 'ListMeta')
  const own = all.map(([message]) => message)
  return `
    import { Bytes, CycleState, IntOrString, Node, NodeInfo, Pod, Quantity, Text, Time } from 'tenon/scheduler'
    import { ${own.filter((one) => one !== 'Pod' && one !== 'Node').join(', ')} } from 'tenon/scheduler/kubernetes'
    import { clear, put, putInteger, putQuoted, putText, size, start } from 'tenon/scheduler/_out'
    import { log } from 'tenon/scheduler/_host'
    ${Object.entries(written)
      .map(([type, statement]) => `function write_${type}(value: ${types[type] ?? type}): void { ${statement} }`)
      .join('\n')}
    ${all.map(([message, fields]) => writing(message, fields)).join('\n')}
    export class Dump {
      preFilter(state: CycleState, pod: Pod): void {
        clear()
        write_Pod(pod)
        log(0, start(), size())
      }
      filter(state: CycleState, pod: Pod, nodeInfo: NodeInfo): void {
        clear()
        write_Node(nodeInfo.node)
        log(0, start(), size())
      }
    }`
}

function writing(message: string, fields: readonly Field[]): string {
  if (message === 'FieldsV1') return `function write_FieldsV1(value: FieldsV1): void { write_bytes(value.Raw) }`
  const flat = fields.flatMap((field) => (field.inline ? (messages.get(field.type) ?? []) : [field]))
  return `function write_${message}(view: ${message}): void {
    put(0x7b)
    ${flat.map(statement).join('\n    ')}
    putText('"${end}":0}')
  }`
}

function statement({ name, type, repetition, always }: Field): string {
  const key = `putText('"${name}":')`
  const write = `write_${type}`
  if (repetition === 'list')
    return `{ ${key}; put(0x5b); const list = view.${name}; for (let i = 0; i < list.length; i++) { if (i > 0) put(0x2c); ${write}(list[i]) }; putText('],') }`
  if (repetition === 'map')
    return `{ ${key}; put(0x7b); const map = view.${name}; const keys = map.keys(); for (let i = 0; i < keys.length; i++) { if (i > 0) put(0x2c); putQuoted(keys[i]); put(0x3a); ${write}(map.get(keys[i])!) }; putText('},') }`
  if (always) return `${key}; ${write}(view.${name}); put(0x2c)`
  if (type === 'bool' || type.startsWith('int'))
    return `if (view.has${name.slice(0, 1).toUpperCase()}${name.slice(1)}) { ${key}; ${write}(view.${name}); put(0x2c) }`
  return `{ const one = view.${name}; if (one !== null) { ${key}; ${write}(one); put(0x2c) } }`
}

const times = new Set([...messages.values()].flat().flatMap(({ name, type }) => (type === 'Time' ? [name] : [])))

/** What the plugin wrote, in the words of the object. */
function parse(line: string | undefined): unknown {
  assert.ok(line !== undefined)
  return meaning(
    JSON.parse(line.slice(6), (key, value: unknown) => {
      if (key === end) return undefined
      return times.has(key) && typeof value === 'number' ? timeOf(value) : value
    }),
  )
}

const timeOf = (seconds: number): unknown =>
  seconds === 0 ? undefined : `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`

/**
 * Has a guest read a pod of which one to four bytes are others. What it finds may be anything, and it may end the call: it neither hangs nor reads
 * outside of its memory.
 *
 * @returns the sentence that the call ended with
 */
export function readsSpoilt(dump: Dump, pod: Uint8Array, random: () => number): string | undefined {
  const spoilt = Uint8Array.from(pod)
  for (let count = 1 + random() * 4; count >= 1; count--)
    spoilt[Math.floor(random() * spoilt.length)] = Math.floor(random() * 256)
  try {
    dump.dump(spoilt)
    return undefined
  } catch (error) {
    const { message } = error instanceof Error ? error : new Error(String(error))
    assert.match(message, /^panic: the host gave an object that is no protobuf/)
    return message
  }
}
