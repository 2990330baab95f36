import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ErrorCode } from 'mortise'
import type { ProcessOptions } from 'mortise/process'
import { answers, fails, plugProcess, raw, shell } from '../support/process.ts'

/** What a program does for the event `{"act":true}`; to every other one it answers with `{"fine":true}`. */
const sometimes = (act: string, setup = ''): Uint8Array =>
  raw(`${setup}
    lines((line) => {
      if (!JSON.parse(line).value.act) return say({ fine: true })
      ${act}
    })`)

interface Case {
  readonly does: string
  readonly code: ErrorCode
  readonly options?: ProcessOptions
  /** It goes on in the same process. */
  readonly survives?: true
  readonly message?: RegExp
  readonly stderr?: RegExp
}

const cases: Readonly<Record<string, Case>> = {
  'exits with a code': { does: 'process.exit(3)', code: 'PROCESS_ENDED', message: /exit code 3/ },
  'exits without a word and with code 0': { does: 'process.exit(0)', code: 'PROCESS_ENDED', message: /exit code 0/ },
  'is killed by a signal': { does: "process.kill(process.pid, 'SIGSEGV')", code: 'PROCESS_ENDED', message: /SIGSEGV/ },
  aborts: { does: 'process.abort()', code: 'PROCESS_ENDED', message: /SIGABRT/ },
  throws: { does: "throw new Error('mine')", code: 'PROCESS_ENDED', stderr: /Error: mine/ },
  'writes half a line and exits': { does: 'writeSync(3, \'{"half":\'); process.exit(0)', code: 'PROCESS_ENDED' },
  'writes half a line and hangs': { does: 'writeSync(3, \'{"half":\')', code: 'DEADLINE', options: { deadline: 2000 } },
  'says nothing': { does: '', code: 'DEADLINE', options: { deadline: 2000 } },
  'never ends': { does: 'for (;;);', code: 'DEADLINE', options: { deadline: 2000 } },
  'closes descriptor 3 and goes on': { does: "require('node:fs').closeSync(3)", code: 'PROCESS_PROTOCOL' },
  'answers twice': { does: 'writeSync(3, \'{"a":1}\\n{"b":2}\\n\')', code: 'PROCESS_PROTOCOL' },
  'answers with an answer and garbage behind it': { does: "writeSync(3, '{}\\ngarbage\\n')", code: 'PROCESS_PROTOCOL' },
  'answers with an answer that has no end': {
    does: "for (;;) writeSync(3, 'x'.repeat(65536))",
    code: 'OUTPUT_LIMIT',
    options: { answer: '1 MiB' },
  },
  'answers with a line that is too long': {
    does: "say({ text: 'x'.repeat(2 ** 20) })",
    code: 'OUTPUT_LIMIT',
    options: { answer: '64 KiB' },
  },
  'floods stdout': {
    does: "for (;;) writeSync(1, 'x'.repeat(65536))",
    code: 'OUTPUT_LIMIT',
  },
  'floods stderr with lines': { does: "for (;;) writeSync(2, 'line\\n'.repeat(9999))", code: 'OUTPUT_LIMIT' },
  'answers with garbage': { does: "say('garbage')", code: 'GUEST_RESULT', survives: true },
  'answers with an empty line': { does: "say('')", code: 'GUEST_RESULT', survives: true },
  'answers with an array': { does: "say('[]')", code: 'GUEST_RESULT', survives: true },
  'answers with what is not UTF-8': {
    does: 'writeSync(3, Buffer.from([0x22, 0xff, 0x22, 0x0a]))',
    code: 'GUEST_STRING',
    survives: true,
  },
  'answers with marks that it did not announce': { does: "say('!{}')", code: 'GUEST_RESULT', survives: true },
}

