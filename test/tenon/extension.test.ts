import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { type FieldValue, memoryStorage, type Row, type State, type Storage } from 'mortise/extension'
import { matrix } from '../../src/storages/matrix.ts'
import { plugSource } from '../support/extension-plugin.ts'
import { failure } from '../support/wat.ts'

const collectors = ['none', 'minimal', 'incremental'] as const
const guestSource = (name: string): Promise<string> =>
  readFile(new URL(`../guests/extension/${name}.ts`, import.meta.url), 'utf8')

/** What each intent has in it. */
const written = (state: State): readonly Readonly<Record<string, FieldValue>>[] =>
  state.intents.map(({ fields }) => Object.fromEntries(fields))

/** Takes any intent, and has one row, if any. */
const holding = (row?: Row): Storage => ({ get: () => row, insert: () => undefined, update: () => undefined })

/** Rows that are numbers, and how many of them were asked for. */
function counting(length: number): Storage & { given: number } {
  return {
    given: 0,
    *read() {
      for (let n = 0; n < length; n++) {
        this.given++
        yield [{ n }, {}]
      }
    },
  }
}

const name = { pkg: 'shop', entity: 'Ördér' }
const text = `Ünïcødé 日本 😀 ${'long '.repeat(20_000)}`
const bytes = Uint8Array.from({ length: 300 }, (_, index) => index)
const scalars = { i32: -5, i64: 2n ** 63n - 1n, f32: 0.5, f64: Math.PI, yes: true }
const fields = { ...scalars, text, bytes, name }
const everyValue = { ...fields, list: [...Object.values(scalars), text, bytes, name, { no: false }] }

it("names the storages as the host's kinds of state do", async () => {
  const said = await readFile(new URL('../../tenon/extension/storage.ts', import.meta.url), 'utf8')
  const names = Array.from(said.matchAll(/: string = '(.+)'/g), ([, name]) => name)
  assert.deepEqual(new Set(names), new Set(Object.keys(matrix)))
})

