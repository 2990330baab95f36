import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import fc from 'fast-check'
import { Abort, type Guest, buildText, instantiate } from '../support/guest.ts'

const source = `
@json class Inner { a: i32 = 7; b: string = 'd' }
@json class E {
  s: string = 'def'; i: i32 = 1; f: f64 = 2.5; b: bool = true; l: i64 = 3; u: u8 = 4
  n: Inner = new Inner(); o: Inner | null = null; m: Map<string, i32> = new Map()
  ints: i32[] = []; floats: f64[] = []; texts: string[] = []; flags: bool[] = []; objects: Inner[] = []; nested: i32[][] = []
}
export function main(e: E): E { return e }`
const defaults = {
  s: 'def',
  i: 1,
  f: 2.5,
  b: true,
  l: 3,
  u: 4,
  n: { a: 7, b: 'd' },
  o: null,
  m: {},
  ints: [],
  floats: [],
  texts: [],
  flags: [],
  objects: [],
  nested: [],
}

/** Texts with everything that a reader of JSON can trip over. */
const text = fc
  .array(fc.constantFrom(...'a"\\/{}[],: 0n'.split(''), '\n', '\0', '\x1f', 'é', '😀', '\ud800', '\udc00', '\u2028'), {
    maxLength: 8,
  })
  .map((parts) => parts.join(''))
const int = fc.integer()
/** Within these powers of ten every decimal is exact. */
const float = fc
  .double({ noNaN: true, min: -1e21, max: 1e21 })
  .filter((value) => (value === 0 ? !Object.is(value, -0) : Math.abs(value) > 1e-5))
const inner = fc.record({ a: int, b: text }, { noNullPrototype: true })
const list = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(one, { maxLength: 4 })
const events = fc.record(
  {
    s: text,
    i: int,
    f: float,
    b: fc.boolean(),
    l: fc.maxSafeInteger(),
    u: fc.nat(255),
    n: inner,
    o: fc.option(inner),
    m: fc.dictionary(fc.stringMatching(/^[a-z ]+$/), int, { maxKeys: 4, noNullPrototype: true }),
    ints: list(int),
    floats: list(float),
    texts: list(text),
    flags: list(fc.boolean()),
    objects: list(inner),
    nested: list(list(int)),
    unknown: fc.jsonValue({ maxDepth: 4 }),
  },
  { requiredKeys: [], noNullPrototype: true },
)

describe('JSON events', () => {
  let module: WebAssembly.Module
  let guest: Guest
  const renew = (): Guest => (guest = instantiate(module))
  /** Every call that fails gets a new instance, as the host restores after one. */
  const run = (json: string): unknown => {
    if (guest.memory.buffer.byteLength > 1 << 24) renew()
    try {
      return JSON.parse(guest.call(json) ?? '')
    } catch (error) {
      renew()
      throw error
    }
  }

  before(async () => {
    module = new WebAssembly.Module(Uint8Array.from(await buildText(source)))
    renew()
  })

  it('arrive as they were sent, whatever is in them', () => {
    fc.assert(
      fc.property(events, fc.constantFrom(undefined, 2, '\t'), fc.boolean(), (event, indent, escaped) => {
        const json = JSON.stringify(event, null, indent)
        const { unknown: _, ...known } = event
        const sent = escaped ? json.replaceAll('/', '\\/').replaceAll('é', '\\u00E9') : json
        assert.deepEqual(run(sent), { ...defaults, ...known })
      }),
      { numRuns: 3000, seed: 1 },
    )
  })

  it('abort where they are not JSON, and never trap', () => {
    const junk = fc.constantFrom('', '"', '\\', '{', '}', '[', ']', ',', ':', '0', '-', 'e', '.', 'n', '\x01', '\ud800')
    fc.assert(
      fc.property(events, fc.double({ min: 0, max: 1, noNaN: true }), junk, fc.nat(2), (event, where, what, how) => {
        const json = JSON.stringify(event)
        const at = Math.floor(where * json.length)
        const sent = json.slice(0, at) + (how === 0 ? '' : what + json.slice(at + how - 1))
        try {
          JSON.parse(sent)
        } catch {
          assert.throws(() => run(sent), Abort)
        }
      }),
      { numRuns: 5000, seed: 1 },
    )
  })

  it('abort on what only other readers take for JSON', () => {
    for (const json of [
      '',
      ' ',
      "{'i':5}",
      '{i:5}',
      '{"i":05}',
      '{"i":+5}',
      '{"f":0x10}',
      '{"f":NaN}',
      '{"f":.5}',
      '{"f":1.}',
      '{"i":5,}',
      '{"i":5} x',
      '{"s":"a\nb"}',
      '{"s":"\\x"}',
      '{"zz":tru}',
      '\ufeff{}',
      '// x\n{}',
    ]) {
      assert.throws(() => run(json), Abort, json)
    }
  })

  it('abort where a number does not fit its integer field', () => {
    for (const json of [
      '{"i":1.5}',
      '{"i":1e2}',
      '{"i":2147483648}',
      '{"i":-2147483649}',
      '{"u":256}',
      '{"u":-1}',
      '{"l":9223372036854775808}',
      '{"l":99999999999999999999999}',
      '{"l":23058430092136939520}',
      '{"m":{"k":4294967296}}',
      '{"ints":[4294967296]}',
    ]) {
      assert.throws(() => run(json), { message: /integer field/ }, json)
    }
    assert.deepEqual(run('{"i":-2147483648,"u":255,"l":-9007199254740991}'), {
      ...defaults,
      i: -2147483648,
      u: 255,
      l: -9007199254740991,
    })
  })

  it('leave a field at its default where the value is of another kind', () => {
    for (const json of [
      '{"s":5}',
      '{"i":"5"}',
      '{"f":null}',
      '{"b":1}',
      '{"n":[]}',
      '{"n":null}',
      '{"o":7}',
      '{"ints":{}}',
      '{"m":[]}',
    ]) {
      assert.deepEqual(run(json), defaults, json)
    }
  })

  it('abort where the whole or an element is of another kind', () => {
    for (const json of [
      '5',
      '"x"',
      'null',
      '[]',
      '{"objects":[1]}',
      '{"objects":[null]}',
      '{"ints":["a"]}',
      '{"ints":[null]}',
      '{"texts":[1]}',
    ]) {
      assert.throws(() => run(json), Abort, json)
    }
  })

  it('have decimals that are at most one unit in the last place off, however large or small', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (f) => {
        const event = run(JSON.stringify({ f }))
        const got = typeof event === 'object' && event !== null && 'f' in event ? Number(event.f) : NaN
        assert(Math.abs(got - f) <= Math.abs(f) * 2 ** -51 + 5e-324, `${f} became ${got}`)
      }),
      { numRuns: 3000, seed: 1 },
    )
  })

  it('may nest 255 levels and abort beyond', () => {
    const nest = (depth: number): string => `{"zz":${'['.repeat(depth)}${']'.repeat(depth)}}`
    assert.deepEqual(run(nest(255)), defaults)
    for (const depth of [256, 100_000]) assert.throws(() => run(nest(depth)), Abort)
  })

  it('never write into a text that the guest holds elsewhere', async () => {
    const guest = instantiate(
      await buildText(`
      const shared = 'abc'.repeat(1)
      @json class E { s: string = shared }
      export function main(e: E): string { return shared + e.s }`),
    )
    assert.equal(guest.call('{"s":"xyz"}'), 'abcxyz')
  })
})
