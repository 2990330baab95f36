import assert from 'node:assert/strict'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { inFolder } from '../support/guest.ts'
import { answers, fails, plugProcess, raw, shell } from '../support/process.ts'

const crashing = shell('while read -r line; do exit 1; done')

describe('a process that has failed', () => {
  it('is started again by the next call, and not before', async () => {
    await using guest = await plugProcess(shell("read -r line; echo '{}' >&3; exit 1"))
    await guest.main({})
    await guest.happened('ended')
    assert.deepEqual(
      guest.events.map(({ what }) => what),
      ['started', 'ended'],
    )
    await guest.main({})
    assert.equal(guest.plugin.stats().restores, 1)
  })

  it('takes only the call down that it had: those that wait find the next one', async () => {
    await using guest = await plugProcess(
      raw('lines((line) => { const { n } = JSON.parse(line).value; if (n % 7 === 0) process.abort(); say({ n }) })'),
    )
    const calls = Array.from({ length: 15 }, async (_, n) => {
      if (n % 7 === 0) await fails('PROCESS_ENDED', guest.main({ n }))
      else assert.deepEqual(await guest.main({ n }), { n })
    })
    await Promise.all(calls)
  })

  it('takes all calls down that it was given, each with an error that says so', async () => {
    await using guest = await plugProcess(raw('let n = 0; lines(() => { if (++n === 4) process.exit(9) })'), {
      pipeline: 4,
    })
    const first = Array.from({ length: 4 }, () => fails('PROCESS_ENDED', guest.main({})))
    const [head, ...behind] = await Promise.all(first)
    assert.match(head?.message ?? '', /ended with exit code 9/)
    for (const error of behind) {
      assert.match(error.message, /given to the same process as another call, which failed.*exit code 9/)
      assert.equal(error.details.exitCode, 9)
    }
  })

  it('is started later and later, and given up in the end', async () => {
    await using guest = await plugProcess(crashing, { restarts: 4 })
    const start = performance.now()
    const codes = [
      'PROCESS_ENDED',
      'PROCESS_ENDED',
      'PROCESS_ENDED',
      'PROCESS_ENDED',
      'PROCESS_ENDED',
      'PROCESS_GIVEN_UP',
    ] as const
    for (const code of codes) await fails(code, guest.main({}))
    // Two pauses, of 100 ms, 200 ms and 400 ms, before the last three of the five starts.
    assert(performance.now() - start >= 700)
    const error = await fails('PROCESS_GIVEN_UP', guest.main({}))
    assert.match(error.message, /5 times in a row.*exit code 1/)
    assert.deepEqual(guest.events.at(-1)?.what, 'given-up')
    await guest.plugin.swap(answers('{"revived":true}'))
    assert.deepEqual(await guest.main({}), { revived: true })
  })

  it('and is given up ends the calls that wait, too', async () => {
    await using guest = await plugProcess(crashing, { restarts: 1 })
    const errors = await Promise.all(
      Array.from({ length: 5 }, () => fails(['PROCESS_ENDED', 'PROCESS_GIVEN_UP'], guest.main({}))),
    )
    assert.deepEqual(
      errors.map(({ code }) => code),
      ['PROCESS_ENDED', 'PROCESS_ENDED', 'PROCESS_GIVEN_UP', 'PROCESS_GIVEN_UP', 'PROCESS_GIVEN_UP'],
    )
  })

  it('counts from the start again once it has answered', async () => {
    await using guest = await plugProcess(
      raw('lines((line) => JSON.parse(line).value.act ? process.exit(1) : say({}))'),
      { restarts: 1 },
    )
    for (let time = 0; time < 4; time++) {
      await fails('PROCESS_ENDED', guest.main({ act: true }))
      assert.deepEqual(await guest.main({}), {})
    }
  })

  it('is not started from a file that was changed since, but by a swap to it', () =>
    inFolder({ 'guest.sh': '' }, async (folder) => {
      const file = join(folder, 'guest.sh')
      await chmod(file, 0o755)
      const version = (n: number): string => `#!/bin/sh\nread -r line; echo '{"n":${n}}' >&3\n`
      await writeFile(file, version(1))
      await using guest = await plugProcess(file, { restarts: 2 })
      assert.deepEqual(await guest.main({}), { n: 1 })
      await guest.happened('ended')
      await writeFile(file, version(2))
      const error = await fails('PROCESS_GIVEN_UP', guest.main({}))
      assert.match(error.message, /changed after it was plugged in/)
      await guest.plugin.swap(file)
      assert.deepEqual(await guest.main({}), { n: 2 })
    }))
})
