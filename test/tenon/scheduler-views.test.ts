import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { encodeNode, encodePod, type KubernetesObject } from '../../src/contracts/scheduler/kubernetes/object.ts'
import { type Field, messages } from '../../src/contracts/scheduler/kubernetes/table.ts'
import { views } from '../../tools/kubernetes/views.ts'
import { anyObject, meaning, readBack } from '../contracts/scheduler/kubernetes/any-object.ts'
import { filledObject } from '../contracts/scheduler/kubernetes/filled.ts'
import { buildText } from '../support/guest.ts'
import { ReferenceScheduler } from '../support/reference-scheduler.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)

/** What the last comma of an object is followed by. */
const end = 'and no more'

/** Statements that write a value as JSON. */
const written: Readonly<Record<string, string>> = {
  string: 'putQuoted(value)',
  bool: "putText(value ? 'true' : 'false')",
  int32: 'putInteger(value)',
  int64: 'putInteger(value)',
  Quantity: 'putQuoted(value.text)',
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

/** A plugin that logs all of a pod in `prefilter`, and all of a node in `filter`. */
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
function read(line: string | undefined): unknown {
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

describe('the views of pods and nodes', async () => {
  const guest = new ReferenceScheduler(await buildText(dumping()))
  const dumped = { Pod: podOf, Node: nodeOf }
  /** A node is asked for by its name. */
  const named = (node: KubernetesObject): KubernetesObject => ({
    ...node,
    metadata: { ...Object(node['metadata']), name: 'this' },
  })
  const given = { Pod: (pod: KubernetesObject) => pod, Node: named }

  function podOf(pod: KubernetesObject): unknown {
    guest.cluster = { pod }
    guest.call('prefilter')
    return read(guest.said()[0])
  }

  function nodeOf(node: KubernetesObject): unknown {
    guest.cluster = { nodes: [named(node)] }
    guest.call('prefilter')
    guest.said()
    guest.call('filter', 'this')
    return read(guest.said()[0])
  }

  for (const kind of ['Pod', 'Node'] as const) {
    it(`have every field of a ${kind} and of all that is in it`, () => {
      const object = filledObject(kind)
      const bytes = (kind === 'Pod' ? encodePod : encodeNode)(given[kind](object))
      assert.deepEqual(dumped[kind](object), readBack(kind, bytes))
    })

    it(`say what the ${kind} said, with seed ${seed}`, () => {
      fc.assert(
        fc.property(anyObject(kind), (object) => {
          assert.deepEqual(dumped[kind](object), meaning(given[kind](object)))
        }),
        { seed, numRuns: 60 },
      )
    })
  }

  it('are what is made from the table of fields', () => {
    for (const [name, text] of views()) assert.equal(readFileSync(`tenon/scheduler/${name}`, 'utf8'), text, name)
  })
})