describe('an extension', () => {
  for (const gc of collectors) {
    it(`puts and reads fields of every kind, by name and by index, with gc '${gc}'`, async () => {
      const view: Storage = {
        keyFields: () => ({
          i32: 'int32',
          i64: 'int64',
          id: 'RecordID',
          f32: 'float32',
          f64: 'float64',
          yes: 'bool',
          no: 'bool',
          text: 'string',
          bytes: 'bytes',
          name: 'QName',
        }),
        ...holding(everyValue),
        *read() {
          yield [fields, {}]
        },
      }
      const packages = { shop: 'example.com/shop', päck: 'example.com/päckage' }
      const options = { gc, packages }
      const storages = { 'sys.View': view, 'sys.Result': holding() }
      await using guest = await plugSource(await guestSource('everything'), ['Everything'], storages, options)
      for (let call = 0; call < 3; call++) {
        const state = guest.call('Everything')
        const [update, each, elements] = state.intents
        assert.equal(update?.row, everyValue)
        assert.deepEqual([update.key.storage, update.key.entity], ['sys.View', 'shop.All'])
        assert.deepEqual(Object.fromEntries(update.key.fields), {
          i32: -(2 ** 31),
          i64: -(2n ** 63n),
          id: 2n ** 63n - 1n,
          f32: 1.5,
          f64: -0.1,
          yes: true,
          no: false,
          text: 'Ünïcødé 日本 😀',
          bytes: Uint8Array.of(0, 255, 1),
          name: { pkg: 'päck', entity: 'Entité' },
        })
        const copied = { ...fields, copy: text, array: bytes, said: 'example.com/shop.Ördér' }
        assert.deepEqual(written(state), [copied, copied, { ...fields, length: 9, copy: text, inner: false }])
        assert.deepEqual([each?.operation, elements?.key.storage], ['insert', 'sys.Result'])
      }
    })
  }

  it('sums up what was ordered, twice, into one row of a view (Test_BasicUsage)', async () => {
    const items = [
      { Quantity: 1n, SinglePrice: 100n },
      { Quantity: 2n, SinglePrice: 50n },
    ]
    const order = (one: Row): Storage => holding({ ArgumentObject: { Year: 2023, Month: 1, Day: 1, Items: one } })
    const views = memoryStorage({
      'app.OrderedItems': { key: { Year: 'int32', Month: 'int32', Day: 'int32' }, value: { Amount: 'int64' } },
    })
    const source = await guestSource('orders')
    const names = ['NewOrder', 'CalcOrderedItems'] as const
    const packages = { app: 'example.com/shop' }
    await using guest = await plugSource(source, names, { 'sys.Event': order(items), 'sys.View': views }, { packages })
    const row = { Year: 2023, Month: 1, Day: 1 }
    assert.deepEqual(guest.call('NewOrder').intents, [])
    const bundle = guest.kind.bundle(5)
    for (let event = 0; event < 2; event++) {
      const state = guest.kind.open(undefined, bundle)
      guest.plugin.hooks.CalcOrderedItems(state)
      state.apply()
      assert.deepEqual([bundle.size, bundle.ready, views.rows('app.OrderedItems')], [1, false, []])
    }
    bundle.flush()
    assert.deepEqual(views.rows('app.OrderedItems'), [{ ...row, Amount: 400n }])
    guest.call('CalcOrderedItems').apply()
    assert.deepEqual(views.rows('app.OrderedItems'), [{ ...row, Amount: 600n }])
    await using empty = await plugSource(source, names, { 'sys.Event': order([]), 'sys.View': views }, { packages })
    const { details } = failure('GUEST_ABORT', () => empty.call('NewOrder'))
    assert.equal(details.guest?.message, 'negative order amount')
    assert.match(String(details.guest.file), /index\.ts$/)
    assert.equal(guest.plugin.stats().restores, 0)
  })

  it('tells what is absent from what is there, and ends where it must be there', async () => {
    const rows: { present?: Row } = {}
    const storages = { 'sys.A': { get: () => rows.present }, 'sys.B': holding(), 'sys.R': holding() }
    await using guest = await plugSource(
      `import { keyBuilder, mustGet, newValue, query } from 'tenon/extension'
      export function Query(): void {
        const value = query(keyBuilder('sys.A'))
        newValue(keyBuilder('sys.R')).putBool('found', value !== null)
        if (value !== null) newValue(keyBuilder('sys.R')).putInt32('n', value.asInt32('n'))
      }
      export function Must(): void { mustGet(keyBuilder('sys.B')) }
      export function None(): void { mustGet(keyBuilder('sys.A')).asValue('none').asInt32('n') }`,
      ['Query', 'Must', 'None'],
      storages,
    )
    assert.deepEqual(written(guest.call('Query')), [{ found: false }])
    rows.present = { n: 7, none: null }
    assert.deepEqual(written(guest.call('Query')), [{ found: true }, { n: 7 }])
    assert.equal(failure('EXTENSION_ABSENT', () => guest.call('Must')).details.storage, 'sys.B')
    failure(['EXTENSION_HANDLE', 'EXTENSION_FIELD'], () => guest.call('None'))
  })

  it('takes texts that are made as it runs, for names and values, and mends broken ones', async () => {
    const storages = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`sys.${index}`, holding()]))
    await using guest = await plugSource(
      `import { QName, keyBuilder, newValue } from 'tenon/extension'
      export function Made(): void {
        for (let i = 0; i < 100; i++) {
          const n = i.toString()
          const intent = newValue(keyBuilder('sys.' + n, 'é' + n + '.e'))
          intent.putString('näme' + n, 'välue' + n)
          intent.putQName('q' + n, QName.of('p' + n, 'e' + n))
          if (i == 99) intent.putString('long', n.repeat(50_000))
          if (i == 99) intent.putString('broken', '\\ud800x\\udc00' + n)
        }
      }`,
      ['Made'],
      storages,
    )
    const state = guest.call('Made')
    const long = { long: '99'.repeat(50_000), broken: '\uFFFDx\uFFFD99' }
    const made = Array.from({ length: 100 }, (_, index) => ({
      [`näme${index}`]: `välue${index}`,
      [`q${index}`]: { pkg: `p${index}`, entity: `e${index}` },
      ...(index === 99 && long),
    }))
    assert.deepEqual(written(state), made)
    assert.deepEqual(
      state.intents.map(({ key: { storage, entity } }) => [storage, entity]),
      made.map((_, index) => [`sys.${index}`, `é${index}.e`]),
    )
  })

  it('tells a text from the one that lay in the same place before it was collected', async () => {
    await using guest = await plugSource(
      `import { keyBuilder, newValue } from 'tenon/extension'
      let calls = 0
      export function Call(): void {
        const n = (++calls).toString()
        newValue(keyBuilder('sys.R')).putString('name' + n, 'value' + n)
      }`,
      ['Call'],
      { 'sys.R': holding() },
      { gc: 'minimal' },
    )
    for (const n of [1, 2, 3, 4]) assert.deepEqual(written(guest.call('Call')), [{ [`name${n}`]: `value${n}` }])
  })

  it('keeps apart more names than it has room to remember', async () => {
    const names = Array.from({ length: 600 }, (_, index) => `${'field'.repeat(1 + (index % 7))}${index}`)
    const puts = names.map((one, index) => `to.putInt32('${one}', ${index})`).join('\n')
    await using guest = await plugSource(
      `import { keyBuilder, newValue } from 'tenon/extension'
      export function Many(): void { const to = newValue(keyBuilder('sys.R')); ${puts} }`,
      ['Many'],
      { 'sys.R': holding() },
    )
    for (let call = 0; call < 3; call++)
      assert.deepEqual(written(guest.call('Many')), [Object.fromEntries(names.map((one, index) => [one, index]))])
  })

  it('compares views with texts and bytes', async () => {
    await using guest = await plugSource(
      `import { keyBuilder, mustGet, assert } from 'tenon/extension'
      export function Compare(): void {
        const value = mustGet(keyBuilder('sys.A'))
        const text = value.asText('text')
        assert(text.byteLength == 6 && text.equals('naïve') && !text.equals('naive') && !text.equals(''), 'text')
        assert(text.equals('na' + 'ï'.repeat(1) + 've') && text.toString() == 'naïve', 'made text')
        assert(value.asText('none').equals('') && value.asText('none').toString() == '', 'empty text')
        assert(value.asQName('name').equals('p/q', 'e') && !value.asQName('name').equals('p', 'e'), 'name')
        const bytes = value.asBytes('bytes')
        assert(bytes.length == 3 && bytes[2] == 3 && bytes.equals(bytes.toArray()), 'bytes')
        assert(!bytes.equals(new Uint8Array(3)) && !bytes.equals(new Uint8Array(2)), 'other bytes')
      }
      export function Beyond(): void { mustGet(keyBuilder('sys.A')).asBytes('bytes')[3] }`,
      ['Compare', 'Beyond'],
      {
        'sys.A': holding({ text: 'naïve', none: '', bytes: Uint8Array.of(1, 2, 3), name: { pkg: 'p/q', entity: 'e' } }),
      },
    )
    guest.call('Compare')
    assert.equal(failure('GUEST_ABORT', () => guest.call('Beyond')).details.guest?.message, 'Index out of range')
  })
})

