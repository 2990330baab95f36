import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Mortise, MortiseError, type Plugin } from 'mortise'
import { extensions, type State, StateKind } from 'mortise/extension'
import { wasm } from 'mortise/wasm'
import { extensionGuest } from '../../support/extension-guest.ts'
import { failure, rejection } from '../../support/wat.ts'
import { key, mock, plugExtensions } from './mock.ts'

const mail = `(drop (call $hostNewValue ${key('sys.SendMail')}))`
const spin = '(loop (br 0))'

describe('a panic of a guest', () => {
  test('is one error with its message and its stack, and the same when it happens again (B14, Test_ResetStdout)', async () => {
    await using guest = await plugExtensions({ TestPanic: "(call $panic 'panic: goodbye, world\n')" })
    for (let call = 0; call < 2; call++) {
      const error = failure('GUEST_ABORT', () => guest.call('TestPanic'))
      assert.equal(error.details.guest?.message, 'goodbye, world')
      assert.deepEqual(
        error.details.frames?.map((frame) => frame.function),
        ['panic', 'TestPanic'],
      )
    }
    const { calls, errors } = guest.plugin.stats()
    assert.deepEqual({ calls, errors }, { calls: 2, errors: 2 })
  })

  test('has all of its message, long and in lines, after other output of the guest', async () => {
    const long = `${'line\n'.repeat(3000)}end`
    const pieces = ['hello\n', 'panic: ', ...(long.match(/[\s\S]{1,97}/g) ?? []), '\n']
    await using guest = await plugExtensions({
      talk: `${pieces.map((piece) => `(call $print '${piece}')`).join('\n')} (unreachable)`,
    })
    assert.equal(failure('GUEST_ABORT', () => guest.call('talk')).details.guest?.message, long)
  })

  test('leaves the stack pointer where it was: 100,000 of them, then a good call (B18)', async () => {
    await using guest = await plugExtensions({ fail: "(call $panic 'panic: x\n')", good: mail })
    for (let call = 0; call < 100_000; call++) {
      try {
        guest.call('fail', failing)
        assert.fail('it returned')
      } catch (error) {
        if (!(error instanceof Error && error.message.includes('x'))) throw error
      }
    }
    assert.equal(guest.plugin.stats().errors, 100_000)
    failure('GUEST_ABORT', () => guest.call('fail'))
    assert.equal(guest.call('good').intents.length, 1)
  })

  const failing = mock.open(undefined)
})

test('a call that is stopped by its deadline leaves the plugin usable, and no intent (B2)', async () => {
  await using guest = await plugExtensions({ longFunc: `${mail} ${spin}`, good: mail }, { wasm: { deadline: '30 ms' } })
  for (let call = 0; call < 3; call++) {
    const state = mock.open(undefined)
    failure('DEADLINE', () => guest.call('longFunc', state))
    assert.deepEqual(state.intents, [])
    assert.equal(guest.call('good', state).intents.length, 1)
  }
})

describe('handles', () => {
  test('are those of the call under way, the first one too (B8)', async () => {
    const old = '(drop (call $hostValueLength (i64.const 0)))'
    await using guest = await plugExtensions({
      values: `(drop (call $hostGetValue ${key('sys.Test3')})) (drop (call $hostGetValue ${key('sys.Test3')}))`,
      old,
      number: `(if (i64.ne ${key('sys.Test3')} (i64.const 0)) (then (unreachable)))`,
      afterKey: `(drop ${key('sys.Test3')}) ${old}`,
    })
    assert.match(failure('EXTENSION_HANDLE', () => guest.call('old')).message, /incorrect value: 0 is none of the 0/)
    guest.call('values')
    failure('EXTENSION_HANDLE', () => guest.call('old'))
    guest.call('values')
    failure('EXTENSION_HANDLE', () => guest.call('afterKey'))
    for (let call = 0; call < 3; call++) guest.call('number')
  })

  test('are limited, and so is what a guest puts in', async () => {
    const endless = `(loop (drop ${key('sys.Test3')}) (br 0))`
    const put = `(local.set $a ${key('sys.Test3')})
      (loop (call $hostRowWriterPutBytes (local.get $a) (i32.const 0) 'x' (i32.const 0) (i32.const 60000)) (br 0))`
    const fields = Array.from({ length: 500 }, (_, index) => `'field ${index}'`)
    const copies = `(local.set $a ${key('sys.SendMail')})
      ${fields.map((field) => `(call $hostRowWriterPutInt32 (local.get $a) (i32.const 0) ${field} (i32.const 1))`).join('\n')}
      (loop (drop (call $hostGetValue (local.get $a)))
        (call $hostRowWriterPutInt32 (local.get $a) (i32.const 0) 'x' (i32.const 1)) (br 0))`
    await using guest = await plugExtensions(
      { endless, put, copies, good: mail },
      { limits: { handles: 1000, written: '1 MiB' } },
    )
    assert.match(failure('EXTENSION_HANDLE', () => guest.call('endless')).message, /more than 1000 keys/)
    for (const name of ['put', 'copies'] as const)
      assert.match(failure('EXTENSION_HANDLE', () => guest.call(name)).message, /more than 1048576 bytes/)
    guest.call('good')
  })
})

