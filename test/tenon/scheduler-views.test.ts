import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { encodeNode, encodePod, type KubernetesObject } from '../../src/contracts/scheduler/kubernetes/object.ts'
import { views } from '../../tools/kubernetes/views.ts'
import { anyObject, meaning, readBack } from '../contracts/scheduler/kubernetes/any-object.ts'
import { filledObject } from '../contracts/scheduler/kubernetes/filled.ts'
import { randomOf } from '../support/random.ts'
import { Dump, nodeOf, readsSpoilt } from '../support/scheduler-dump.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)

describe('the views of pods and nodes', async () => {
  const dump = await Dump.create()
  const given = { Pod: (pod: KubernetesObject) => pod, Node: nodeOf }
  const encode = { Pod: encodePod, Node: encodeNode }

  for (const kind of ['Pod', 'Node'] as const) {
    it(`have every field of a ${kind} and of all that is in it`, () => {
      const object = filledObject(kind)
      assert.deepEqual(dump.read(kind, object), readBack(kind, encode[kind](given[kind](object))))
    })

    it(`say what the ${kind} said, with seed ${seed}`, () => {
      fc.assert(
        fc.property(anyObject(kind), (object) => {
          assert.deepEqual(dump.read(kind, object), meaning(given[kind](object)))
        }),
        { seed, numRuns: 60 },
      )
    })
  }

  it(`end the call, or say something, where the bytes are spoilt, with seed ${seed}`, () => {
    const random = randomOf(seed)
    const pod = encodePod(filledObject('Pod'))
    let ended = 0
    for (let time = 0; time < 200; time++) if (readsSpoilt(dump, pod, random) !== undefined) ended++
    assert.ok(ended > 0)
  })

  it('are what is made from the table of fields', () => {
    for (const [name, text] of views()) assert.equal(readFileSync(`tenon/scheduler/${name}`, 'utf8'), text, name)
  })
})
