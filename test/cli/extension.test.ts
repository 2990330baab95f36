import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { extensionGuest } from '../support/extension-guest.ts'
import { type Finished, mortise } from '../support/cli.ts'

const orders = fileURLToPath(new URL('../guests/extension/orders.ts', import.meta.url))
const everything = fileURLToPath(new URL('../guests/extension/everything.ts', import.meta.url))
const view = 'sys.View(example.com/shop.OrderedItems)'
const order = {
  'sys.Event': {
    ArgumentObject: { Year: 2023, Month: 1, Day: 1, Items: [{ Quantity: 1, SinglePrice: 100 }, twoOf(50)] },
  },
}
let folder = ''
const inFolder = (name: string): string => join(folder, name)

function twoOf(price: number): object {
  return { Quantity: 2, SinglePrice: price }
}

/** Runs with a state of its own. */
async function run(args: readonly string[], state: unknown): Promise<Finished> {
  const file = inFolder('state.json')
  await writeFile(file, typeof state === 'string' ? state : JSON.stringify(state))
  return mortise(['run', ...args, '--state', file])
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mortise-extension-'))
  const built = await mortise(['build', orders, '-o', inFolder('orders.wasm')])
  assert.equal(built.code, 0, built.stderr)
})
after(() => rm(folder, { recursive: true, force: true }))