test('errors show names of a guest, and not megabytes of them', async () => {
  const long = '(i32.const 0) (i32.const 60000)'
  await using guest = await plugExtensions({
    storage: `(drop (call $hostGetKey ${long} ${long}))`,
    entity: `(drop (call $hostGetKey 'sys.Test' ${long}))`,
    field: `(drop (call $hostValueAsInt32 (call $hostGetValue ${key('sys.Test')}) ${long}))`,
  })
  const codes = { storage: 'EXTENSION_NAME', entity: 'EXTENSION_NAME', field: 'EXTENSION_FIELD' } as const
  for (const name of ['storage', 'entity', 'field'] as const) {
    const { message, details } = failure(codes[name], () => guest.call(name))
    for (const text of [message, details.storage, details.key, details.field]) assert.ok((text ?? '').length < 5000)
  }
})

describe("what a guest puts is the host's", () => {
  test('bytes stay as they were when the guest writes over its own (B9)', async () => {
    await using guest = await plugExtensions({
      bytes: `(i32.store (i32.const 64) (i32.const 0x01010101))
        (local.set $b (call $hostNewValue ${key('sys.SendMail')}))
        (call $hostRowWriterPutBytes (local.get $b) (i32.const 1) 'bytes' (i32.const 64) (i32.const 4))
        (i32.store (i32.const 64) (i32.const 0x02020202))`,
    })
    const state = guest.call('bytes')
    guest.call('bytes')
    assert.deepEqual(state.intents[0]?.fields.get('bytes'), Uint8Array.of(1, 1, 1, 1))
  })

  test('a key that a storage has stays as it was when the guest goes on with it', async () => {
    await using guest = await plugExtensions({
      keys: `(local.set $a ${key('sys.SendMail')})
        (call $hostRowWriterPutInt32 (local.get $a) (i32.const 0) 'n' (i32.const 1)) (drop (call $hostNewValue (local.get $a)))
        (call $hostRowWriterPutInt32 (local.get $a) (i32.const 0) 'n' (i32.const 2)) (drop (call $hostNewValue (local.get $a)))`,
    })
    assert.deepEqual(
      guest.call('keys').intents.map((intent) => intent.key.fields.get('n')),
      [1, 2],
    )
  })

  test('a field of a record identifier is written as an int64 (B10)', async () => {
    const kind = new StateKind({
      name: 'Ids',
      storages: {
        'sys.Test': {
          keyFields: () => ({ OwnerID: 'RecordID' }),
          get: ({ fields }) => ({ id: fields.get('OwnerID') ?? null }),
        },
      },
    })
    const put = (type: string, value: string): string => `(local.set $a ${key('sys.Test')})
      (call $hostRowWriterPut${type} (local.get $a) (i32.const 0) 'OwnerID' ${value})
      (if (i64.ne (call $hostValueAsInt64 (call $hostGetValue (local.get $a)) 'id') (i64.const -5)) (then (unreachable)))`
    await using guest = await plugExtensions({
      good: put('Int64', '(i64.const -5)'),
      bad: put('Int32', '(i32.const -5)'),
    })
    guest.call('good', kind.open(undefined))
    assert.match(
      failure('EXTENSION_FIELD', () => guest.call('bad', kind.open(undefined))).message,
      /undefined int32 field: OwnerID/,
    )
  })
})

