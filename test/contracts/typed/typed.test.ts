import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Mortise } from 'mortise'
import {
  char,
  contract,
  describe as describeContract,
  descriptionSection,
  enumeration,
  f64,
  flags,
  list,
  option,
  record,
  result,
  s64,
  string,
  tuple,
  type Typed,
  u16,
  u32,
  u8,
  variant,
} from 'mortise/contract'
import { esm } from 'mortise/esm'
import { childProcess } from 'mortise/process'
import { wasm } from 'mortise/wasm'
import { failure, rejection, wat } from '../../support/wat.ts'
import { echoGuest } from './echo.ts'

const UserId = record('user-id', { idp: string, opaqueId: string, type: u32 })
const module = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('what a caller passes is refused before the guest is entered', () => {
  const cases: Readonly<Record<string, readonly [Typed<unknown>, unknown, string]>> = {
    'a number that is too large': [u8, 300, "'value' is 300, and must be a whole number from 0 to 255"],
    'a number that is not whole': [u16, 1.5, "'value' is 1.5, and must be a whole number from 0 to 65535"],
    'a bigint for a number': [u32, 5n, "'value' is 5n, and must be a whole number from 0 to 4294967295"],
    'a number for a bigint': [
      s64,
      5,
      "'value' is 5, and must be a bigint from -9223372036854775808 to 9223372036854775807",
    ],
    'a text for a number': [f64, '1', '\'value\' is "1", and must be a number'],
    'half a character': [string, 'a\ud800', 'must be a string without lone surrogates'],
    'two characters for one': [char, 'ab', '\'value\' is "ab", and must be a string of one character'],
    'a field that is missing': [UserId, { idp: '', type: 1 }, "'value.opaqueId' is undefined, and must be a string"],
    'a field of another type': [
      UserId,
      { idp: '', opaqueId: '', type: '1' },
      '\'value.type\' is "1", and must be a whole',
    ],
    'null for an object': [UserId, null, "'value' is null, and must be an object, 'user-id'"],
    'an array for a typed array': [list(u8), [1], "'value' is an array of 1, and must be a Uint8Array"],
    'another typed array': [list(u32), new Int32Array(1), "'value' is an Int32Array, and must be a Uint32Array"],
    'an element of another type': [list(option(string)), ['', 7], "'value[1]' is 7, and must be a string"],
    'a tuple of another length': [tuple(u8, u8), [1], "'value' is an array of 1, and must be an array of 2"],
    'an unknown tag': [
      variant('shape', { dot: null, size: u8 }),
      { tag: 'line' },
      "'value.tag' is \"line\", and must be one of 'dot', 'size'",
    ],
    'a tag of the prototype': [variant('shape', { dot: null }), { tag: 'constructor' }, "must be one of 'dot'"],
    'a value of a case of another type': [
      result(u8, string),
      { tag: 'err', val: 1 },
      "'value.val' is 1, and must be a string",
    ],
    'an unknown case': [enumeration('color', ['red']), 'blue', "'value' is \"blue\", and must be one of 'red'"],
    'a flag that is no boolean': [flags('may', ['read']), { read: 1 }, "'value.read' is 1, and must be true or false"],
  }
  for (const [what, [type, value, says]] of Object.entries(cases)) {
    it(what, async () => {
      await using host = new Mortise({ runtimes: [wasm()] })
      const echo = contract(
        'echo',
        { through: { params: { value: type }, result: type } },
        { hostFunctions: { echo: { params: { value: type }, result: type } } },
      )
      const plugin = await host.plug('echo', echoGuest(type), echo.provide({ echo: (params) => params.value }))
      const error = failure('INPUT_INVALID', () => plugin.hooks.through({ value }))
      assert(error.message.includes(says), error.message)
      assert.match(error.message, /^Cannot call 'through' of the contract 'echo': 'value/)
      assert.equal(error.details.hook, 'through')
      assert.deepEqual([plugin.stats().calls, plugin.stats().restores], [0, 0])
    })
  }

  it('in a process too, by a rejection', async () => {
    await using host = new Mortise({ runtimes: [childProcess()] })
    const one = contract('one', { run: { params: { value: u8 } } })
    const { hooks } = await host.plug('one', module('export const run = () => {}'), one)
    await rejection('INPUT_INVALID', hooks.run({ value: 300 }))
  })
})

describe('the values of a contract', () => {
  const versioned = contract(
    'versioned',
    {},
    { values: { version: string, limits: record('limits', { most: u32, few: list(string) }) } },
  )
  const source = module("export const version = '1.2'; export const limits = () => ({ most: 3, few: ['a'] })")

  it('are read when a guest is loaded, typed and frozen', async () => {
    await using host = new Mortise({ runtimes: [esm()] })
    const plugin = await host.plug('guest', source, versioned)
    const most: number = plugin.values.limits.most
    assert.deepEqual({ ...plugin.values, most }, { version: '1.2', limits: { most: 3, few: ['a'] }, most: 3 })
    assert(
      Object.isFrozen(plugin.values) &&
        Object.isFrozen(plugin.values.limits) &&
        Object.isFrozen(plugin.values.limits.few),
    )
  })

  it('are those of the live version after a swap', async () => {
    await using host = new Mortise({ runtimes: [esm()] })
    const plugin = await host.plug('guest', source, versioned)
    await plugin.swap(module("export const version = '1.3'; export const limits = { most: 4, few: [] }"))
    assert.deepEqual(plugin.values, { version: '1.3', limits: { most: 4, few: [] } })
    await rejection(
      'GUEST_RESULT',
      plugin.swap(module('export const version = 2; export const limits = { most: 4, few: [] }')),
    )
    await rejection('MODULE_REFUSED', plugin.swap(module("export const version = '2'")))
    assert.equal(plugin.values.version, '1.3')
  })

  it('are read by a call in a module', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const guest = wat(`(module (memory (export "memory") 1) (data (i32.const 8) "\\10\\00\\00\\00\\03\\00\\00\\001.4")
      (func (export "version") (result i32) (i32.const 8)))`)
    const plugin = await host.plug('guest', guest, contract('versioned', {}, { values: { version: string } }))
    assert.deepEqual(plugin.values, { version: '1.4' })
  })

  it('are read by a call in a process', async () => {
    await using host = new Mortise({ runtimes: [childProcess()] })
    const plugin = await host.plug(
      'guest',
      module("export const version = () => '1.5'"),
      contract('versioned', {}, { values: { version: string } }),
    )
    assert.deepEqual(plugin.values, { version: '1.5' })
  })
})

