import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type ErrorCode, MortiseError } from 'mortise'
import { plugProcess, raw } from '../support/process.ts'

/** Ways to misbehave, each with what the caller may see of it. */
const acts: Readonly<Record<string, readonly [does: string, codes: readonly ErrorCode[]]>> = {
  exit: ['process.exit(3)', ['PROCESS_ENDED']],
  kill: ["process.kill(process.pid, 'SIGKILL')", ['PROCESS_ENDED']],
  throw: ["throw new Error('mine')", ['PROCESS_ENDED']],
  half: ['writeSync(3, \'{"id":\'); process.exit(0)', ['PROCESS_ENDED']],
  garbage: ["say('garbage')", ['GUEST_RESULT']],
  binary: ['writeSync(3, Buffer.from([0xff, 0xfe, 0x0a]))', ['GUEST_STRING']],
  twice: ["writeSync(3, '{}\\n{}\\n')", ['PROCESS_PROTOCOL']],
  close: ["require('node:fs').closeSync(3)", ['PROCESS_PROTOCOL']],
  hang: ['for (;;);', ['DEADLINE']],
  flood: ["for (;;) writeSync(2, 'x'.repeat(65536))", ['OUTPUT_LIMIT']],
  endless: ["for (;;) writeSync(3, 'x'.repeat(65536))", ['OUTPUT_LIMIT']],
}

/** Acts after which the answers of other calls are still known to be theirs. */
const fatal = ['exit', 'kill', 'throw', 'half', 'garbage', 'binary'] as const

const program = raw(`
  const acts = { ${Object.entries(acts)
    .map(([name, [does]]) => `${name}() { ${does} }`)
    .join(', ')} }
  lines((line) => {
    const { id, act, noise } = JSON.parse(line).value
    if (noise) writeSync(id % 2 ? 1 : 2, 'noise '.repeat(noise) + (noise % 3 ? '\\n' : ''))
    if (act) acts[act]()
    else say({ id })
  })`)

const options = { deadline: 2000, answer: '1 MiB', restarts: 100 } as const

function isCode(error: unknown, codes: readonly ErrorCode[], what: string): void {
  assert(MortiseError.is(error) && codes.includes(error.code), `${what}: ${String(error)}`)
}

describe('whatever a program does,', () => {
  it('its call ends with the right error, and the one after with the right answer', async (context) => {
    const seed = fc.sample(fc.nat(), 1)[0] ?? 0
    context.diagnostic(`seed ${seed}`)
    await using guest = await plugProcess(program, options)
    const chosen = fc.sample(
      fc.record({ act: fc.constantFrom(...Object.keys(acts)), noise: fc.nat(200), good: fc.nat(3) }),
      { seed, numRuns: 30 },
    )
    let id = 0
    for (const { act, noise, good } of chosen) {
      const [, codes = []] = acts[act] ?? []
      await guest.main({ id: -1, act, noise }).then(
        () => assert.fail(`${act} was answered`),
        (error: unknown) => isCode(error, codes, act),
      )
      for (let time = 0; time <= good; time++) assert.deepEqual(await guest.main({ id: ++id, noise }), { id })
    }
  })

  it('no call of many gets the answer of another', async (context) => {
    const seed = fc.sample(fc.nat(), 1)[0] ?? 0
    context.diagnostic(`seed ${seed}`)
    await using guest = await plugProcess(program, { ...options, pipeline: 5 })
    const chosen = fc.sample(
      fc.record({
        act: fc.oneof({ weight: 20, arbitrary: fc.constant('') }, { weight: 1, arbitrary: fc.constantFrom(...fatal) }),
        noise: fc.nat(50),
      }),
      { seed, numRuns: 600 },
    )
    let answered = 0
    await Promise.all(
      chosen.map(async ({ act, noise }, id) => {
        const [, codes = []] = acts[act] ?? []
        await guest.main({ id, act, noise }).then(
          (answer) => {
            assert.deepEqual([answer, act], [{ id }, ''])
            answered++
          },
          (error: unknown) => isCode(error, [...codes, 'PROCESS_ENDED'], act),
        )
      }),
    )
    assert(answered > 0)
    assert.deepEqual(await guest.main({ id: -1 }), { id: -1 })
  })
})