describe('reads', () => {
  it('give their rows to their own callback, and end where it wants no more', async () => {
    const storages = { 'sys.Outer': counting(2), 'sys.Inner': counting(4), 'sys.R': holding() }
    await using guest = await plugSource(
      `import { Key, Value, keyBuilder, newValue, read, readWhile } from 'tenon/extension'
      let said = ''
      export function Nested(): void {
        said = ''
        read(keyBuilder('sys.Outer'), (outer: Key, value: Value) => {
          said += 'o' + outer.asInt32('n').toString()
          readWhile(keyBuilder('sys.Inner'), (inner: Key, value: Value): bool => {
            said += 'i' + inner.asInt32('n').toString()
            read(keyBuilder('sys.Outer'), (innermost: Key, value: Value) => { said += '.' })
            return inner.asInt32('n') < 1
          })
          said += ' '
        })
        newValue(keyBuilder('sys.R')).putString('said', said)
      }
      export function Failing(): void {
        read(keyBuilder('sys.Outer'), (outer: Key, value: Value) => {
          readWhile(keyBuilder('sys.Inner'), (inner: Key, value: Value): bool => { throw new Error('inside'); return false })
        })
      }`,
      ['Nested', 'Failing'],
      storages,
    )
    for (let call = 0; call < 3; call++) {
      for (const storage of [storages['sys.Outer'], storages['sys.Inner']]) storage.given = 0
      assert.deepEqual(written(guest.call('Nested')), [{ said: 'o0i0..i1.. o1i0..i1.. ' }])
      assert.deepEqual([storages['sys.Outer'].given, storages['sys.Inner'].given], [2 + 4 * 2, 2 * 2])
      assert.equal(failure('GUEST_ABORT', () => guest.call('Failing')).details.guest?.message, 'inside')
    }
  })

  it('take no memory for rows that are over', async () => {
    const row = { text: 'é', bytes: Uint8Array.of(1), name: { pkg: 'p', entity: 'e' } }
    const rows: Storage = {
      *read() {
        for (let n = 0; n < 20_000; n++) yield [{}, row]
      },
    }
    await using guest = await plugSource(
      `import { Key, Value, keyBuilder, newValue, read } from 'tenon/extension'
      let total = 0
      export function Total(): void {
        total = memory.size()
        read(keyBuilder('sys.Rows'), (key: Key, value: Value) => {
          if (value.asQName('name').equals('p', 'e') && value.asBytes('bytes').length == 1) total++
        })
        newValue(keyBuilder('sys.R')).putInt32('total', total - memory.size())
      }`,
      ['Total'],
      { 'sys.Rows': rows, 'sys.R': holding() },
    )
    // What a read takes is the host's: the bytes that it handed over, which last as long as the call.
    assert.deepEqual(written(guest.call('Total')), [{ total: 20_000 }])
  })
})

