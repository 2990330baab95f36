import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Mortise } from 'mortise'
import { extensions, type FieldValue, type Row, type State, StateKind } from 'mortise/extension'
import { wasm } from 'mortise/wasm'
import { abi, extensionGuest } from '../../support/extension-guest.ts'
import { failure } from '../../support/wat.ts'
import { ioError, key, mock, plugExtensions } from './mock.ts'

/** What the first intent has in it. */
function written(state: State): Readonly<Record<string, FieldValue>> {
  const [intent] = state.intents
  assert.ok(intent !== undefined)
  return Object.fromEntries(intent.fields)
}

/** A storage that has one row and takes anything. */
function echo(row: Row): StateKind {
  return new StateKind({
    name: 'Echo',
    packages: { app: 'example.com/app' },
    storages: { 'sys.Echo': { get: () => row, insert: () => undefined } },
  })
}

/** Instructions: `$a` is the row, `$b` an intent, into which `code` copies. */
const copying = (code: string): string => `
  (local.set $a (call $hostGetValue ${key('sys.Echo')}))
  (local.set $b (call $hostNewValue ${key('sys.Echo')})) ${code}`

const put = (kind: string, field: string, value: string): string =>
  `(call $hostRowWriterPut${kind} (local.get $b) (i32.const 1) '${field}' ${value})`

describe('values cross whole', () => {
  test('of every kind, both ways, by name', async () => {
    const row = {
      s: 'Grüße 𝄞',
      b: Uint8Array.of(0, 255, 1),
      i: -(2 ** 31),
      l: -(2n ** 63n),
      m: 2 ** 53 - 1,
      f: 0.25,
      d: Math.PI,
      t: true,
      n: { pkg: 'app', entity: 'Order' },
      o: { inner: 7 },
    }
    const kinds = { i: 'Int32', l: 'Int64', m: 'Int64', f: 'Float32', d: 'Float64' }
    const scalars = Object.entries(kinds).map(([field, kind]) =>
      put(kind, field, `(call $hostValueAs${kind} (local.get $a) '${field}')`),
    )
    const text = (kind: string, field: string): string => `
      (local.set $p (call $hostValueAs${kind} (local.get $a) '${field}'))
      ${put(kind, field, '(call $pointer (local.get $p)) (call $length (local.get $p))')}`
    const body = `(local $p i64) (local $q i64) ${copying(`${scalars.join('\n')} ${text('String', 's')} ${text('Bytes', 'b')}
      ${put('Bool', 't', "(i32.wrap_i64 (call $hostValueAsBool (local.get $a) 't'))")}
      (local.set $p (call $hostValueAsQNamePkg (local.get $a) 'n')) (local.set $q (call $hostValueAsQNameEntity (local.get $a) 'n'))
      ${put('QName', 'n', '(call $pointer (local.get $p)) (call $length (local.get $p)) (call $pointer (local.get $q)) (call $length (local.get $q))')}
      ${put('Int32', 'inner', "(call $hostValueAsInt32 (call $hostValueAsValue (local.get $a) 'o') 'inner')")}`)}`
    await using guest = await plugExtensions({ copy: body })
    const { o, ...rest } = row
    assert.deepEqual(written(guest.call('copy', echo(row).open(undefined))), {
      ...rest,
      m: BigInt(rest.m),
      inner: o.inner,
    })
  })

  test('of every kind, by index', async () => {
    const row = ['text', Uint8Array.of(7), 5, 6n, 0.5, 0.75, { pkg: 'app', entity: 'E' }, false, { inner: 7 }]
    const at = (kind: string, index: number): string =>
      `(call $hostValueGetAs${kind} (local.get $a) (i32.const ${index}))`
    const text = (kind: string, into: string, index: number): string => `
      (local.set $p ${at(kind, index)}) ${put(into, kind, '(call $pointer (local.get $p)) (call $length (local.get $p))')}`
    const body = `(local $p i64) ${copying(`
      ${text('String', 'String', 0)} ${text('Bytes', 'Bytes', 1)} ${text('QNamePkg', 'String', 6)} ${text('QNameEntity', 'String', 6)}
      ${put('Int32', 'Int32', at('Int32', 2))} ${put('Int64', 'Int64', at('Int64', 3))}
      ${put('Float32', 'Float32', at('Float32', 4))} ${put('Float64', 'Float64', at('Float64', 5))}
      ${put('Bool', 'Bool', `(i32.wrap_i64 ${at('Bool', 7)})`)}
      ${put('Int32', 'Value', `(call $hostValueAsInt32 ${at('Value', 8)} 'inner')`)}
      ${put('Int32', 'Length', '(call $hostValueLength (local.get $a))')}`)}`
    await using guest = await plugExtensions({ copy: body })
    assert.deepEqual(written(guest.call('copy', echo(row).open(undefined))), {
      String: 'text',
      Bytes: Uint8Array.of(7),
      QNamePkg: 'example.com/app',
      QNameEntity: 'E',
      Int32: 5,
      Int64: 6n,
      Float32: 0.5,
      Float64: 0.75,
      Bool: false,
      Value: 7,
      Length: row.length,
    })
  })

  test('null reads as the zero of its kind', async () => {
    await using guest = await plugExtensions({
      copy: copying(`${put('Int64', 'l', "(call $hostValueAsInt64 (local.get $a) 'x')")}
        ${put('Bool', 'b', "(i32.wrap_i64 (call $hostValueAsBool (local.get $a) 'x'))")}
        ${put('Int32', 's', "(call $length (call $hostValueAsString (local.get $a) 'x'))")}`),
    })
    assert.deepEqual(written(guest.call('copy', echo({ x: null }).open(undefined))), { l: 0n, b: false, s: 0 })
  })

  test('a guest may import all 44 functions under their types', async () => {
    const used = Object.keys(abi).map((name) => `(drop (ref.func $${name}))`)
    const declared = `(elem declare func ${Object.keys(abi)
      .map((name) => `$${name}`)
      .join(' ')})`
    assert.equal(used.length, 44)
    await using guest = await plugExtensions({ all: used.join(' ') }, { guest: { more: declared } })
    guest.call('all')
  })

  test('a name that the guest overwrites is read anew', async () => {
    await using guest = await plugExtensions({
      both: copying(`(i64.store (i32.const 64) (i64.const 0x6161616161616161))
        ${Array.from({ length: 3 }, () => '(call $hostRowWriterPutInt32 (local.get $b) (i32.const 1) (i32.const 64) (i32.const 8) (i32.const 1))').join('\n')}
        (i32.store8 (i32.const 71) (i32.const 98))
        (call $hostRowWriterPutInt32 (local.get $b) (i32.const 1) (i32.const 64) (i32.const 8) (i32.const 2))
        (i32.store8 (i32.const 64) (i32.const 98))
        (call $hostRowWriterPutInt32 (local.get $b) (i32.const 1) (i32.const 64) (i32.const 8) (i32.const 3))`),
    })
    for (let call = 0; call < 3; call++)
      assert.deepEqual(written(guest.call('both', echo({}).open(undefined))), { aaaaaaaa: 1, aaaaaaab: 2, baaaaaab: 3 })
  })
})