describe('a guest that was built for another contract is refused by name', () => {
  const User = record('user', { id: UserId, mail: string })
  const users = contract('users', { getUser: { params: { id: UserId }, result: option(User) } })

  it('where it says what it was built for', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const OldUser = record('user', { id: UserId, nick: string })
    const old = contract('users', { getUser: { params: { id: string }, result: option(OldUser) }, close: {} })
    const text = describeContract(old.definition).replaceAll('"', '\\"')
    const guest = wat(`(module (@custom "${descriptionSection}" "${text}"))`)
    const { details } = await rejection('MODULE_REFUSED', host.plug('users', guest, users))
    assert.deepEqual(details.problems, [
      "record 'user': field 'mail' is string here and missing in the guest",
      "record 'user': field 'nick' is missing here and string in the guest",
      "hook 'get-user': parameter 'id' is user-id here and string in the guest",
      "hook 'close' is missing here and there in the guest",
    ])
  })

  for (const text of [
    'no JSON',
    '[]',
    '7',
    '{"types":7}',
    '{"contract":"users"}',
    '{"types":{"user":{"record":[]}}}',
  ]) {
    it(`where it says ${text}`, async () => {
      await using host = new Mortise({ runtimes: [wasm()] })
      const guest = wat(`(module (@custom "${descriptionSection}" "${text.replaceAll('"', '\\"')}"))`)
      await rejection('MODULE_REFUSED', host.plug('users', guest, users))
    })
  }

  it('where its fields come in another order', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const turned = contract('users', {
      getUser: { params: { id: UserId }, result: option(record('user', { mail: string, id: UserId })) },
    })
    const guest = wat(
      `(module (@custom "${descriptionSection}" "${describeContract(turned.definition).replaceAll('"', '\\"')}"))`,
    )
    const { message } = await rejection('MODULE_REFUSED', host.plug('users', guest, users))
    assert.match(message, /the same names in another order/)
  })

  it('where it says nothing, by the types of its functions', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const guest = wat(
      `(module (import "$root" "lookup" (func)) (memory (export "memory") 1) (func (export "get-user") (param i32)))`,
    )
    const { details } = await rejection('MODULE_REFUSED', host.plug('users', guest, users))
    assert.deepEqual(details.problems, [
      "import 'lookup' of module '$root' (func () -> ()) is not there: the host has no such function",
      "export 'cabi_realloc' is missing: it must be func (i32, i32, i32, i32) -> (i32)",
      "export 'get-user' is func (i32) -> (), and must be func (i32, i32, i32, i32, i32) -> (i32), as the contract says func(id: user-id) -> option<user>",
    ])
  })

  it('where an ES module lacks a hook, or gives its result later', async () => {
    await using host = new Mortise({ runtimes: [esm()] })
    const missing = await rejection('MODULE_REFUSED', host.plug('users', module('export const getUser = 1'), users))
    assert.deepEqual(missing.details.problems, ["export 'getUser' is number, and must be a function"])
    const late = await rejection(
      'MODULE_REFUSED',
      host.plug('users', module('export async function getUser() {}'), users),
    )
    assert.match(late.message, /'getUser' is asynchronous/)
  })
})

