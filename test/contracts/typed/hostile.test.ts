import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ErrorCode, Mortise, type Plugin } from 'mortise'
import {
  bool,
  char,
  contract,
  enumeration,
  list,
  option,
  record,
  result,
  string,
  tuple,
  type Typed,
  u32,
  u64,
  u8,
  variant,
} from 'mortise/contract'
import { wasm } from 'mortise/wasm'
import type { Encoding } from '../../../src/contracts/typed/abi/text.ts'
import { failure, wat } from '../../support/wat.ts'
import { componentType } from './echo.ts'

const words = (...numbers: readonly number[]): string =>
  numbers.map((number) => escaped(Buffer.from(Uint32Array.of(number).buffer))).join('')
const escaped = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')

interface Answer {
  /** What the guest returns: a pointer, or the value itself. */
  readonly returns: number
  /** What lies in its memory, from 256 on. */
  readonly data?: string
  readonly encoding?: Encoding
  /** Of its memory. */
  readonly pages?: number
}

/** A guest whose hook `run` returns a number, whatever that means, and whose hook `fine` works. */
function answering({ returns, data = '', encoding = 'utf8', pages = 1 }: Answer): Uint8Array {
  return wat(`(module (memory (export "memory") ${pages})
    (@custom "component-type:hostile" "${componentType(encoding)}")
    (data (i32.const 256) "${data}")
    (func (export "run") (result i32) (i32.const ${returns}))
    (func (export "fine") (result i32) (i32.const 5)))`)
}

interface Hooks {
  run(): unknown
  fine(): number
}

async function failsAndGoesOn(
  code: ErrorCode,
  says: RegExp,
  plugin: Plugin<Hooks, unknown>,
  run: () => unknown = () => plugin.hooks.run(),
): Promise<void> {
  for (let round = 0; round < 3; round++) {
    assert.match(failure(code, run).message, says)
    assert.equal(plugin.hooks.fine(), 5)
  }
  assert.equal(plugin.stats().restores, 3)
}

const pair = record('pair', { a: string, b: u64 })
const shape = variant('shape', { dot: null, size: u32 })
const color = enumeration('color', ['red', 'green'])
const memory = 65_536

