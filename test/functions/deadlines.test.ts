import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { functionsWithLines, javascript, request, tenon } from './guests.ts'
import { shell } from '../support/process.ts'

const soon = (): number => Date.now() + 300

describe('the deadline of an activation', () => {
  const endless = {
    wasm: [tenon, { loop: true }],
    esm: [javascript, { never: true }],
    process: [javascript, { never: true }],
  } as const
  for (const [kind, [bytes, value]] of Object.entries(endless)) {
    const options = kind === 'wasm' ? {} : ({ runtime: kind === 'esm' ? 'esm' : 'process' } as const)

    it(`is its function's, on ${kind}`, async () => {
      const { functions } = functionsWithLines({ deadline: '300 ms' })
      await using _ = functions
      const served = await functions.plug('f', bytes, options)
      await assert.rejects(served.run(request(value, 'a'), 'a'), { code: 'DEADLINE' })
      // On a busy machine it takes longer than that to start a thread, or a process.
      await functions.plug('f', bytes, { ...options, deadline: '30 s' })
      assert.deepEqual(JSON.parse(await served.run(request({}, 'b'), 'b')), { id: 'b' })
    })

    it(`is its request's where that comes first, on ${kind}`, async () => {
      const { functions } = functionsWithLines()
      await using _ = functions
      const served = await functions.plug('f', bytes, { ...options, deadline: kind === 'wasm' ? '30 s' : '5 s' })
      for (const deadline of [soon(), String(soon())])
        await assert.rejects(served.run(request(value, 'a', { deadline }), 'a'), { code: 'DEADLINE' })
      await assert.rejects(served.run(request(value), '', { deadline: soon() }), { code: 'DEADLINE' })
      assert.deepEqual(JSON.parse(await served.run(request({}, 'b'), 'b')), { id: 'b' })
    })

    it(`is over before it begins where it has passed, on ${kind}`, async () => {
      const { functions, lines } = functionsWithLines()
      await using _ = functions
      const served = await functions.plug('f', bytes, options)
      const late = request({ say: 'begun' }, 'a', { deadline: Date.now() - 1 })
      await assert.rejects(served.run(late, 'a'), { code: 'DEADLINE' })
      assert.deepEqual(lines, [])
    })
  }

  it('is none where it is no time', async () => {
    const { functions } = functionsWithLines()
    await using _ = functions
    const served = await functions.plug('f', tenon)
    for (const deadline of ['123', 0, -5, '', 'soon', null, [], {}, true])
      assert.deepEqual(JSON.parse(await served.run(request({}, 'a', { deadline }), 'a')), { id: 'a' })
    const within = '{"value":{"say":"\\"deadline\\":1"},"activation_id":"b"}'
    assert.deepEqual(JSON.parse(await served.run(within, 'b')), { id: 'b' })
  })

  it('counts the wait for a turn', async () => {
    const { functions } = functionsWithLines({ concurrency: 1 })
    await using _ = functions
    const served = await functions.plug('f', javascript)
    const first = served.run(request({ wait: 600 }, 'a'), 'a')
    await assert.rejects(served.run(request({}, 'b', { deadline: Date.now() + 100 }), 'b'), { code: 'DEADLINE' })
    assert.equal(served.stats().waiting, 0)
    assert.deepEqual(JSON.parse(await first), { id: 'a' })
  })

  it('ends a program for the next one, which does not wait for it', async () => {
    const { functions } = functionsWithLines({ deadline: '300 ms' })
    await using _ = functions
    const program = shell(
      `while read -r line; do case $line in *loop*) while :; do :; done;; esac; echo '{"fine":1}' >&3; done`,
    )
    const served = await functions.plug('f', program)
    await assert.rejects(served.run(request({ loop: true }, 'a'), 'a'), { code: 'DEADLINE' })
    assert.equal(await served.run(request({}, 'b'), 'b'), '{"fine":1}')
  })

  it('of a module that nobody can stop ends the wait for it, and a function with one can be removed', async () => {
    const { functions } = functionsWithLines({ deadline: '100 ms', concurrency: 2 })
    await using _ = functions
    const served = await functions.plug('f', javascript)
    for (let round = 0; round < 3; round++) {
      const stuck = ['a', 'b'].map((id) => served.run(request({ never: true }, id), id))
      for (const call of stuck) await assert.rejects(call, { code: 'DEADLINE' })
    }
    assert.deepEqual(JSON.parse(await served.run(request({}, 'c'), 'c')), { id: 'c' })
    assert.equal(served.stats().running, 0)
  })
})