describe('the exchange buffer', () => {
  test('keeps every text of a call apart where it has to grow (B3)', async () => {
    const texts = ['a'.repeat(63_990), 'ivan@gmail.com', 'atoken', '𝄞'.repeat(300), 'x'.repeat(900), 'last']
    const kind = new StateKind({
      name: 'Texts',
      storages: { 'sys.Test': { get: () => texts, insert: () => undefined } },
    })
    const locals = texts.map((_, index) => `(local $t${index} i64)`).join(' ')
    const reads = texts.map(
      (_, index) => `(local.set $t${index} (call $hostValueGetAsString (local.get $a) (i32.const ${index})))`,
    )
    const puts = texts.map(
      (_, index) =>
        `(call $hostRowWriterPutString (local.get $b) (i32.const 1) 't${index}' (call $pointer (local.get $t${index})) (call $length (local.get $t${index})))`,
    )
    await using guest = await plugExtensions({
      copy: `${locals} (local.set $a (call $hostGetValue ${key('sys.Test')})) (local.set $b (call $hostNewValue ${key('sys.Test')}))
        ${reads.join('\n')} ${puts.join('\n')}`,
    })
    for (let call = 0; call < 3; call++) {
      const state = kind.open(undefined)
      guest.call('copy', state)
      assert.deepEqual([...(state.intents[0]?.fields.values() ?? [])], texts)
    }
  })

  test('is not where the guest allocates after a restore (B4)', async () => {
    const check = `(local.set $n (call $malloc (i32.const 70000)))
      (i32.store (local.get $n) (i32.const 7)) (i32.store (i32.add (local.get $n) (i32.const 69996)) (i32.const 7))
      (drop (call $hostValueAsBytes (call $hostGetValue ${key('sys.Test')}) 'bytes'))
      (if (i32.ne (i32.const 14) (i32.add (i32.load (local.get $n)) (i32.load (i32.add (local.get $n) (i32.const 69996))))) (then (unreachable)))`
    await using guest = await plugExtensions({ check, fail: `${check} (call $panic 'panic: x')` })
    for (let call = 0; call < 20; call++) {
      if (call % 3 === 0) failure('GUEST_ABORT', () => guest.call('fail'))
      guest.call('check')
    }
  })
})

describe('out of memory', () => {
  /** Leaks 400 KiB a call, and intends before and after it. */
  const leak = `${mail} (drop (call $malloc (i32.const 400000))) ${mail}`

  test('is met by a restore and one more run: each caller gets the intents of one run (B5, B6, Test_RecoverEngine)', async () => {
    for (const restore of ['on-error', 'when-full'] as const) {
      await using guest = await plugExtensions({ leak }, { wasm: { memory: '2 MiB', restore } })
      for (let call = 0; call < 50; call++) assert.equal(guest.call('leak').intents.length, 2)
      const { restores, errors } = guest.plugin.stats()
      assert.ok(restores >= 10, `${restores} restores with ${restore}`)
      assert.equal(errors, 0)
    }
  })

  test('that a second run meets too is the error, by the refused growth and not by a text', async () => {
    await using guest = await plugExtensions(
      {
        overflow: `${mail} (loop (drop (call $malloc (i32.const 100000))) (br 0))`,
        good: mail,
        says: "(call $panic 'panic: runtime error: out of memory, runtime.alloc')",
      },
      { wasm: { memory: '2 MiB' } },
    )
    const state = mock.open(undefined)
    const { details } = failure('TRAP_OUT_OF_MEMORY', () => guest.call('overflow', state))
    assert.equal(details.guest?.message, 'runtime error: out of memory')
    assert.deepEqual(state.intents, [])
    assert.equal(guest.call('good', state).intents.length, 1)
    const before = guest.plugin.stats().restores
    failure('GUEST_ABORT', () => guest.call('says'))
    assert.equal(guest.plugin.stats().restores, before + 1)
  })

  test('is found in an allocator that the host called, however deep it gave up: V8 cuts stacks', async () => {
    const deep = Array.from({ length: 12 }, (_, at) => `(func $deep${at + 1} (call $deep${at}))`).join('\n')
    for (const depth of [0, 1, 2, 3, 4, 5, 12]) {
      await using guest = await plugExtensions(
        {
          text: `(global.set $full (i32.const 1))
          (drop (call $hostValueAsString (call $hostGetValue ${key('sys.Test')}) 'big'))`,
        },
        {
          guest: {
            more: `(global $full (mut i32) (i32.const 0)) (func $deep0 (unreachable)) ${deep}`,
            malloc: `(if (global.get $full) (then (drop (memory.grow (i32.const 1000))) (call $deep${depth})))`,
          },
          wasm: { memory: '2 MiB' },
        },
      )
      failure('TRAP_OUT_OF_MEMORY', () => guest.call('text'))
    }
  })
})

