import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { Functions } from 'mortise/functions'
import { functionsWithLines, javascript, posted, request, tenon } from './guests.ts'

describe('lines of a function', () => {
  it('are of the activation that wrote them, on the event loop', async () => {
    const { functions, lines } = functionsWithLines()
    await using _ = functions
    const served = await functions.deploy('f', posted(tenon))
    await Promise.all(['a', 'b'].map((id) => served.run(request({ say: id }, id), id)))
    await assert.rejects(served.run(request({ say: 'c', crash: true }, 'c'), 'c'))
    assert.deepEqual(lines.slice(0, 3), [
      { function: 'f', activation: 'a', late: false, source: 'log', level: 'info', text: 'a' },
      { function: 'f', activation: 'a', late: false, source: 'log', level: 'info', text: 'a again' },
      { function: 'f', activation: 'b', late: false, source: 'log', level: 'info', text: 'b' },
    ])
    assert.deepEqual(
      lines.map(({ activation, text }) => [activation, text]),
      [
        ['a', 'a'],
        ['a', 'a again'],
        ['b', 'b'],
        ['b', 'b again'],
        ['c', 'c'],
      ],
    )
  })

  for (const runtime of ['esm', 'process'] as const) {
    it(`are of the activation that wrote them, where many run at once, on ${runtime}`, async () => {
      const { functions, lines } = functionsWithLines()
      await using _ = functions
      const served = await functions.plug('f', javascript, { runtime })
      const ids = Array.from({ length: 50 }, (_, n) => `a${n}`)
      await Promise.all(ids.map((id) => served.run(request({ say: id, all: 50 }, id), id)))
      assert.equal(lines.length, 100)
      for (const { activation, text, late } of lines) assert.deepEqual([text.split(' ')[0], late], [activation, false])
    })

    it(`come before the answer, on ${runtime}`, async () => {
      const { functions, lines } = functionsWithLines()
      await using _ = functions
      const served = await functions.plug('f', javascript, { runtime })
      for (const id of ['a', 'b', 'c']) {
        await served.run(request({ say: id }, id), id)
        assert.deepEqual(
          lines.splice(0).map(({ activation, text }) => [activation, text]),
          [
            [id, id],
            [id, `${id} again`],
          ],
        )
      }
    })

    it(`that come late are of their own activation, and say so, on ${runtime}`, async () => {
      const { functions, lines } = functionsWithLines()
      await using _ = functions
      const late = Buffer.from(`
        let tell
        export const main = async ({ say, tellNow }, { log }) => {
          if (say !== undefined) tell = () => log.info(say)
          if (tellNow) tell()
          log.info('in time')
          return {}
        }`)
      const served = await functions.plug('f', late, { runtime })
      await served.run(request({ say: 'late' }, 'a'), 'a')
      await served.run(request({ tellNow: true }, 'b'), 'b')
      assert.deepEqual(
        lines.map(({ activation, text, late: isLate }) => [activation, text, isLate]),
        [
          ['a', 'in time', false],
          ['a', 'late', true],
          ['b', 'in time', false],
        ],
      )
    })
  }

  it('of a start are of no activation', async () => {
    const { functions, lines } = functionsWithLines()
    await using _ = functions
    const served = await functions.deploy(
      'f',
      posted(Buffer.from("console.log('starting'); export const main = () => ({})")),
    )
    await served.run('{}', 'a')
    assert.deepEqual(
      lines.map(({ activation, text }) => [activation, text]),
      [[undefined, 'starting']],
    )
  })

  it('that the log fails on are warned of, and fail no activation', async () => {
    const warnings: string[] = []
    const warned = (warning: Error): void => void warnings.push(warning.message)
    process.on('warning', warned)
    await using functions = new Functions({
      allow: ['esm', 'process'],
      log: ({ text }) => {
        throw new Error(`refused ${text}`)
      },
    })
    const onThread = await functions.deploy('thread', posted(tenon))
    await onThread.run(request({ spin: 500 }, 'a'), 'a')
    assert.equal(onThread.stats().place, 'thread')
    for (const served of [
      onThread,
      await functions.deploy('wasm', posted(tenon)),
      await functions.plug('esm', javascript),
      await functions.plug('process', javascript, { runtime: 'process' }),
    ])
      assert.deepEqual(JSON.parse(await served.run(request({ say: served.name }, 'a'), 'a')), { id: 'a' })
    await setImmediate()
    process.off('warning', warned)
    for (const name of ['thread', 'wasm', 'esm', 'process'])
      assert.deepEqual(
        warnings.filter((warning) => warning.includes(name)),
        [`refused ${name}`, `refused ${name} again`],
      )
  })
})
