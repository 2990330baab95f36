import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  encodeNode,
  encodeNodeList,
  encodePod,
  type KubernetesObject,
} from '../../../../src/contracts/scheduler/kubernetes/object.ts'
import { anyObject, meaning, readBack } from './any-object.ts'
import { filledObject } from './filled.ts'
import rows from './objects.json' with { type: 'json' }

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
const encode = { Pod: encodePod, Node: encodeNode }

describe('an object in protobuf', () => {
  for (const { name, kind, object, bytes } of rows) {
    it(`has the bytes of Kubernetes' own marshaller: ${name}`, () => {
      const items: readonly KubernetesObject[] = 'items' in object ? object.items : []
      const encoded =
        kind === 'NodeList' ? encodeNodeList(items) : kind === 'Pod' ? encodePod(object) : encodeNode(object)
      assert.equal(Buffer.from(encoded).toString('base64'), bytes)
    })
  }

  // The digests are those of what k8s.io/api 0.33.4 makes of the same objects.
  for (const [kind, digest, length] of [
    ['Pod', '728b43ef3c565d0e01739cfef43d16c79c1d45d356229ad8ef0e35086089ca88', 29198],
    ['Node', 'd4b22992ce5ab1ebe7f13880d3ddc00c18c79b29850e154102a971c54a7faaa7', 1290],
  ] as const) {
    it(`has them with every field of a ${kind} and of all that is in it`, () => {
      const bytes = encode[kind](filledObject(kind))
      assert.equal(bytes.length, length)
      assert.equal(createHash('sha256').update(bytes).digest('hex'), digest)
    })
  }

  for (const kind of ['Pod', 'Node'] as const) {
    it(`says what the ${kind} said, read by another decoder, with seed ${seed}`, () => {
      fc.assert(
        fc.property(anyObject(kind), (object) => {
          assert.deepEqual(readBack(kind, encode[kind](object)), meaning(object))
        }),
        { seed, numRuns: 60 },
      )
    })
  }

  it('is encoded once: the bytes stay with the object, and a list is made of those of its nodes', () => {
    const node = { metadata: { name: 'a' } }
    assert.equal(encodeNode(node), encodeNode(node))
    assert.notEqual(encodeNode({ ...node }), encodeNode(node))
    const nodes = [node]
    assert.equal(encodeNodeList(nodes), encodeNodeList(nodes))
  })

  for (const [what, object, sentence] of [
    [
      'a text that is a number',
      { metadata: { labels: { app: 1 } } },
      /'metadata\.labels\.app' is 1, and must be a text/,
    ],
    ['a list that is none', { spec: { containers: {} } }, /'spec\.containers' is \{\}, and must be a list/],
    ['an object that is none', { spec: 'x' }, /'spec' is "x", and must be an object/],
    [
      'a number of more than 32 bits',
      { spec: { priority: 2 ** 31 } },
      /'spec\.priority' is 2147483648, and must fit into 32 bits/,
    ],
    ['a fraction', { spec: { terminationGracePeriodSeconds: 0.5 } }, /is 0\.5, and must be a whole number/],
    ['a flag that is a text', { spec: { hostNetwork: 'yes' } }, /is "yes", and must be true or false/],
    [
      'a day that there is not',
      { metadata: { creationTimestamp: '2026-02-30T00:00:00Z' } },
      /and must be a time such as/,
    ],
    [
      'a time without its zone',
      { metadata: { creationTimestamp: '2026-02-03T00:00:00' } },
      /and must be a time such as/,
    ],
    [
      'a quantity that is none',
      { spec: { overhead: { cpu: '5Zi' } } },
      /'spec\.overhead\.cpu' is "5Zi", and must be a quantity/,
    ],
    ['a quantity beyond reason', { spec: { overhead: { cpu: '1e999999' } } }, /and must be a quantity/],
  ] as const) {
    it(`refuses ${what}, and encodes the next object`, () => {
      assert.throws(() => encodePod(object), { code: 'INPUT_INVALID', message: sentence })
      assert.equal(encodePod({}).length, 69)
    })
  }
})
