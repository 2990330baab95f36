import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { Mortise, MortiseError } from 'mortise'
import { action, type JsonObject } from 'mortise/action'
import { childProcess, type ProcessOptions } from 'mortise/process'
import { inFolder } from '../support/guest.ts'
import { answers, fails, plugProcess, raw, shell } from '../support/process.ts'

const run = promisify(execFile)
const path = { PATH: process.env['PATH'] ?? '' }

/** Answers whole blocks of lines at once, in pieces that end anywhere. */
const shredding = raw(`
  const { setImmediate: turn } = require('node:timers/promises')
  let random = Number(process.env.SEED)
  const next = (n) => (random = (random * 1103515245 + 12345) % 2147483648) % n
  let out = Buffer.alloc(0), busy = false
  async function flush() {
    if (busy) return
    busy = true
    while (out.length > 0) {
      const size = 1 + next(next(4) === 0 ? 3 : 5000)
      writeSync(3, out.subarray(0, size))
      out = out.subarray(size)
      if (next(3) === 0) await turn()
    }
    busy = false
  }
  lines((line) => {
    out = Buffer.concat([out, Buffer.from(JSON.stringify(JSON.parse(line).value) + '\\n')])
    if (next(2) === 0) flush()
    else setImmediate(flush)
  })`)

describe('calls of a process', () => {
  for (const pipeline of [1, 7, 64]) {
    it(`get their own answers, 4,000 of them, ${pipeline} at a time`, async (context) => {
      const seed = fc.sample(fc.nat(), 1)[0] ?? 0
      context.diagnostic(`seed ${seed}`)
      await using guest = await plugProcess(shredding, { pipeline, queue: 4000, env: { SEED: String(seed) } })
      const texts = fc.sample(fc.string({ unit: 'binary', maxLength: 200 }), { numRuns: 100, seed })
      const calls = Array.from({ length: 4000 }, async (_, id) => {
        for (let turn = 0; turn < (id * seed) % 5; turn++) await setImmediate()
        const event = { id, text: texts[id % 100] ?? '' }
        // JSON of a lone surrogate is an escape, which comes back as one.
        assert.deepEqual(await guest.main(event), event)
      })
      await Promise.all(calls)
      assert.equal(guest.events.length, 1)
    })
  }

  it('wait for their turn, as many as the queue holds, and not one more', async () => {
    await using guest = await plugProcess(shell('read -r line; sleep 0.2; echo "{}" >&3; cat <&0 >/dev/null'), {
      env: path,
      queue: 3,
      deadline: '1 s',
      restarts: 100,
    })
    const calls = Array.from({ length: 3 }, () => guest.main({}))
    const error = await fails('QUEUE_FULL', guest.main({}))
    assert.deepEqual([error.details.asked, error.details.limit], [4, 3])
    await calls[0]
    const [again] = await Promise.allSettled([guest.main({}), ...calls])
    assert(again.status === 'fulfilled' || !MortiseError.is(again.reason, 'QUEUE_FULL'))
  })

  it('wait with as many bytes as the buffer holds', async () => {
    await using guest = await plugProcess(answers('{}'), { buffer: 1000 })
    const small = guest.main({ text: 'x'.repeat(500) })
    await fails('QUEUE_FULL', guest.main({ text: 'x'.repeat(500) }))
    await small
    assert.deepEqual(await guest.main({ text: 'x'.repeat(900) }), {})
    await fails('QUEUE_FULL', guest.main({ text: 'x'.repeat(1000) }))
  })

  it('are timed from when the process can work on them, not while they wait', async () => {
    await using guest = await plugProcess(raw('lines(() => setTimeout(() => say({}), 300))'), {
      deadline: 2000,
      pipeline: 1,
    })
    await Promise.all(Array.from({ length: 10 }, () => guest.main({})))
    assert.equal(guest.events.length, 1)
  })

  it('have deadlines of their own with others behind them', async () => {
    await using guest = await plugProcess(
      raw('lines((line) => { const { hang } = JSON.parse(line).value; while (hang); say({}) })'),
      { deadline: 2000, pipeline: 3 },
    )
    await guest.main({})
    const [one, two, three] = [guest.main({}), guest.main({ hang: true }), guest.main({})]
    assert.deepEqual(await one, {})
    await Promise.all([fails('DEADLINE', two), fails('PROCESS_ENDED', three)])
    assert.deepEqual(await guest.main({}), {})
  })

  it('of megabytes pass in both directions at once', async () => {
    await using guest = await plugProcess(raw('lines((line) => say(JSON.parse(line).value))'), { pipeline: 16 })
    const text = 'é🦀'.repeat(100_000)
    const got = await Promise.all(Array.from({ length: 16 }, (_, id) => guest.main({ id, text })))
    for (const [id, answer] of got.entries()) assert.deepEqual(answer, { id, text })
  })
})