describe('a program that', () => {
  for (const [what, { does, code, options = {}, survives, message, stderr }] of Object.entries(cases)) {
    it(`${what} is ${code} for its call, and the next call works`, async () => {
      await using guest = await plugProcess(sometimes(does), options)
      const { main, plugin, events } = guest
      assert.deepEqual(await main({}), { fine: true })
      const error = await fails(code, main({ act: true }))
      assert.deepEqual([error.details.plugin, error.details.hook], ['guest', 'main'])
      if (message !== undefined) assert.match(error.message, message)
      if (stderr !== undefined) assert.match(error.details.stderr ?? '', stderr)
      assert.deepEqual(await main({}), { fine: true })
      assert.equal(new Set(events.map(({ pid }) => pid)).size, survives ? 1 : 2)
      const { calls, errors, restores, lastError } = plugin.stats()
      assert.deepEqual({ calls, errors, restores }, { calls: 3, errors: 1, restores: survives ? 0 : 1 })
      assert.equal(lastError, error)
    })
  }

  it('writes its only answer without an end of line and exits has answered, if that is whole', async () => {
    await using guest = await plugProcess(sometimes('writeSync(3, \'{"whole":[{}]}\'); process.exit(1)'))
    assert.deepEqual(await guest.main({ act: true }), { whole: [{}] })
    assert.deepEqual(await guest.main({}), { fine: true })
  })

  it('ignores every signal is ended when it overruns', async () => {
    const deaf = "for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(name, () => {})"
    await using guest = await plugProcess(sometimes('for (;;);', deaf), { deadline: 2000 })
    await fails('DEADLINE', guest.main({ act: true }))
    assert.deepEqual(await guest.main({}), { fine: true })
  })

  it('stops to read does not block the host, however much it is sent', async () => {
    const slow = raw('process.stdin.pause(); setTimeout(() => process.exit(7), 300)')
    await using guest = await plugProcess(slow, { pipeline: 8 })
    const text = 'x'.repeat(2 ** 20)
    const calls = Array.from({ length: 8 }, () => fails('PROCESS_ENDED', guest.main({ text })))
    for (const error of await Promise.all(calls)) assert.equal(error.details.exitCode, 7)
  })

  it('closes its standard input is found out by the next call', async () => {
    await using guest = await plugProcess(
      raw("require('node:fs').closeSync(0); say({ ok: true }); setInterval(() => {}, 1000)"),
      {
        ack: true,
        deadline: 5000,
      },
    )
    await fails(['PROCESS_PROTOCOL', 'PROCESS_ENDED'], guest.main({}))
  })

  it('dies between two calls is replaced, and nobody notices', async () => {
    await using guest = await plugProcess(
      raw('lines(() => { say({ pid: process.pid }); setImmediate(() => process.exit(1)) })'),
    )
    const first = await guest.main({})
    await guest.happened('ended')
    const second = await guest.main({})
    assert.notEqual(first['pid'], second['pid'])
    assert.equal(guest.plugin.stats().errors, 0)
  })

  it('writes a line to descriptor 3 between two calls is replaced before it can answer the wrong one', async () => {
    await using guest = await plugProcess(
      raw('let n = 0; lines(() => { say({ n: ++n }); setTimeout(() => say({ stray: true }), 50) })'),
    )
    assert.deepEqual(await guest.main({}), { n: 1 })
    await guest.happened('ended')
    assert.match(guest.events.at(-1)?.because ?? '', /answers no call/)
    assert.deepEqual(await guest.main({}), { n: 1 })
  })

  for (const [when, text] of Object.entries({
    'at once': 'say({ ok: true }); lines((line) => say(JSON.parse(line).value))',
    'before it reads': `setTimeout(() => {
      say({ ok: true })
      setTimeout(() => lines((line) => say(JSON.parse(line).value)), 20)
    }, 100)`,
    'in one write with its first answer': `let said = false
      lines((line) => {
        writeSync(3, (said ? '' : '{"ok":true}\\n') + JSON.stringify(JSON.parse(line).value) + '\\n')
        said = true
      })`,
  })) {
    it(`acknowledges ${when}, and nobody asked, gives no wrong answer`, async () => {
      await using guest = await plugProcess(raw(text))
      for (let n = 0; n < 3; n++) assert.deepEqual(await guest.main({ n }), { n })
      assert.equal(guest.events.length, 1)
    })
  }

  it('answers with what looks like an acknowledgement has answered', async () => {
    await using guest = await plugProcess(answers('{"ok":true}'))
    for (let time = 0; time < 3; time++) assert.deepEqual(await guest.main({}), { ok: true })
    await using last = await plugProcess(shell(`read -r line; echo '{"ok":true}' >&3; exit 3`))
    assert.deepEqual(await last.main({}), { ok: true })
  })

  it('floods stdout between two calls is ended', async () => {
    await using guest = await plugProcess(
      raw("lines(() => { say({}); setImmediate(() => { for (;;) writeSync(1, 'x'.repeat(65536) + '\\n') }) })"),
    )
    assert.deepEqual(await guest.main({}), {})
    await guest.happened('ended')
    assert.deepEqual(await guest.main({}), {})
  })

  it('says on stderr why it dies is quoted', async () => {
    await using guest = await plugProcess(shell('read -r line; echo "no such luck" >&2; exit 4'))
    const { details, message } = await fails('PROCESS_ENDED', guest.main({}))
    assert.deepEqual([details.exitCode, details.stderr], [4, 'no such luck'])
    assert.match(message, /no such luck/)
  })

  it('fails harms no other plugin', async () => {
    await using bad = await plugProcess(sometimes('process.abort()'))
    await using good = await plugProcess(answers('{"good":true}'))
    const calls = Array.from({ length: 3 }, (_, index) => [
      fails('PROCESS_ENDED', bad.main({ act: true, index })),
      good.main({}).then((answer) => assert.deepEqual(answer, { good: true })),
    ])
    await Promise.all(calls.flat())
    assert.equal(good.events.length, 1)
  })
})

