import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MortiseError } from 'mortise'
import type { ServedFunction } from 'mortise/functions'
import { functionsWithLines, posted, request } from './guests.ts'

const answering = (number: number): ReturnType<typeof posted> =>
  posted(Buffer.from(`let calls = 0; export const main = () => ({ number: ${number}, calls: ++calls })`))

const ask = (served: ServedFunction): Promise<string> => served.run(request({}), 'a')

describe('versions of a function', () => {
  it('have numbers, and an activation says on which it began', async () => {
    const { functions } = functionsWithLines({ concurrency: 1 })
    await using _ = functions
    const served = await functions.deploy('f', answering(1))
    assert.equal(served.version, 1)
    const began: number[] = []
    const run = (): Promise<string> => served.run(request({}), 'a', { began: (version) => void began.push(version) })
    const first = Promise.all([run(), run()])
    await functions.deploy('f', answering(2), {}, async () => 7)
    await Promise.all([first, run()])
    assert.equal(served.version, 7)
    assert.deepEqual([began[0], began.at(-1)], [1, 7])
  })

  it('are tried before they are live, and refused without a trace', async () => {
    const { functions } = functionsWithLines()
    await using _ = functions
    const served = await functions.deploy('f', answering(1))
    const refused = new Error('no')
    await assert.rejects(
      functions.deploy('f', answering(2), {}, async (trial) => {
        assert.equal(trial.runtime, 'process')
        assert.equal(await trial.run(request({}), 'smoke'), '{"number":2,"calls":1}')
        assert.equal(await ask(served), '{"number":1,"calls":1}')
        throw refused
      }),
      refused,
    )
    assert.equal(await ask(served), '{"number":1,"calls":2}')
    assert.equal(served.version, 1)
  })

  it('that were live are kept ready, begin anew, and are gone beyond those that are kept', async () => {
    const { functions } = functionsWithLines({ keep: 2 })
    await using _ = functions
    const served = await functions.deploy('f', answering(1))
    await ask(served)
    for (const number of [2, 3, 4]) await functions.deploy('f', answering(number))
    const restored: number[] = []
    const restore = (version: number): Promise<ServedFunction | undefined> =>
      functions.restore('f', version, async () => void restored.push(version))
    assert.equal(await restore(1), undefined)
    assert.equal(await restore(2), served)
    assert.equal(await ask(served), '{"number":2,"calls":1}')
    assert.equal(await restore(4), served)
    assert.equal(await ask(served), '{"number":4,"calls":1}')
    assert.equal(await restore(2), served)
    assert.equal(await ask(served), '{"number":2,"calls":1}')
    assert.deepEqual(restored, [2, 4, 2])
    assert.equal(served.version, 2)
    const refused = new MortiseError('STORE_FULL', 'Cannot write it down')
    await assert.rejects(
      functions.restore('f', 4, () => Promise.reject(refused)),
      refused,
    )
    assert.equal(served.version, 2)
    assert.equal(await restore(4), served)
    assert.equal(await functions.restore('other', 1, async () => {}), undefined)
  })
})