/** A callback that puts `i32` of the key and of the value into the intent that `$into` holds, and stops at `$stop`. */
const rowCallback = (name: string, result: string): string => `
  (global $into (mut i64) (i64.const 0)) (global $rows (mut i32) (i32.const 0)) (global $stop (mut i32) (i32.const 99))
  (func (export "${name}") (param $k i64) (param $v i64) ${result === '' ? '' : '(result i32)'}
    (global.set $rows (i32.add (global.get $rows) (i32.const 1)))
    (call $hostRowWriterPutInt32 (global.get $into) (i32.const 1) 'i32' (i32.add
      (call $hostKeyAsInt32 (local.get $k) 'i32') (call $hostValueAsInt32 (local.get $v) 'i32')))
    (call $hostRowWriterPutInt64 (global.get $into) (i32.const 1) 'i64' (i64.add
      (call $hostKeyAsInt64 (local.get $k) 'i64') (call $hostValueAsInt64 (local.get $v) 'i64')))
    (call $hostRowWriterPutFloat64 (global.get $into) (i32.const 1) 'f' (f64.add (f64.promote_f32 (f32.add
      (call $hostKeyAsFloat32 (local.get $k) 'f32') (call $hostValueAsFloat32 (local.get $v) 'f32')))
      (f64.mul (f64.const 0) (f64.add (call $hostKeyAsFloat64 (local.get $k) 'f64') (call $hostValueAsFloat64 (local.get $v) 'f64')))))
    (call $hostRowWriterPutInt32 (global.get $into) (i32.const 1) 'lengths' (i32.add (i32.add
      (call $length (call $hostKeyAsString (local.get $k) 'str')) (call $length (call $hostValueAsString (local.get $v) 'str')))
      (i32.add (call $length (call $hostKeyAsBytes (local.get $k) 'bytes')) (call $length (call $hostKeyAsQNameEntity (local.get $k) 'qname')))))
    (call $hostRowWriterPutInt32 (global.get $into) (i32.const 1) 'pkg' (call $length (call $hostKeyAsQNamePkg (local.get $k) 'qname')))
    (call $hostRowWriterPutBool (global.get $into) (i32.const 1) 'bool' (i32.wrap_i64 (call $hostKeyAsBool (local.get $k) 'bool')))
    (call $hostRowWriterPutInt32 (global.get $into) (i32.const 1) 'rows' (global.get $rows))
    ${result})`