describe('mortise run, of an extension', () => {
  test('prints its intents: what is new, and what is changed', async () => {
    const key = { Year: 2023, Month: 1, Day: 1 }
    const intent = { storage: 'sys.View', entity: 'example.com/shop.OrderedItems', key, value: { Amount: 200 } }
    const first = await run([inFolder('orders.wasm'), 'CalcOrderedItems'], order)
    assert.equal(first.stderr, '')
    assert.deepEqual(JSON.parse(first.stdout), [{ operation: 'insert', ...intent }])
    const rows = [
      { key: { ...key, Day: 2 }, value: { Amount: 7 } },
      { key, value: { Amount: 200 } },
    ]
    const second = await run([inFolder('orders.wasm'), 'CalcOrderedItems'], { ...order, [view]: rows })
    assert.deepEqual(JSON.parse(second.stdout), [{ operation: 'update', ...intent, value: { Amount: 400 } }])
    assert.equal((await run([inFolder('orders.wasm'), 'NewOrder'], order)).stdout, '[]\n')
  })

  test('prints of the example in docs/guests.md what is written there', async () => {
    const page = await readFile(new URL('../../docs/guests.md', import.meta.url), 'utf8')
    const [, source = '', state = '', printed] =
      /```ts\n(\/\/ guest\nimport \{ Storage,[^]*?)```[^]*?```json\n([^]*?)```\n\n {4}(.*)\n/.exec(page) ?? []
    await writeFile(inFolder('documented.ts'), source)
    const { stdout } = await run([inFolder('documented.ts'), 'CalcOrderedItems'], state)
    assert.equal(stdout, `${printed}\n`)
  })

  test('prints of the example orders what its README says', async () => {
    const root = fileURLToPath(new URL('../..', import.meta.url))
    const page = await readFile(join(root, 'examples/orders/README.md'), 'utf8')
    const [, args = '', printed] = /^ {4}npm exec -- mortise (run .*)\n {4}(.*)$/m.exec(page) ?? []
    const { stdout, stderr } = await mortise(args.split(' '), { cwd: root })
    assert.deepEqual([stdout, stderr], [`${printed}\n`, ''])
  })

  test('prints one object for machines, of many calls too', async () => {
    const { stdout } = await run([inFolder('orders.wasm'), 'CalcOrderedItems', '--repeat', '50', '--json'], order)
    assert.match(stdout, /^\{"ok":true,"intents":\[\{"operation":"insert",.*"runtime":"wasm","calls":50,/)
  })

  test('reads a value of every kind that JSON can say, as the guest asks for it, and prints it', async () => {
    const bytes = Buffer.from([0, 255, 1]).toString('base64')
    const scalars = { i32: -5, i64: '9223372036854775807', f32: 0.5, f64: Math.PI, yes: true }
    const fields = { ...scalars, text: 'Grüße 𝄞', bytes, name: 'example.com/shop.Order' }
    const list = [-5, 5, 0.5, Math.PI, true, 'text', 'x', 'y', { no: false }]
    const key = {
      i32: -(2 ** 31),
      i64: '-9223372036854775808',
      id: '9223372036854775807',
      f32: 1.5,
      f64: -0.1,
      yes: true,
      no: false,
      text: 'Ünïcødé 日本 😀',
      bytes,
      name: 'example.com/päckage.Entité',
    }
    const state = { 'sys.View(example.com/shop.All)': [{ key, value: { ...fields, list } }] }
    const found = await run([everything], state)
    // What a list holds is what JSON says it is.
    assert.match(found.stderr, /^EXTENSION_FIELD .*undefined bytes field: 6/)
    assert.equal(found.code, 1)
    await writeFile(
      inFolder('copy.ts'),
      `import { Key, Value, keyBuilder, mustGet, newValue, read } from 'tenon/extension'
      export function Copy(): void {
        const from = mustGet(keyBuilder('my.Store'))
        const to = newValue(keyBuilder('sys.Result'))
        to.putInt32('i32', from.asInt32('i32'))
        to.putInt64('i64', from.asInt64('i64'))
        to.putInt64('small', from.asInt64('i32'))
        to.putFloat32('f32', from.asFloat32('f32'))
        to.putFloat64('f64', from.asFloat64('f64'))
        to.putBool('yes', from.asBool('yes'))
        to.putString('text', from.asText('text'))
        to.putBytes('bytes', from.asBytes('bytes'))
        to.putQName('name', from.asQName('name'))
        to.putString('none', from.asText('none'))
        const rows = keyBuilder('sys.View', 'a.B')
        rows.putFloat32('f', 0.1)
        read(rows, (key: Key, value: Value) => {
          newValue(keyBuilder('sys.Result')).putInt32(key.asText('k').toString(), value.asInt32('n'))
        })
      }`,
    )
    const rows = [
      { key: { f: 0.1, k: 'one' }, value: { n: 1 } },
      { key: { f: 0.2, k: 'two' }, value: { n: 2 } },
      { key: { f: 0.1, k: 'three' }, value: { n: 3 } },
    ]
    const copied = await run([inFolder('copy.ts')], { 'my.Store': { ...fields, none: null }, 'sys.View(a.B)': rows })
    assert.equal(copied.stderr, '')
    const result = { operation: 'insert', storage: 'sys.Result', key: {} }
    assert.deepEqual(JSON.parse(copied.stdout), [
      { ...result, value: { ...fields, small: -5, none: '' } },
      { ...result, value: { one: 1 } },
      { ...result, value: { three: 3 } },
    ])
  })

  test('prints every text of a key that may have several, and finds rows by them', async () => {
    await writeFile(
      inFolder('mail.ts'),
      `import { Key, KeyBuilder, Storage, Value, keyBuilder, newValue, read } from 'tenon/extension'
      let status = 0
      export function Send(): void {
        const page = keyBuilder(Storage.HTTP)
        page.putString('Url', 'http://localhost')
        page.putString('Header', 'A: 1')
        page.putString('Header', 'B: 2')
        read(page, (key: Key, value: Value) => { status += value.asInt32('StatusCode') })
        const mail = keyBuilder(Storage.SendMail)
        mail.putString('To', 'ada@example.com')
        mail.putString('To', 'grace@example.com')
        mail.putInt32('Port', status)
        newValue(mail)
      }`,
    )
    const page = { Url: 'http://localhost', Header: ['A: 1', 'B: 2'] }
    const rows = [
      { key: page, value: { StatusCode: 200 } },
      { key: { ...page, Header: ['A: 1'] }, value: { StatusCode: 1000 } },
    ]
    const { stdout, stderr } = await run([inFolder('mail.ts')], { 'sys.Http': rows })
    assert.equal(stderr, '')
    const key = { To: ['ada@example.com', 'grace@example.com'], Port: 200 }
    assert.deepEqual(JSON.parse(stdout), [{ operation: 'insert', storage: 'sys.SendMail', key, value: {} }])
  })

  test('ends with exit code 1 when the guest fails, and says where', async () => {
    const { code, stderr } = await run([inFolder('orders.wasm'), 'NewOrder'], {
      'sys.Event': { ArgumentObject: { Items: [] } },
    })
    assert.equal(code, 1)
    assert.match(stderr, /^GUEST_ABORT .*negative order amount \(orders\.ts:\d+:\d+\)\n {4}at /m)
    const absent = await mortise(['run', inFolder('orders.wasm'), 'NewOrder'])
    assert.match(absent.stderr, /^EXTENSION_ABSENT .*state CommandLine, key \{storage:sys\.Event\}: not exists/)
  })

  test('asks which of several extensions is meant, and for no event', async () => {
    for (const [args, wanted] of [
      [[], /Which extension is to be called: the guest has NewOrder, CalcOrderedItems\n/],
      [['Order'], /There is no extension 'Order': the guest has NewOrder, CalcOrderedItems\n/],
      [['NewOrder', '--data', '{}'], /they take --state/],
      [['NewOrder', '--input', 'x'], /they take --state/],
    ] as const) {
      const { code, stderr } = await mortise(['run', inFolder('orders.wasm'), ...args])
      assert.equal(code, 2)
      assert.match(stderr, wanted)
    }
  })

  test('says what is wrong with a state', async () => {
    for (const [state, wanted] of [
      ['{"sys.Event"', /state\.json': .*JSON/],
      ['[]', /it is not an object/],
      [{ Event: {} }, /'Event' is no storage/],
      [{ 'sys.Event': 1 }, /'sys\.Event' is neither a row nor a list of rows/],
      [{ 'sys.Event': [{ Year: 1 }] }, /a row of 'sys\.Event' is \{"Year":1\}, and not \{ "key"/],
      [{ 'sys.Event': [{ key: {}, value: {}, more: 1 }] }, /a row of 'sys\.Event'/],
    ] as const) {
      const { code, stderr } = await run([inFolder('orders.wasm'), 'NewOrder'], state)
      assert.equal(code, 1)
      assert.match(stderr, /^INPUT_INVALID Cannot read the state in /)
      assert.match(stderr, wanted)
    }
    const { stderr } = await mortise(['run', inFolder('orders.wasm'), 'NewOrder', '--state', inFolder('none.json')])
    assert.match(stderr, /^INPUT_INVALID .*none\.json.*ENOENT/)
  })
})

describe('mortise inspect, of extensions', () => {
  test('says which there are, and the version of the ABI', async () => {
    const { stdout } = await mortise(['inspect', inFolder('orders.wasm')])
    assert.match(stdout, /^fits the contract 'extension', ABI 0\.0\.1: NewOrder, CalcOrderedItems$/m)
    const { stdout: json } = await mortise(['inspect', inFolder('orders.wasm'), '--json'])
    assert.match(json, /"extensions":\{"abi":"0\.0\.1","names":\["NewOrder","CalcOrderedItems"\]\}/)
    assert.match(json, /"extension":\[\]/)
  })

  test('of guests in other languages too, and says what keeps one from fitting', async () => {
    await writeFile(inFolder('good.wasm'), extensionGuest({ Good: '' }))
    assert.match((await mortise(['inspect', inFolder('good.wasm')])).stdout, /ABI 0\.0\.1: Good$/m)
    await writeFile(inFolder('none.wasm'), extensionGuest({}))
    assert.match((await mortise(['inspect', inFolder('none.wasm')])).stdout, /^ {2}no extension is exported/m)
    const { stdout } = await mortise(['inspect', inFolder('none.wasm'), '--json'])
    assert.match(stdout, /"extensions":\{"abi":"0\.0\.1","names":\[\]\}/)
  })

  test('shows what would move the cursor, or look like a line of its own, as what it is', async () => {
    const evil = '\u001b[2J\u009b1m\nit fits'
    const more = `(func (export "${evil.replaceAll('\u001b', '\\1b').replaceAll('\u009b', '\\c2\\9b').replaceAll('\n', '\\n')}"))`
    await writeFile(inFolder('evil.wasm'), extensionGuest({ Bad: `(call $panic 'panic: ${evil}\n')` }, { more }))
    const inspected = await mortise(['inspect', inFolder('evil.wasm')])
    const called = await mortise(['run', inFolder('evil.wasm'), 'Bad'])
    assert.match(inspected.stdout, /^ {2}\\x1b\[2J\\x9b1m\\x0ait fits/m)
    assert.match(called.stderr, /^GUEST_ABORT .*: \\x1b\[2J\\x9b1m$/m)
    for (const text of [inspected.stdout, called.stderr.slice(called.stderr.indexOf('GUEST_ABORT'))])
      assert.doesNotMatch(text, /[^\P{Cc}\n]/u)
  })
})