describe('a program is started with', () => {
  const printed = (source: Uint8Array, options: ProcessOptions = {}, config = {}): Promise<JsonObject> =>
    plugProcess(source, options, config).then(async (guest) => {
      await using _ = guest
      return await guest.main({})
    })

  it('an input that has ended, where it is a module', async () => {
    const reading = Buffer.from(`
      import { stdin } from 'node:process'
      export async function main() {
        let text = ''
        for await (const chunk of stdin) text += chunk
        return { text, same: process.stdin === stdin }
      }`)
    assert.deepEqual(await printed(reading), { text: '', same: true })
  })

  it('exactly the environment that it was given', async () => {
    const environment = raw('lines(() => say(process.env))')
    assert.deepEqual(await printed(environment), {})
    const given = { A: '1', B: 'two words = é🦀\n', EMPTY: '' }
    assert.deepEqual(await printed(environment, { env: given }), given)
    assert.deepEqual(await printed(environment, { env: given }, { A: 'mine', C: '3' }), { ...given, A: 'mine', C: '3' })
  })

  it('__OW_WAIT_FOR_ACK where an acknowledgement is waited for', async () => {
    const environment = raw('say({ ok: true }); lines(() => say(process.env))')
    assert.deepEqual(await printed(environment, { ack: true }), { __OW_WAIT_FOR_ACK: '1' })
  })

  it('descriptors 0 to 3 and no other', { skip: process.platform !== 'linux' && 'needs /proc' }, async () => {
    const descriptors = shell(`
      while read -r line; do
        open=
        for number in 0 1 2 3 4 5 6 7 8 9; do if [ -e /proc/$$/fd/$number ]; then open="$open$number"; fi; done
        echo "{\\"open\\":\\"$open\\"}" >&3
      done`)
    // The shell itself keeps its script open, from 10 on.
    assert.deepEqual(await printed(descriptors), { open: '0123' })
  })

  it('no arguments', async () => {
    assert.deepEqual(await printed(raw('lines(() => say({ arguments: process.argv.slice(2) }))')), { arguments: [] })
  })

  it('its file in its place, beside its neighbours', () =>
    inFolder({ 'lib.sh': 'greeting=neighbour\n', 'main.sh': '' }, async (folder) => {
      const file = join(folder, 'main.sh')
      await writeFile(
        file,
        '#!/bin/sh\n. ./lib.sh\nwhile read -r line; do echo "{\\"is\\":\\"$greeting\\"}" >&3; done\n',
        { mode: 0o755 },
      )
      await run('chmod', ['755', file])
      await using guest = await plugProcess(file)
      assert.deepEqual(await guest.main({}), { is: 'neighbour' })
    }))

  it('a sentence about chmod where its file may not be executed', () =>
    inFolder({ 'main.sh': '#!/bin/sh\n' }, async (folder) => {
      const { message } = await fails('PROCESS_NOT_STARTED', plugProcess(join(folder, 'main.sh')))
      assert.match(message, /EACCES.*chmod/)
    }))

  it('what an environment cannot hold is refused before', async () => {
    const impossible = [{ 'A=B': '1' }, { '': '1' }, { A: 'zero \0' }, { A: 'lone \ud800' }, { 'A\0': '1' }]
    for (const env of impossible) {
      assert.throws(() => childProcess({ env }), { code: 'OPTION_INVALID' })
      await fails('OPTION_INVALID', plugProcess(answers('{}'), {}, env))
    }
  })
})

