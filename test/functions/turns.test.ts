import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MortiseError } from 'mortise'
import { functionsWithLines, javascript, posted, read, request } from './guests.ts'

const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `a${index}`)

const codeOf = (error: unknown): string => (MortiseError.is(error) ? error.code : String(error))

describe('activations of one function', () => {
  for (const runtime of ['esm', 'process'] as const) {
    it(`finish, 100 that wait for one another, on ${runtime}`, async () => {
      const { functions } = functionsWithLines()
      await using _ = functions
      const served = await functions.plug('f', javascript, { runtime })
      const answers = await Promise.all(ids(100).map((id) => served.run(request({ all: 100 }, id), id)))
      assert.deepEqual(
        answers.map((answer) => read(answer).get('id')),
        ids(100),
      )
    })

    it(`run so many at a time as they may, in their order, on ${runtime}`, async () => {
      const { functions } = functionsWithLines()
      await using _ = functions
      const counting = Buffer.from(`
        let running = 0, next = 0
        export async function main({ n }) {
          const order = next++
          const now = ++running
          await new Promise((resolve) => setTimeout(resolve, 5))
          running--
          return { n, order, now }
        }`)
      const served = await functions.plug('f', counting, { runtime, concurrency: 3 })
      const calls = ids(20).map((id, n) => served.run(request({ n }, id), id))
      assert.deepEqual([served.stats().running, served.stats().waiting], [3, 17])
      const answers = (await Promise.all(calls)).map((answer) => read(answer))
      assert.equal(Math.max(...answers.map((answer) => Number(answer.get('now')))), 3)
      for (const answer of answers) assert.equal(answer.get('order'), answer.get('n'))
      assert.deepEqual([served.stats().running, served.stats().waiting, served.stats().activations], [0, 0, 20])
    })

    it(`are refused at once where as many wait as may, on ${runtime}`, async () => {
      const { functions } = functionsWithLines()
      await using _ = functions
      const served = await functions.plug('f', javascript, { runtime, concurrency: 1, queue: 2 })
      const calls = ids(5).map((id) => served.run(request({ wait: 30 }, id), id))
      const results = await Promise.allSettled(calls)
      assert.deepEqual(
        results.map((result) => (result.status === 'fulfilled' ? 'answered' : codeOf(result.reason))),
        ['answered', 'answered', 'answered', 'QUEUE_FULL', 'QUEUE_FULL'],
      )
      assert.deepEqual(JSON.parse(await served.run(request({}, 'z'), 'z')), { id: 'z' })
      assert.deepEqual(served.stats().errors, { QUEUE_FULL: 2 })
    })
  }

  it('may not wait at all where nothing may wait', async () => {
    const { functions } = functionsWithLines({ queue: 0, concurrency: 1 })
    await using _ = functions
    const served = await functions.plug('f', javascript)
    const first = served.run(request({ wait: 20 }, 'a'), 'a')
    await assert.rejects(served.run(request({}), ''), { code: 'QUEUE_FULL' })
    await first
  })

  it('that wait when their function is removed end, and those that run finish', async () => {
    const { functions } = functionsWithLines({ concurrency: 1 })
    await using _ = functions
    const served = await functions.plug('f', javascript)
    const first = served.run(request({ wait: 50 }, 'a'), 'a')
    const second = assert.rejects(served.run(request({}, 'b'), 'b'), { code: 'PLUGIN_UNPLUGGED' })
    await functions.remove('f')
    await second
    assert.deepEqual(JSON.parse(await first), { id: 'a' })
  })

  it('that wait when it is replaced run on what is there then, with its limits', async () => {
    const { functions } = functionsWithLines({ concurrency: 1, deadline: '500 ms' })
    await using _ = functions
    const served = await functions.plug('f', javascript)
    const calls = ids(3).map((id) => served.run(request({ never: id === 'a0' }, id), id))
    await functions.plug('f', Buffer.from('export const main = () => ({ now: 2 })'), {
      concurrency: 10,
      deadline: '1 s',
    })
    assert.deepEqual(await Promise.all(calls.slice(1)), ['{"now":2}', '{"now":2}'])
    calls[0]?.catch(() => {})
  })

  it('keep on finding processes when theirs end', async () => {
    const { functions } = functionsWithLines()
    await using _ = functions
    const served = await functions.deploy('f', posted(javascript))
    for (let time = 0; time < 3; time++) {
      await assert.rejects(served.run(request({ exit: true }), ''), { code: 'PROCESS_ENDED' })
      assert.deepEqual(JSON.parse(await served.run(request({}, 'a'), 'a')), { id: 'a' })
    }
  })
})