describe('failures', () => {
  const failing = `
    import { assert, keyBuilder, newValue } from 'tenon/extension'
    class Node { next: Node | null = null }
    export function Throw(): void { throw new Error('goodbye, world') }
    export function Assert(): void { assert(1 > 2, 'nëgative 😀') }
    export function Long(): void { throw new Error('😀é'.repeat(3000) + 'end') }
    export function Silent(): void { throw new Error() }
    export function Null(): void { let node: Node | null = null; newValue(keyBuilder('sys.R')).putBool('n', node!.next === null) }
    export function Builtin(): void { abort('by hand (really)', 'here', 4_294_967_295, 0) }
    export function Good(): void { newValue(keyBuilder('sys.R')).putInt32('n', 1) }`

  for (const gc of collectors) {
    it(`say what and where, and leave the next call alone, with gc '${gc}'`, async () => {
      const panics = {
        Throw: { message: 'goodbye, world', file: 'index.ts', line: 4, column: 37 },
        Assert: { message: 'assertion failed: nëgative 😀', file: '~lib/tenon/extension/index.ts' },
        Long: { message: `${'😀é'.repeat(3000)}end`, file: 'index.ts', line: 6, column: 36 },
        Silent: { message: '', file: 'index.ts', line: 7, column: 38 },
        Null: { message: /^Unexpected 'null'/, file: 'index.ts', line: 8 },
        Builtin: { message: 'by hand (really)', file: 'here', line: 4_294_967_295, column: 0 },
      }
      await using guest = await plugSource(
        failing,
        ['Throw', 'Assert', 'Long', 'Silent', 'Null', 'Builtin', 'Good'],
        { 'sys.R': holding() },
        { gc },
      )
      for (let call = 0; call < 2; call++) {
        for (const extension of ['Throw', 'Assert', 'Long', 'Silent', 'Null', 'Builtin'] as const) {
          const { details } = failure('GUEST_ABORT', () => guest.call(extension))
          assert.partialDeepStrictEqual(
            { ...details.guest, message: true },
            { ...panics[extension], message: true },
            extension,
          )
          const { message } = panics[extension]
          if (typeof message === 'string') assert.equal(details.guest?.message, message)
          else assert.match(String(details.guest?.message), message)
          assert.ok(details.frames?.some((frame) => frame.function.includes(extension)) === true, extension)
        }
        assert.deepEqual(written(guest.call('Good')), [{ n: 1 }])
      }
    })
  }

  it('of assertions say what was expected', async () => {
    const value = {
      i32: 5,
      i64: -(2n ** 63n),
      f32: Math.fround(0.1),
      f64: 0.1,
      yes: true,
      text: 'é',
      bytes: Uint8Array.of(1, 2),
      name: { pkg: 'p', entity: 'e' },
    }
    const asserted = {
      Int32: ["require.equalInt32(4, value.asInt32('i32'))", 'Int32 not equal. Expected: 4 but got 5'],
      Int64: [
        "require.equalInt64(4, value.asInt64('i64'))",
        'Int64 not equal. Expected: 4 but got -9223372036854775808',
      ],
      Float32: ["require.equalFloat32(4, value.asFloat32('f32'))", 'Float32 not equal. Expected: 4.0 but got 0.1'],
      Float64: ["require.equalFloat64(4, value.asFloat64('f64'))", 'Float64 not equal. Expected: 4.0 but got 0.1'],
      Bool: ["require.equalBool(false, value.asBool('yes'))", 'Bool not equal. Expected: false but got true'],
      Text: ["require.equalString('ë', value.asText('text'))", 'Strings not equal. Expected: [ë] but got [é]'],
      Lengths: ["require.equalBytes([1], value.asBytes('bytes'))", 'Byte array lengths not equal'],
      Bytes: ["require.equalBytes([1, 3], value.asBytes('bytes'))", 'Byte arrays not equal'],
      Name: ["require.equalQName('p', 'f', value.asQName('name'))", 'QName not equal. Expected: p.f but got p.e'],
    } as const
    const functions = Object.entries(asserted).map(
      ([extension, [code]]) =>
        `export function ${extension}(): void { const value = mustGet(keyBuilder('sys.A')); ${code} }`,
    )
    await using guest = await plugSource(
      `import { keyBuilder, mustGet } from 'tenon/extension'
      import * as require from 'tenon/extension/require'
      export function Right(): void {
        const value = mustGet(keyBuilder('sys.A'))
        require.equalInt32(5, value.asInt32('i32'))
        require.equalInt64(i64.MIN_VALUE, value.asInt64('i64'))
        require.equalFloat32(0.1, value.asFloat32('f32'))
        require.equalFloat64(0.1, value.asFloat64('f64'))
        require.equalBool(true, value.asBool('yes'))
        require.equalString('é', value.asText('text'))
        require.equalBytes([1, 2], value.asBytes('bytes'))
        require.equalQName('p', 'e', value.asQName('name'))
      }
      ${functions.join('\n')}`,
      ['Right', 'Int32', 'Int64', 'Float32', 'Float64', 'Bool', 'Text', 'Lengths', 'Bytes', 'Name'],
      { 'sys.A': holding(value) },
    )
    guest.call('Right')
    for (const extension of [
      'Int32',
      'Int64',
      'Float32',
      'Float64',
      'Bool',
      'Text',
      'Lengths',
      'Bytes',
      'Name',
    ] as const)
      assert.equal(failure('GUEST_ABORT', () => guest.call(extension)).details.guest?.message, asserted[extension][1])
  })
})