describe('what a program prints', () => {
  it('comes line by line, in order, before the result of its call', async () => {
    await using guest = await plugProcess(
      shell(`
        echo starting
        while read -r line; do
          for i in 1 2 3; do echo "out $i"; echo "err $i" >&2; done
          printf 'no end'
          echo '{}' >&3
        done`),
      { settle: 100 },
    )
    assert.deepEqual(
      guest.logs.map(({ text }) => text),
      ['starting'],
    )
    for (let call = 0; call < 3; call++) {
      guest.logs.length = 0
      await guest.main({})
      const texts = (name: string): readonly string[] =>
        guest.logs.filter(({ source }) => source === name).map(({ text }) => text)
      assert.deepEqual(texts('stdout'), ['out 1', 'out 2', 'out 3', 'no end'])
      assert.deepEqual(texts('stderr'), ['err 1', 'err 2', 'err 3'])
      assert.equal(new Set(guest.logs.map((line) => line.call)).size, 1)
      assert.equal(guest.logs[0]?.call, call + 2)
      assert.deepEqual(
        new Set(guest.logs.map(({ source, level }) => `${source} ${level}`)),
        new Set(['stdout info', 'stderr error']),
      )
    }
  })

  it('before the result holds for many lines and many calls', async () => {
    await using guest = await plugProcess(
      raw(
        `lines((line) => {
          const { n } = JSON.parse(line).value
          writeSync(1, ('out ' + n + '\\n').repeat(300))
          writeSync(2, ('err ' + n + '\\n').repeat(300))
          say({ n })
        })`,
      ),
    )
    for (let n = 0; n < 200; n++) {
      guest.logs.length = 0
      await guest.main({ n })
      assert.deepEqual([guest.logs.length, new Set(guest.logs.map(({ call }) => call)).size], [600, 1])
    }
  })

  it('is cut where a line never ends', async () => {
    await using guest = await plugProcess(raw("lines(() => { writeSync(1, 'x'.repeat(200000)); say({}) })"))
    await guest.main({})
    assert.equal(guest.logs.map(({ text }) => text).join(''), 'x'.repeat(200_000))
    assert(guest.logs.length > 1)
  })

  it('is the business of a log function that may throw', async () => {
    const mine = new Error('mine')
    const host = new Mortise({
      runtimes: [childProcess()],
      log() {
        throw mine
      },
    })
    await using _ = host
    const plugin = await host.plug(
      'guest',
      raw("lines((line) => { if (JSON.parse(line).value.talk) console.log('hi'); say({}) })"),
      action,
    )
    const error = await fails('HOST_FUNCTION_FAILED', plugin.hooks.main({ talk: true }))
    assert.equal(error.cause, mine)
    assert.deepEqual(await plugin.hooks.main({}), {})
  })
})

describe('options of childProcess()', () => {
  const wrong: readonly (readonly [string, object])[] = [
    ['OPTION_UNKNOWN', { memory: '1 MiB' }],
    ['OPTION_UNKNOWN', { fuel: 1 }],
    ['OPTION_INVALID', { env: { A: 1 } }],
    ['OPTION_INVALID', { env: null }],
    ['OPTION_INVALID', { ack: 'yes' }],
    ['OPTION_INVALID', { spin: 1 }],
    ['OPTION_INVALID', { pipeline: 0 }],
    ['OPTION_INVALID', { queue: 1.5 }],
    ['OPTION_INVALID', { restarts: -1 }],
    ['OPTION_INVALID', { start: '5 parsecs' }],
    ['OPTION_INVALID', { grace: '40000 min' }],
    ['OPTION_INVALID', { answer: -1 }],
    ['OPTION_INVALID', { watch: true }],
    ['OPTION_INVALID', { deadline: 0 }],
  ]
  for (const [code, options] of wrong) {
    it(`refuse ${JSON.stringify(options)}`, () => {
      assert.throws(() => void Reflect.apply(childProcess, undefined, [options]), { code })
    })
  }

  it('are the limits of a plugin, too', async () => {
    await using host = new Mortise({ runtimes: [childProcess({ deadline: '1 min' })] })
    const hanging = shell('while read -r line; do :; done')
    const plugin = await host.plug('guest', hanging, action, { limits: { deadline: 100 } })
    await fails('DEADLINE', plugin.hooks.main({}))
    await fails('OPTION_UNKNOWN', host.plug('other', hanging, action, { limits: Object.fromEntries([['queue', 1]]) }))
  })

  it('let a plugin take JavaScript here, on a host that also has esm', async () => {
    const { esm } = await import('mortise/esm')
    await using host = new Mortise({ runtimes: [esm(), childProcess()] })
    const source = Buffer.from('export const main = () => ({ pid: process.pid })')
    const inside = await host.plug('inside', source, action)
    const outside = await host.plug('outside', source, action, { runtime: 'process' })
    assert.deepEqual([inside.runtime, outside.runtime], ['esm', 'process'])
    assert.equal((await inside.hooks.main({}))['pid'], process.pid)
    assert.notEqual((await outside.hooks.main({}))['pid'], process.pid)
  })
})