describe('an answer is refused, and the next call goes well, where a guest hands over', () => {
  const cases: Readonly<Record<string, readonly [Typed<unknown>, Answer, ErrorCode, RegExp]>> = {
    'a value outside its memory': [pair, { returns: memory - 8 }, 'GUEST_POINTER', /16 bytes at 65528.*65536 bytes/],
    'a value at a negative pointer': [pair, { returns: -8 }, 'GUEST_POINTER', /at 4294967288/],
    'a misaligned value': [pair, { returns: 260 }, 'GUEST_POINTER', /260, which is not a multiple of 8/],
    'a string outside its memory': [
      string,
      { returns: 256, data: words(memory - 1, 2) },
      'GUEST_POINTER',
      /ends at 65537/,
    ],
    'a string around the end of all addresses': [
      string,
      { returns: 256, data: words(0xffff_fff0, 0x20) },
      'GUEST_POINTER',
      /ends at 4294967312/,
    ],
    'a string of 4 GiB': [string, { returns: 256, data: words(0, 0xffff_ffff) }, 'GUEST_RESULT', /more than 67108864/],
    'a list of 4 GiB': [
      list(u8),
      { returns: 256, data: words(0, 0xffff_ffff) },
      'GUEST_POINTER',
      /a list of 4294967295 bytes/,
    ],
    'a list of more bytes than there are addresses': [
      list(u64),
      { returns: 256, data: words(0, 0xffff_ffff) },
      'GUEST_POINTER',
      /a list of 34359738360 bytes/,
    ],
    'a misaligned list': [list(u32), { returns: 256, data: words(258, 1) }, 'GUEST_POINTER', /258.*multiple of 4/],
    'a list of misaligned lists': [
      list(list(u32)),
      { returns: 256, data: words(264, 1, 3, 1) },
      'GUEST_POINTER',
      /3, which is not a multiple of 4/,
    ],
    'lists that overlap and are more than its memory': [
      list(list(u8)),
      { returns: 256, data: words(264, 2000) + words(0, memory - 4).repeat(2000) },
      'GUEST_RESULT',
      /more than 67108864 bytes/,
    ],
    'more objects than the host has room for': [
      list(list(u8)),
      { returns: 256, data: words(264, 2_000_000), pages: 256 },
      'GUEST_RESULT',
      /more than 67108864 bytes/,
    ],
    'lists that overlap in lists that overlap': [
      list(list(list(bool))),
      { returns: 256, data: words(264, 2000) + words(264, 2000).repeat(2000) },
      'GUEST_RESULT',
      /more than 67108864 bytes/,
    ],
    'a variant of a case that does not exist': [
      shape,
      { returns: 256, data: words(2, 0) },
      'GUEST_RESULT',
      /case 2 of 'shape', whose cases are 0 to 1/,
    ],
    'an option that is neither': [
      option(u32),
      { returns: 256, data: words(2, 0) },
      'GUEST_RESULT',
      /case 2 of 'option'/,
    ],
    'a result that is neither': [
      result(u32, string),
      { returns: 256, data: words(7, 0, 0) },
      'GUEST_RESULT',
      /case 7 of 'result'/,
    ],
    'a case of an enumeration that does not exist': [color, { returns: 2 }, 'GUEST_RESULT', /case 2 of 'color'/],
    'a negative case of an enumeration': [color, { returns: -1 }, 'GUEST_RESULT', /case 4294967295 of 'color'/],
    'a character that is half a character': [char, { returns: 0xd800 }, 'GUEST_RESULT', /55296 as a character/],
    'a character beyond the last one': [char, { returns: 0x11_0000 }, 'GUEST_RESULT', /1114112 as a character/],
    'a character in a list beyond the last one': [
      list(char),
      { returns: 256, data: words(264, 2, 65, 0xffff_ffff) },
      'GUEST_RESULT',
      /4294967295 as a character/,
    ],
    'text that is no UTF-8': [
      string,
      { returns: 256, data: `${words(264, 3)}a\\ffb` },
      'GUEST_STRING',
      /not valid UTF-8/,
    ],
    'text that ends within a character': [
      tuple(string, string),
      { returns: 256, data: `${words(272, 2, 272, 40)}\\c3\\a9${'x'.repeat(37)}\\c3` },
      'GUEST_STRING',
      /40 bytes at 272 are not valid UTF-8/,
    ],
    'a part of a character': [
      tuple(string, string),
      { returns: 256, data: `${words(272, 2, 273, 1)}\\c3\\a9` },
      'GUEST_STRING',
      /1 bytes at 273/,
    ],
    'half a character of UTF-16': [
      string,
      { returns: 256, data: `${words(264, 2)}a\\00\\00\\d8`, encoding: 'utf16' },
      'GUEST_STRING',
      /not valid UTF-16/,
    ],
    'a string that begins within a character of UTF-16': [
      tuple(string, string),
      { returns: 256, data: `${words(272, 2, 274, 1)}\\3d\\d8\\11\\dd`, encoding: 'utf16' },
      'GUEST_STRING',
      /2 bytes at 274 are not valid UTF-16/,
    ],
    'text of UTF-16 at an odd pointer': [
      string,
      { returns: 256, data: words(265, 2), encoding: 'utf16' },
      'GUEST_POINTER',
      /odd pointer/,
    ],
  }
  for (const [what, [type, answer, code, says]] of Object.entries(cases)) {
    it(what, async () => {
      await using host = new Mortise({ runtimes: [wasm()] })
      const hostile = contract('hostile', { run: { result: type }, fine: { result: u32 } })
      await failsAndGoesOn(code, says, await host.plug('hostile', answering(answer), hostile))
    })
  }
})