const reading = `(global.set $into (call $hostNewValue ${key('sys.SendMail')})) (global.set $rows (i32.const 0))
  (call $hostReadValues ${key('sys.Test')})`

describe('reads', () => {
  const last = {
    i32: 106,
    i64: 1016n,
    f: 6.75,
    lengths: 15,
    pkg: 'github.com/voedger/testpkg1'.length,
    bool: true,
    rows: 3,
  }

  test('call the guest for every row, with every kind of field', async () => {
    await using guest = await plugExtensions({ read: reading }, { guest: { more: rowCallback('WasmOnReadValue', '') } })
    for (let call = 0; call < 3; call++) assert.deepEqual(written(guest.call('read')), last)
  })

  test('stop where a guest with mortise_on_read_value says so, and let the storage know', async () => {
    let closed = 0
    const kind = new StateKind({
      name: 'Endless',
      storages: {
        'sys.SendMail': { insert: () => undefined },
        'sys.Test': {
          *read() {
            const row = {
              i32: 1,
              i64: 1,
              f32: 1,
              f64: 1,
              str: 's',
              bytes: new Uint8Array(1),
              qname: { pkg: 'p', entity: 'e' },
              bool: true,
            }
            try {
              for (;;) yield [row, row]
            } finally {
              closed++
            }
          },
        },
      },
    })
    const more = rowCallback('mortise_on_read_value', '(i32.ge_u (global.get $rows) (i32.const 5))')
    await using guest = await plugExtensions({ read: reading }, { guest: { more } })
    assert.equal(written(guest.call('read', kind.open(undefined)))['rows'], 5)
    assert.equal(closed, 1)
    // Without a guest that stops, the deadline does: the host looks at it between rows.
    await using endless = await plugExtensions(
      { read: `(call $hostReadValues ${key('sys.Test')})` },
      { guest: { more: '(func (export "WasmOnReadValue") (param i64 i64))' }, wasm: { deadline: '50 ms' } },
    )
    failure('DEADLINE', () => endless.call('read', kind.open(undefined)))
    assert.equal(closed, 2)
  })

  test('nest: an inner read has handles of its own, and the outer one goes on with its rows (B7)', async () => {
    const more = `(global $into (mut i64) (i64.const 0)) (global $sum (mut i32) (i32.const 0)) (global $depth (mut i32) (i32.const 0))
      (func (export "WasmOnReadValue") (param $k i64) (param $v i64)
        (if (i32.eqz (global.get $depth)) (then
          (global.set $depth (i32.const 1))
          (call $hostReadValues ${key('sys.Test')})
          (global.set $depth (i32.const 0))
          (global.set $sum (i32.add (global.get $sum) (i32.mul (i32.const 1000) (call $hostKeyAsInt32 (local.get $k) 'i32')))))
        (else (global.set $sum (i32.add (global.get $sum) (call $hostKeyAsInt32 (local.get $k) 'i32'))))))`
    await using guest = await plugExtensions(
      {
        read: `(call $hostReadValues ${key('sys.Test')}) (local.set $b (call $hostNewValue ${key('sys.SendMail')}))
          ${put('Int32', 'sum', '(global.get $sum)')}`,
      },
      { guest: { more } },
    )
    assert.deepEqual(written(guest.call('read')), { sum: 6000 + 3 * 6 })
  })

  test('keep the identity of what the storage threw, also inside of a callback', async () => {
    const more = `(func (export "WasmOnReadValue") (param i64 i64) (drop (call $hostGetValue ${key('sys.IoErrorStorage')})))`
    await using guest = await plugExtensions({ read: `(call $hostReadValues ${key('sys.Test')})` }, { guest: { more } })
    const { cause, details } = failure('HOST_FUNCTION_FAILED', () => guest.call('read'))
    assert.equal(cause, ioError)
    assert.equal(details.storage, 'sys.IoErrorStorage')
  })

  test('of a guest without a callback end the call', async () => {
    await using guest = await plugExtensions({ read: `(call $hostReadValues ${key('sys.Test')})` })
    assert.match(failure('EXTENSION_STORAGE', () => guest.call('read')).message, /WasmOnReadValue/)
  })
})

