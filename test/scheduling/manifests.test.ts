import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readManifests } from 'mortise/scheduling'

const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web-0' } }
const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' } }

describe('objects of Kubernetes are read', () => {
  for (const [what, text, objects] of [
    ['from JSON', JSON.stringify(pod), [pod]],
    [
      'from the JSON list that kubectl prints',
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [node, pod] }, null, 4),
      [node, pod],
    ],
    ['from an array', JSON.stringify([node, pod]), [node, pod]],
    [
      'from a list of one kind, whose items do not say it',
      '{ kind: NodeList, items: [{ metadata: { name: a } }] }',
      [{ kind: 'Node', metadata: { name: 'a' } }],
    ],
    [
      'from lists in lists',
      JSON.stringify({ kind: 'List', items: [{ kind: 'PodList', items: [pod] }, node] }),
      [pod, node],
    ],
    [
      'from documents of YAML, empty ones among them',
      '---\nkind: Node\nmetadata:\n  name: a\n---\n---\nkind: Pod\n...\n',
      [{ kind: 'Node', metadata: { name: 'a' } }, { kind: 'Pod' }],
    ],
    ['from nothing', '\n', []],
    [
      'with octal numbers, flags and numbers of YAML 1.1',
      'kind: Pod\na: 0644\nb: yes\nc: 1_000\nd: 0.5',
      [{ kind: 'Pod', a: 420, b: true, c: 1000, d: 0.5 }],
    ],
    [
      'with dates and times of the day as texts',
      'kind: Pod\na: 2026-01-31T10:00:00Z\nb: 2026-01-31\nc: 10:30:00',
      [{ kind: 'Pod', a: '2026-01-31T10:00:00Z', b: '2026-01-31', c: '10:30:00' }],
    ],
    [
      'with anchors and merges',
      'kind: Pod\na: &x { b: 1 }\nc: { <<: *x, d: 2 }',
      [{ kind: 'Pod', a: { b: 1 }, c: { b: 1, d: 2 } }],
    ],
  ] as const) {
    it(what, () => {
      assert.deepEqual(readManifests(text, 'cluster.yaml'), objects)
    })
  }

  const bomb = `kind: Pod\na: &a [x,x,x,x,x,x,x,x,x,x]\n${Array.from('bcdefghi', (name) => {
    const before = String.fromCharCode(name.charCodeAt(0) - 1)
    return `${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join()}]`
  }).join('\n')}`

  for (const [what, text, message] of [
    ['JSON that is cut off', '{"kind":"Pod"', /'cluster\.yaml': .*JSON/],
    ['YAML that is none', 'kind: Pod\n  name: [', /'cluster\.yaml': .* at line 1, column 7$/],
    ['a text', 'hello', /it holds "hello", and objects are expected/],
    ['an object without a kind', 'metadata: { name: a }', /an object in it has no 'kind'/],
    ['aliases that stand for very much', bomb, /alias/],
    ['YAML that is nested without end', `kind: ${'['.repeat(100_000)}`, /Maximum call stack|at line/],
    ['lists without end', '{"kind":"List","items":['.repeat(20) + ']}'.repeat(20), /lists without end/],
  ] as const) {
    it(`but not from ${what}`, () => {
      assert.throws(() => readManifests(text, 'cluster.yaml'), { code: 'INPUT_INVALID', message })
    })
  }
})