describe('a program that does not start', () => {
  const starts: Readonly<Record<string, readonly [Uint8Array, RegExp, ProcessOptions?]>> = {
    'because its interpreter does not exist': [Buffer.from('#!/no/such/interpreter\n'), /ENOENT.*first line/],
    'because it exits at once': [shell('exit 5'), /exit code 5/, { settle: '30 s' }],
    'because it exits before it acknowledges': [shell('echo sorry >&2; exit 6'), /exit code 6.*sorry/, { ack: true }],
    'because its acknowledgement is no JSON': [
      shell("echo 'bad ack' >&3; read -r line"),
      /no JSON: bad ack/,
      { ack: true },
    ],
    'because it acknowledges with no ok': [shell("echo '{}' >&3; read -r line"), /said \{\}/, { ack: true }],
    'because it acknowledges with null': [shell('echo null >&3; read -r line'), /said null/, { ack: true }],
    'because it never acknowledges': [shell('read -r line'), /longer than 200 ms/, { ack: true, start: 200 }],
    'because it acknowledges twice': [
      shell('printf \'{"ok":true}\\n{}\\n\' >&3; read -r line'),
      /no call/,
      { ack: true },
    ],
  }
  for (const [why, [source, message, options]] of Object.entries(starts)) {
    it(`${why} is refused, and its name stays free`, async () => {
      const error = await fails('PROCESS_NOT_STARTED', plugProcess(source, options))
      assert.match(error.message, message)
      assert.equal(error.details.plugin, 'guest')
    })
  }

  it('changes nothing where it was to be swapped in', async () => {
    await using guest = await plugProcess(answers('{"version":1}'), { settle: '200 ms' })
    await fails('PROCESS_NOT_STARTED', guest.plugin.swap(shell('exit 1')))
    assert.deepEqual(await guest.main({}), { version: 1 })
    await guest.plugin.swap(answers('{"version":2}'))
    assert.deepEqual(await guest.main({}), { version: 2 })
  })

  it('because it is for another system is refused before it runs', async () => {
    const other = process.platform === 'win32' ? [0x7f, 0x45, 0x4c, 0x46] : [0x4d, 0x5a, 0x90, 0]
    await fails('PROCESS_NOT_STARTED', plugProcess(Uint8Array.from([...other, ...new Uint8Array(60)])))
  })

  it('because it is damaged is refused', async () => {
    const elf = Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, ...new Uint8Array(100)])
    await fails(['PROCESS_NOT_STARTED'], plugProcess(elf, { settle: '10 s' }))
  })
})