describe('a guest that lies about the room that it makes', () => {
  const cases: Readonly<Record<string, readonly [room: string, code: ErrorCode, says: RegExp]>> = {
    'outside its memory': ['(i32.const 65530)', 'GUEST_POINTER', /room of 40 bytes at 65530/],
    'at a negative pointer': ['(i32.const -4)', 'GUEST_POINTER', /at 4294967292/],
    'where it gives up': ['unreachable', 'TRAP_UNREACHABLE', /unreachable/],
    'by calling itself': [
      '(call $realloc (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))',
      'TRAP_STACK_OVERFLOW',
      /deeper/,
    ],
  }
  for (const [what, [room, code, says]] of Object.entries(cases)) {
    it(`${what} is found out`, async () => {
      await using host = new Mortise({ runtimes: [wasm()] })
      const hostile = contract('hostile', {
        take: { params: { text: string, numbers: list(u32) } },
        run: {},
        fine: { result: u32 },
      })
      const guest = wat(`(module (memory (export "memory") 1)
        (func $realloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) ${room})
        (func (export "take") (param i32 i32 i32 i32)) (func (export "run")) (func (export "fine") (result i32) (i32.const 5)))`)
      const plugin = await host.plug('hostile', guest, hostile)
      await failsAndGoesOn(code, says, plugin, () =>
        plugin.hooks.take({ text: 'x'.repeat(40), numbers: Uint32Array.of(1) }),
      )
    })
  }

  it('misaligned is found out', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const hostile = contract('hostile', { take: { params: { numbers: list(u32) } }, run: {}, fine: { result: u32 } })
    const guest = wat(`(module (memory (export "memory") 1)
      (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 6))
      (func (export "take") (param i32 i32)) (func (export "run")) (func (export "fine") (result i32) (i32.const 5)))`)
    const plugin = await host.plug('hostile', guest, hostile)
    await failsAndGoesOn('GUEST_POINTER', /room of 4 bytes|room at 6/, plugin, () =>
      plugin.hooks.take({ numbers: Uint32Array.of(1) }),
    )
  })

  it('is served where it tells the truth and its memory grows', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const growing = contract('growing', { echo: { params: { text: string, more: string }, result: string } })
    const guest = wat(`(module (memory (export "memory") 1) (global $end (mut i32) (i32.const 65536))
      (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
        (drop (memory.grow (i32.const 1))) (global.set $end (i32.add (global.get $end) (i32.const 65536)))
        (i32.sub (global.get $end) (i32.const 65536)))
      (func (export "echo") (param i32 i32 i32 i32) (result i32)
        (i32.store (i32.const 8) (local.get 2)) (i32.store (i32.const 12) (local.get 3)) (i32.const 8)))`)
    const { hooks } = await host.plug('growing', guest, growing)
    for (let round = 0; round < 20; round++) {
      const more = `${round} Żółć ${'x'.repeat(5000)}`
      assert.equal(hooks.echo({ text: 'short', more }), more)
    }
  })
})

describe('a call of a host function is refused, and the next call goes well, where a guest hands over', () => {
  const open = contract(
    'hostile',
    { run: {}, fine: { result: u32 } },
    { hostFunctions: { look: { params: { key: string }, result: string } } },
  )
  const cases: Readonly<Record<string, readonly [call: string, code: ErrorCode, says: RegExp]>> = {
    'a string outside its memory': ['(i32.const 65530) (i32.const 10) (i32.const 8)', 'GUEST_POINTER', /ends at 65540/],
    'a place for the result outside its memory': [
      '(i32.const 0) (i32.const 1) (i32.const 65532)',
      'GUEST_POINTER',
      /place for a result/,
    ],
    'a misaligned place for the result': [
      '(i32.const 0) (i32.const 1) (i32.const 9)',
      'GUEST_POINTER',
      /9, which is not/,
    ],
    'text that is no UTF-8': ['(i32.const 256) (i32.const 1) (i32.const 8)', 'GUEST_STRING', /UTF-8/],
  }
  for (const [what, [call, code, says]] of Object.entries(cases)) {
    it(what, async () => {
      await using host = new Mortise({ runtimes: [wasm()] })
      const plugin = await host.plug('hostile', calling(call), open.provide({ look: ({ key }) => key }))
      await failsAndGoesOn(code, says, plugin)
    })
  }

  it('nothing wrong, when the host function returns what it may not', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const provided = open.provide({
      // @ts-expect-error -- a number is no text
      look: () => 5,
    })
    const guest = calling('(i32.const 0) (i32.const 1) (i32.const 8)')
    const plugin = await host.plug('hostile', guest, provided)
    await failsAndGoesOn('HOST_FUNCTION_FAILED', /'result' is 5, and must be a string/, plugin)
  })

  function calling(call: string): Uint8Array {
    return wat(`(module (import "$root" "look" (func $look (param i32 i32 i32))) (memory (export "memory") 1)
      (data (i32.const 256) "\\ff")
      (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 16))
      (func (export "run") (call $look ${call})) (func (export "fine") (result i32) (i32.const 5)))`)
  }
})