describe('a contract with host functions', () => {
  const open = contract(
    'open',
    { run: { result: string } },
    { hostFunctions: { look: { params: { key: string }, result: option(string) } } },
  )

  it('can be plugged in only once they are provided', async () => {
    await using host = new Mortise({ runtimes: [esm()] })
    const source = module("export const run = ({ host }) => host.look({ key: 'a' })")
    const provided = open.provide({ look: ({ key }) => `${key}!` })
    assert.equal((await host.plug('guest', source, provided)).hooks.run(), 'a!')
    // @ts-expect-error -- it has no bindings yet
    await assert.rejects(host.plug('another', source, open))
  })

  it('takes just these', () => {
    // @ts-expect-error -- it is missing
    failure('OPTION_INVALID', () => open.provide({}))
    // @ts-expect-error -- there is none
    failure('OPTION_UNKNOWN', () => open.provide({ look: () => undefined, seek: () => undefined }))
  })
})

describe('a process that answers with what does not fit', () => {
  const cases: Readonly<Record<string, readonly [Typed<unknown>, string, RegExp]>> = {
    'a text for a number': [u32, '"7"', /'result' is "7", and must be a whole number/],
    'no Base64': [list(u8), '"%%"', /must be a Uint8Array/],
    'a number that is too large': [list(u8), '[300]', /must be a Uint8Array/],
    'a bigint as a number': [s64, '5', /must be a bigint/],
    'a tag that does not exist': [result(u8, u8), '{"tag":"no"}', /'result.tag' is "no"/],
    nothing: [string, 'null', /'result' is null, and must be a string/],
  }
  for (const [what, [type, answer, says]] of Object.entries(cases)) {
    it(`fails by name with ${what}, and goes on`, async () => {
      await using host = new Mortise({ runtimes: [childProcess()] })
      const plugin = await host.plug(
        'guest',
        module(`export const run = () => (${answer}); export const fine = () => 5`),
        contract('c', { run: { result: type }, fine: { result: u8 } }),
      )
      assert.match((await rejection('GUEST_RESULT', plugin.hooks.run())).message, says)
      assert.equal(await plugin.hooks.fine(), 5)
    })
  }
})

describe('what the host writes into a guest', () => {
  const open = contract(
    'notes',
    { put: { params: { text: string, numbers: list(u16) } }, ask: {}, peek: { params: { at: u32 }, result: u32 } },
    { hostFunctions: { tell: { result: string } } },
  )
  const guest = wat(`(module (import "$root" "tell" (func $tell (param i32))) (memory (export "memory") 2)
    (global $heap (mut i32) (i32.const 8192))
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
      (global.set $heap (i32.add (local.get $at) (local.get 3))) (local.get $at))
    (func (export "put") (param i32 i32 i32 i32))
    (func (export "ask") (call $tell (i32.const 1024)))
    (func (export "peek") (param i32) (result i32) (i32.load (local.get 0))))`)
  const places = [1024, 8192, 8192 + 40_000, 8192 + 40_008]

  it('is gone after a restore of every call, wherever it was written', async () => {
    await using host = new Mortise({ runtimes: [wasm({ restore: 'every-lease' })] })
    const { hooks } = await host.plug('notes', guest, open.provide({ tell: () => 'x'.repeat(50_000) }))
    for (let round = 0; round < 3; round++) {
      hooks.put({ text: 'x'.repeat(40_000), numbers: Uint16Array.of(1, 2, 3) })
      assert.deepEqual(
        places.map((at) => hooks.peek({ at })),
        [0, 0, 0, 0],
      )
      hooks.ask()
      assert.deepEqual(
        places.map((at) => hooks.peek({ at })),
        [0, 0, 0, 0],
      )
    }
  })

  it('stays otherwise', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const { hooks } = await host.plug('notes', guest, open.provide({ tell: () => 'tell' }))
    hooks.put({ text: 'x'.repeat(40_000), numbers: Uint16Array.of(1, 2, 3) })
    hooks.ask()
    assert.deepEqual(
      places.map((at) => hooks.peek({ at })),
      [48_200, 0x7878_7878, 0x0002_0001, 0x6c6c_6574],
    )
  })

  it('is refused where it is more than the memory may have', async () => {
    await using host = new Mortise({ runtimes: [wasm({ memory: '128 KiB' })] })
    const { hooks } = await host.plug('notes', guest, open.provide({ tell: () => '' }))
    const { message } = failure('INPUT_TOO_LARGE', () =>
      hooks.put({ text: 'x'.repeat(131_073), numbers: Uint16Array.of() }),
    )
    assert.match(message, /131073 bytes does not fit into its memory, which may have 131072/)
    assert.equal(hooks.peek({ at: 0 }), 0)
  })
})
