import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { build } from 'mortise/build'
import { Abort, guest, instantiate } from '../support/guest.ts'

describe('the hello guest', () => {
  it('greets', async () => {
    const { call, logs } = instantiate((await build('examples/hello/guest')).wasm)
    assert.equal(call('{"name":"Mike"}'), '{"greetings":"Hello, Mike"}')
    assert.equal(call('{"name":"Ελένη 😀"}'), '{"greetings":"Hello, Ελένη 😀"}')
    assert.deepEqual(logs, ['info greeting Mike', 'info greeting Ελένη 😀'])
  })

  it('fails without a name, and goes on', async () => {
    const { call } = instantiate((await build('examples/hello/guest')).wasm)
    assert.equal(call('{}'), '{"error":"no name specified"}')
    assert.equal(call('{"name":"Mike"}'), '{"greetings":"Hello, Mike"}')
  })
})

describe('fail', () => {
  it('keeps the state of the guest', async () => {
    const { call } = await guest(`
      import { fail } from 'tenon/action'
      let calls = 0
      export function main(event: string): string {
        calls++
        return event == '' ? fail<string>('empty') : calls.toString()
      }`)
    assert.deepEqual(['a', '', 'a'].map(call), ['1', '{"error":"empty"}', '3'])
  })

  it('escapes its message', async () => {
    const { call } = await guest(
      "import { fail } from 'tenon/action'\nexport function main(event: string): string { return fail<string>(event) }",
    )
    for (const message of [
      '',
      'plain',
      '"quoted" and C:\\',
      '\0\n\r\t\x1f\x7f',
      'é😀\u2028',
      '\ud800 \udc00\ud83d',
      '\ud83d\ude00\udc00',
    ]) {
      const json = call(message)
      assert.equal(json, json?.toWellFormed())
      assert.deepEqual(JSON.parse(json ?? ''), { error: message })
    }
  })

  it('fits every type', async () => {
    const { call } = await guest(`
      import { fail } from 'tenon/action'
      class Plain { constructor(public a: i32, public b: string) {} }
      function number(): f64 { return fail<f64>('number') }
      function plain(): Plain { return fail<Plain>('plain') }
      function list(): i32[] { return fail<i32[]>('list') }
      function flag(): bool { return fail<bool>('flag') }
      function none(): Plain | null { return fail<Plain | null>('none') }
      export function main(event: string): string {
        if (event == 'a') number()
        else if (event == 'b') plain().a = 1
        else if (event == 'c') list().length
        else if (event == 'd') flag()
        else none()
        return event
      }`)
    assert.deepEqual(
      ['a', 'b', 'c', 'd', 'e'].map(call),
      ['number', 'plain', 'list', 'flag', 'none'].map((message) => JSON.stringify({ error: message })),
    )
  })
})

describe('main', () => {
  it('may take no event and give no result', async () => {
    const none = await guest("import { log } from 'tenon/action'\nexport function main(): void { log.info('ran') }")
    assert.equal(none.call('{}'), null)
    assert.deepEqual(none.logs, ['info ran'])
    assert.equal((await guest('export function main(event: string): string | null { return null }')).call('x'), null)
    assert.equal(
      (await guest("import { fail } from 'tenon/action'\nexport function main(): void { fail<i32>('no') }")).call(''),
      '{"error":"no"}',
    )
    assert.equal(
      (await guest('@json class R { a: i32 = 1 }\nexport function main(): R | null { return null }')).call(''),
      null,
    )
  })

  it('takes and gives whatever JSON has a type for', async () => {
    assert.deepEqual((await guest('export function main(n: i32): f64 { return n * 1.5 }')).json(3), 4.5)
    assert.deepEqual((await guest('export function main(n: i32[]): i32[] { return n.reverse() }')).json([1, 2]), [2, 1])
    const dynamic =
      "import { JSON } from 'json-as'\nexport function main(e: JSON.Obj): JSON.Obj { e.set('x', 5); return e }"
    assert.deepEqual((await guest(dynamic)).json({ a: { b: [null, true] } }), { a: { b: [null, true] }, x: 5 })
    const mixed =
      "@json class E { n: i32 = 0 }\ntype Text = string\nexport function main(e: E): Text { return 'n=' + e.n.toString() }"
    assert.equal((await guest(mixed)).call('{"n":4}'), 'n=4')
  })

  it('aborts with the position that the user knows', async () => {
    const files = {
      'index.ts':
        "import { check } from './lib/check'\nexport function main(event: string): string {\n  check(event)\n  throw new Error('late')\n}",
      'lib/check.ts':
        "export function check(event: string): void {\n  if (event == '') throw new Error('empty event')\n}",
    }
    const { call } = await guest(files)
    assert.throws(() => call(''), new Abort('empty event (lib/check.ts:2:20)'))
    assert.throws(() => call('x'), new Abort('late (index.ts:4:3)'))
  })
})

describe('log', () => {
  it('writes at four levels', async () => {
    const { call, logs } = await guest(`import { log } from 'tenon/action'
      export function main(e: string): void { log.debug(e); log.info(e); log.warn(e); log.error(e) }`)
    call('é😀')
    assert.deepEqual(logs, ['debug é😀', 'info é😀', 'warn é😀', 'error é😀'])
  })
})

describe('config', () => {
  for (const gc of ['none', 'minimal', 'incremental'] as const) {
    it(`reads settings with gc '${gc}'`, async () => {
      const { call } = await guest(
        `import { config } from 'tenon/action'
        export function main(e: string): string | null { return config.get(e) }`,
        { gc },
        { city: 'Bäsel', empty: '' },
      )
      assert.deepEqual(['city', 'none', 'empty', 'city'].map(call), ['Bäsel', null, '', 'Bäsel'])
    })
  }
})

describe('string_new', () => {
  for (const gc of ['none', 'minimal', 'incremental'] as const) {
    it(`makes texts of every length but no odd, negative or endless one with gc '${gc}'`, async () => {
      const { allocate, memory } = await guest('export function main(event: string): string { return event }', { gc })
      for (const bytes of [0, 2, 100, 200_000]) {
        const at = allocate(bytes)
        assert.equal(new DataView(memory.buffer).getUint32(at - 4, true), bytes)
        assert.equal(new DataView(memory.buffer).getUint32(at - 8, true), 2, 'the id of strings')
      }
      for (const bytes of [1, 7, -2, -1, 0x7ffffffe]) assert.throws(() => allocate(bytes), `${bytes}`)
    })
  }
})