describe('keys and values of the mock', () => {
  test('a query of what is not there is no error', async () => {
    await using guest = await plugExtensions({
      query: `(if (i64.ne (call $hostQueryValue ${key('sys.Record')}) (i64.const -1)) (then (unreachable)))`,
    })
    guest.call('query')
  })

  test('a package crosses by its full path, and is the local one for storages', async () => {
    const name = (path: string): string => `
      (local.set $a ${key('sys.TestQName')})
      (call $hostRowWriterPutQName (local.get $a) (i32.const 0) 'qname' '${path}' 'test')
      (drop (call $hostGetValue (local.get $a)))`
    await using guest = await plugExtensions({
      good: name('github.com/voedger/testpkg1'),
      bad: name('github.com/other'),
    })
    guest.call('good')
    assert.match(failure('EXTENSION_NAME', () => guest.call('bad')).message, /undefined package: github.com\/other/)
  })

  test('an intent holds what was put into it, an update what was read', async () => {
    await using guest = await plugExtensions({
      mail: `
        (local.set $a (call $hostGetValue ${key('sys.Event')}))
        (local.set $b (call $hostUpdateValue ${key('sys.Event')} (local.get $a)))
        ${put('Int32', 'offs', "(i32.add (i32.const 1) (call $hostValueAsInt32 (local.get $a) 'offs'))")}
        (local.set $b (call $hostNewValue ${key('sys.SendMail')}))
        ${put('String', 'from', "'test@gmail.com'")} ${put('Int32', 'port', '(i32.const 668)')}`,
    })
    const { intents } = guest.call('mail')
    assert.deepEqual(
      intents.map(({ operation, key: { storage }, row, fields }) => [
        operation,
        storage,
        row,
        Object.fromEntries(fields),
      ]),
      [
        [
          'update',
          'sys.Event',
          { qname: 'sys.InvitationAccepted', arg: { UserEmail: 'email@user.com' }, offs: 12_345 },
          { offs: 12_346 },
        ],
        ['insert', 'sys.SendMail', undefined, { from: 'test@gmail.com', port: 668 }],
      ],
    )
  })

  test('what a guest reads takes no memory of its own (Test_NoAllocs)', async () => {
    const heap = (code: string): string => `(local.set $a (call $heapInUse)) ${code}
      (if (i64.ne (local.get $a) (call $heapInUse)) (then (unreachable)))`
    const more = '(func $heapInUse (result i64) (i64.extend_i32_u (global.get $heap)))'
    await using guest = await plugExtensions(
      {
        read: heap(`(local.set $b (call $hostGetValue ${key('sys.Test2')}))
          ${Array.from({ length: 30 }, (_, index) => `(drop (call $hostValueAsString (local.get $b) 'a${index + 10}'))`).join('\n')}
          (drop (call $hostValueAsString (call $hostGetValue ${key('sys.Test')}) '500c'))`),
      },
      { guest: { more } },
    )
    guest.call('read')
  })

  test('texts are whole in call after call, also when the memory has grown between', async () => {
    const texts = ['first '.repeat(20), 'Grüße '.repeat(30), 'third '.repeat(40)]
    const body = `(local $p i64) ${copying(`(local.set $p (call $hostValueAsString (local.get $a) 'text'))
      ${put('String', 'text', '(call $pointer (local.get $p)) (call $length (local.get $p))')}
      (drop (memory.grow (i32.const 1)))`)}`
    await using guest = await plugExtensions({ copy: body })
    for (const text of texts) assert.deepEqual(written(guest.call('copy', echo({ text }).open(undefined))), { text })
  })

  test('bytes beyond the exchange buffer get one of their own', async () => {
    await using guest = await plugExtensions({
      bytes: `(local.set $a (call $hostValueAsBytes (call $hostGetValue ${key('sys.Test')}) 'bytes'))
        (if (i32.ne (call $length (local.get $a)) (i32.const 128000)) (then (call $panic 'panic: wrong')))`,
    })
    guest.call('bytes')
    await using small = await plugExtensions(
      { bytes: `(drop (call $hostValueAsBytes (call $hostGetValue ${key('sys.Test')}) 'bytes'))` },
      { wasm: { memory: '192 KiB' } },
    )
    assert.equal(
      failure('TRAP_OUT_OF_MEMORY', () => small.call('bytes')).details.guest?.message,
      'runtime error: out of memory',
    )
  })
})

test('several packages run on one host, and on one state (B1)', async () => {
  const contract = extensions({ mail: {} })
  await using host = new Mortise({ runtimes: [wasm()] })
  const state = mock.open(undefined)
  for (const from of ['first', 'second']) {
    const guest = extensionGuest({
      mail: `(local.set $b (call $hostNewValue ${key('sys.SendMail')})) ${put('String', 'from', `'${from}'`)}`,
    })
    const plugin = await host.plug(from, guest, contract)
    plugin.hooks.mail(state)
  }
  assert.deepEqual(
    state.intents.map(({ fields }) => fields.get('from')),
    ['first', 'second'],
  )
})