describe('an extension that declares what it uses', () => {
  const uses = {
    state: `(drop (call $hostGetValue ${key('sys.Event')}))`,
    intents: mail,
    both: `(drop (call $hostGetValue ${key('sys.SendMail')})) ${mail}`,
  }

  test('gets that and nothing else', async () => {
    const declared = {
      state: { state: ['sys.Event'] },
      intents: { state: [], intents: ['sys.Event'] },
      both: { state: ['sys.SendMail(testpkg1.x)'], intents: ['sys.SendMail'] },
    }
    await using guest = await plugExtensions(uses, { declared })
    guest.call('state')
    assert.match(
      failure('EXTENSION_STORAGE', () => guest.call('intents')).message,
      /sys\.SendMail, which is not among its declared intents/,
    )
    assert.match(failure('EXTENSION_STORAGE', () => guest.call('both')).message, /not among its declared state/)
    await using entity = await plugExtensions(
      { read: `(drop (call $hostGetValue ${key('sys.SendMail', 'github.com/voedger/testpkg1.x')}))` },
      { declared: { read: { state: ['sys.SendMail(testpkg1.x)'] } } },
    )
    entity.call('read')
  })

  test('is refused under a name of the ABI, and for a declaration that says nothing', () => {
    for (const name of ['WasmGC', 'malloc', '_start', 'memory'])
      assert.match(
        failure('CONTRACT_INVALID', () => extensions({ [name]: {} })).message,
        new RegExp(`incorrect extension name: ${name}`),
      )
    failure('OPTION_INVALID', () => extensions({ one: { state: ['View'] } }))
    failure('OPTION_INVALID', () => extensions({}))
    // oxlint-disable-next-line no-unsafe-type-assertion -- as a caller without a type checker would
    failure('OPTION_UNKNOWN', () => extensions({ one: { reads: [] } as never }))
    failure('OPTION_INVALID', () => extensions({ one: {} }, { handles: 0 }))
  })
})

test('a module that does not fit is refused with all that is wrong', async () => {
  await using host = new Mortise({ runtimes: [wasm()] })
  const guest = extensionGuest({ here: '' })
  const error = await rejection(
    'MODULE_REFUSED',
    host.plug('x', guest, extensions({ here: {}, missing: {}, absent: {} })),
  )
  assert.deepEqual(
    error.details.problems?.map((problem) => /'(\w+)'/.exec(problem)?.[1]),
    ['missing', 'absent'],
  )
  const trapping = extensionGuest({ here: '' }, { abiVersion: '(unreachable)' })
  await rejection('TRAP_UNREACHABLE', host.plug('y', trapping, extensions({ here: {} })))
})

test('a call from inside of a storage has state and handles of its own', async () => {
  const nested: { plugin?: Plugin<Readonly<Record<'inner' | 'outer', (state: State) => void>>> } = {}
  const kind = new StateKind({
    name: 'Nested',
    storages: {
      'sys.Test': {
        get() {
          nested.plugin?.hooks.inner(inside)
          return {}
        },
        insert: () => undefined,
      },
    },
  })
  const inside = kind.open(undefined)
  const insert = (name: string): string => `(local.set $b (call $hostNewValue ${key('sys.Test')}))
    (call $hostRowWriterPutInt32 (local.get $b) (i32.const 1) '${name}' (i32.const 1))`
  await using guest = await plugExtensions({
    inner: insert('inner'),
    outer: `${insert('before')} (drop (call $hostGetValue ${key('sys.Test')})) ${insert('after')}`,
  })
  nested.plugin = guest.plugin
  const outside = kind.open(undefined)
  guest.call('outer', outside)
  const names = ({ intents }: State): unknown => intents.map(({ fields }) => [...fields.keys()])
  assert.deepEqual([names(outside), names(inside)], [[['before'], ['after']], [['inner']]])
})

test('what fails after its guest has ended leaves the call that it was made from its deadline', async () => {
  const nested: { plugin?: Plugin<Readonly<Record<'inner' | 'outer', (state: State) => void>>> } = {}
  const codes: unknown[] = []
  const kind = new StateKind({
    name: 'Late',
    storages: {
      'sys.Test': {
        get() {
          try {
            nested.plugin?.hooks.inner(inside)
          } catch (error) {
            codes.push(error instanceof MortiseError && error.code)
          }
          return {}
        },
      },
      'sys.Result': {
        insert: () => undefined,
        emit() {
          throw new Error('no more')
        },
      },
    },
  })
  const inside = kind.open(undefined)
  await using guest = await plugExtensions(
    {
      inner: `(drop (call $hostNewValue ${key('sys.Result')}))`,
      outer: `(drop (call $hostGetValue ${key('sys.Test')})) ${spin}`,
    },
    { wasm: { deadline: '30 ms' } },
  )
  nested.plugin = guest.plugin
  for (let call = 0; call < 3; call++) failure('DEADLINE', () => guest.call('outer', kind.open(undefined)))
  assert.deepEqual(codes, ['HOST_FUNCTION_FAILED', 'HOST_FUNCTION_FAILED', 'HOST_FUNCTION_FAILED'])
})
