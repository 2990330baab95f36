import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ErrorCode } from 'mortise'
import type { AsyncStorage } from 'mortise/extension'
import { failure, rejection } from '../../support/wat.ts'
import { ioError, key, mock, plugExtensions } from './mock.ts'
import { plugAsync, waitingKind } from './waiting.ts'

/** What guests do, the code of their error, and its text in the reference engine. */
const rows: Readonly<Record<string, readonly [body: string, code: ErrorCode, text: RegExp]>> = {
  storage: [
    `(drop ${key('foo')})`,
    'EXTENSION_NAME',
    /^convert error: string «foo» to qualified name \(recovered by wazero\)\nwasm stack trace:\n\t\.storage\(\)$/,
  ],
  handle: [
    '(drop (call $hostGetValue (i64.const 123)))',
    'EXTENSION_HANDLE',
    /^incorrect key builder \(recovered by wazero\)\nwasm stack trace:\n\t\.handle\(\)$/,
  ],
  field: [
    `(drop (call $hostValueAsInt32 (call $hostGetValue ${key('sys.Event')}) 'wrong'))`,
    'EXTENSION_FIELD',
    /^undefined int32 field: wrong \(recovered by wazero\)\n/,
  ],
  absent: [
    `(drop (call $hostGetValue ${key('sys.Record')}))`,
    'EXTENSION_ABSENT',
    /^state Mock, key \{storage:sys\.Record\}: not exists \(recovered by wazero\)\n/,
  ],
  limit: [
    `(loop (drop (call $hostNewValue ${key('sys.SendMail')})) (br 0))`,
    'INTENTS_LIMIT',
    /^state Mock, key \{storage:sys\.SendMail\}: intents limit exceeded \(recovered by wazero\)\n/,
  ],
  thrown: [
    `(drop (call $hostGetValue ${key('sys.IoErrorStorage')}))`,
    'HOST_FUNCTION_FAILED',
    /^test i\/o error \(recovered by wazero\)\nwasm stack trace:\n\t\.thrown\(\)$/,
  ],
  panics: ["(call $panic 'panic: goodbye, world\n')", 'GUEST_ABORT', /^panic: goodbye, world$/],
  trap: [
    '(drop (i32.div_u (i32.const 1) (local.get $n)))',
    'TRAP_DIVIDE_BY_ZERO',
    /^wasm error: integer divide by zero\n/,
  ],
  overflow: [
    '(loop (drop (call $malloc (i32.const 100000))) (br 0))',
    'TRAP_OUT_OF_MEMORY',
    /^panic: runtime error: out of memory\nwasm stack trace:\n\t\.panic\(i32,i32\)\n\t\.malloc\(i32\) i32\n\t\.overflow\(\)$/,
  ],
}

test("errors have the reference engine's texts where that is asked for, and the same code and cause", async () => {
  const bodies = Object.fromEntries(Object.entries(rows).map(([name, [body]]) => [name, body]))
  await using guest = await plugExtensions(bodies, { limits: { strict: true }, wasm: { memory: '2 MiB' } })
  for (const [name, [, code, text]] of Object.entries(rows)) {
    const error = failure(code, () => guest.call(name, mock.open(undefined)))
    assert.match(error.message, text)
    assert.equal(error.details.hook, name)
    if (name === 'thrown') assert.equal(error.cause, ioError)
  }
  await using late = await plugExtensions(
    { spin: '(loop (br 0))' },
    { limits: { strict: true }, wasm: { deadline: '20 ms' } },
  )
  assert.equal(failure('DEADLINE', () => late.call('spin')).message, 'module closed with context deadline exceeded')
})

test('the same where storages wait', async () => {
  const lost: AsyncStorage = {
    async: true,
    async get() {
      throw new Error('no connection')
    },
  }
  await using guest = await plugAsync(
    { ask: `(drop (call $hostGetValue ${key('sys.Wait')}))` },
    { limits: { strict: true } },
  )
  const { message } = await rejection('HOST_FUNCTION_FAILED', guest.call('ask', waitingKind(lost).open(undefined)))
  assert.equal(message, 'no connection (recovered by wazero)\nwasm stack trace:\n\t.ask()')
})
