import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  bool,
  contract,
  describe as describeContract,
  enumeration,
  f64,
  flags,
  list,
  option,
  record,
  result,
  string,
  tuple,
  type Type,
  type Typed,
  u32,
  u64,
  u8,
  type ValueOf,
  variant,
} from 'mortise/contract'
import { compileCodec } from '../../../src/contracts/typed/abi/compile.ts'
import { failure } from '../../support/wat.ts'

const UserId = record('user-id', { idp: string, opaqueId: string, type: u32 })
const User = record('user', { id: UserId, mail: option(string), groups: list(string), photo: list(u8) })

const users = contract('users', {
  getUser: { params: { id: UserId }, result: option(User) },
  findUsers: { params: { query: string }, result: list(User) },
  clear: {},
})

/** Accepts a value only where its type is exactly the other one. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false
const same = <A, B>(is: Same<A, B>): void => assert(is)

describe('the types of a definition', () => {
  it('are those of its values', () => {
    same<ValueOf<typeof UserId>, { readonly idp: string; readonly opaqueId: string; readonly type: number }>(true)
    const list8 = list(u8)
    same<ValueOf<typeof list8>, Uint8Array>(true)
    const list64 = list(u64)
    same<ValueOf<typeof list64>, BigUint64Array>(true)
    const maybe = option(f64)
    same<ValueOf<typeof maybe>, number | undefined>(true)
    const nested = option(option(f64))
    same<ValueOf<typeof nested>, { readonly tag: 'some'; readonly val: number | undefined } | { readonly tag: 'none' }>(
      true,
    )
    const both = result(string, null)
    same<ValueOf<typeof both>, { readonly tag: 'ok'; readonly val: string } | { readonly tag: 'err' }>(true)
    const pair = tuple(string, bool)
    same<ValueOf<typeof pair>, readonly [string, boolean]>(true)
    const shape = variant('shape', { circle: f64, nothing: null })
    same<ValueOf<typeof shape>, { readonly tag: 'circle'; readonly val: number } | { readonly tag: 'nothing' }>(true)
    const color = enumeration('color', ['red', 'dark-blue'])
    same<ValueOf<typeof color>, 'red' | 'dark-blue'>(true)
    const rights = flags('rights', ['read', 'write'])
    same<ValueOf<typeof rights>, { readonly read: boolean; readonly write: boolean }>(true)
  })

  it('let a field that is an option be left out', () => {
    const value: ValueOf<typeof User> = {
      id: { idp: '', opaqueId: '', type: 0 },
      groups: [],
      photo: new Uint8Array(),
    }
    assert.equal(value.mail, undefined)
  })

  it('are found again in the description, in kebab-case, with every type that has a name once', () => {
    assert.deepEqual(JSON.parse(describeContract(users.definition)), {
      contract: 'users',
      types: {
        'user-id': { record: { idp: 'string', 'opaque-id': 'string', type: 'u32' } },
        user: { record: { id: 'user-id', mail: 'option<string>', groups: 'list<string>', photo: 'list<u8>' } },
      },
      hooks: {
        'get-user': { params: { id: 'user-id' }, result: 'option<user>' },
        'find-users': { params: { query: 'string' }, result: 'list<user>' },
        clear: { params: {}, result: null },
      },
      'host-functions': {},
      values: {},
    })
  })
})

let count = 0
/** A name of its own for each type. */
const name = (): string => `n${Array.from(String(count++), (digit) => 'abcdefghij'[Number(digit)]).join('')}`

/** A type in a type, again and again. */
function deep(times: number, inside: (type: Typed<unknown>) => Typed<unknown>): Typed<unknown> {
  return times === 0 ? u8 : inside(deep(times - 1, inside))
}

describe('a definition of types that mention others many times', () => {
  it('is compiled, each of them once', () => {
    const types = [
      deep(30, (type) => record(name(), { a: list(type), b: list(type) })),
      deep(30, (type) => variant(name(), { a: type, b: type })),
      deep(14, (type) => record(name(), { a: result(type, option(type)) })),
    ]
    for (const type of types) {
      const { bindings } = contract('deep', { run: { params: { value: type }, result: type } })
      assert.deepEqual(bindings.wasm.check({ imports: [], exports: [] }).length, 3)
      compileCodec(contract('deep', { run: { params: { value: type }, result: type } }).definition, 'utf8', 'flat')
    }
  })
})

describe('a definition is refused', () => {
  const fields = { a: string }
  const selfish: Record<string, Typed<unknown>> = {}
  const recursive: Type = { kind: 'record', name: 'node', fields: selfish }
  selfish['next'] = { kind: 'option', some: recursive }
  const hook =
    (type: Typed<unknown>): (() => unknown) =>
    () =>
      contract('c', { run: { params: { it: type } } })
  const cases: Readonly<Record<string, readonly [run: () => unknown, says: RegExp]>> = {
    'whose name is in no case': [() => contract('My Contract', { run: {} }), /'My Contract'.*kebab-case/],
    'without a hook': [() => contract('c', {}), /no hooks/],
    'with a hook that is not in camelCase': [() => contract('c', { 'get-user': {} }), /'get-user'.*camelCase/],
    'with a hook that is a reserved word': [() => contract('c', { delete: {} }), /'delete'.*reserved word/],
    'with two hooks of one name in WIT': [() => contract('c', { aB: {}, 'a-b': {} }), /'a-b'/],
    'with a hook and a value of one name': [
      () => contract('c', { run: {} }, { values: { run: string } }),
      /'run' is the name of two hooks or values/,
    ],
    'with a host function named as a type': [
      () => contract('c', { run: { params: { it: record('look-up', fields) } } }, { hostFunctions: { lookUp: {} } }),
      /'look-up'.*host function and of a type/,
    ],
    'with a parameter of an odd name': [() => contract('c', { run: { params: { $it: string } } }), /'\$it'.*camelCase/],
    'with a field of an odd name': [hook(record('r', { ['__proto__']: string })), /'__proto__' of record 'r'/],
    'with a record of an odd name': [hook(record('R r', fields)), /record 'R r'.*kebab-case/],
    'with an empty record': [hook(record('r', {})), /record 'r' has no fields/],
    'with an empty tuple': [hook(tuple()), /tuple of parameter of hook 'run' 'it' is empty/],
    'with an empty enumeration': [hook(enumeration('e', [])), /enum 'e' has no cases/],
    'with a case twice': [
      hook(enumeration('e', ['notFound', 'not-found'])),
      /'not-found' is the name of more than one/,
    ],
    'with 33 flags': [
      hook(
        flags(
          'f',
          Array.from({ length: 33 }, (_, n) => `f${n}`),
        ),
      ),
      /33 flags, and may have 32/,
    ],
    'with a type that holds itself': [hook(recursive), /field 'next' of 'node' holds itself/],
    'with two types of one name': [
      () => contract('c', { run: { params: { a: record('r', fields), b: record('r', { a: u32 }) } } }),
      /'r' is the name of two different types/,
    ],
    'with a type that is too large': [
      hook(deep(40, (type) => record(name(), { a: type, b: type }))),
      /takes 131072 bytes even where its lists are empty, and may take 65536/,
    ],
    'with a type that nobody could write down': [
      hook(deep(30, (type) => tuple(list(type), list(type)))),
      /is too large to be written down/,
    ],
    'with types that lie too deep': [hook(deep(80, (type) => list(type))), /more than 64 types deep/],
    'with something that is no type': [
      // @ts-expect-error -- a text is no type
      () => contract('c', { run: { params: { it: 'string' } } }),
      /parameter of hook 'run' 'it' has no type/,
    ],
  }
  for (const [what, [run, says]] of Object.entries(cases)) {
    it(what, () => {
      assert.match(failure('CONTRACT_INVALID', run).message, says)
    })
  }

  for (const name of ['memory', 'then']) {
    it(`with a hook or a value that a module cannot export under its name: '${name}'`, () => {
      failure('CONTRACT_INVALID', () => contract('c', Object.fromEntries([[name, {}]])))
      failure('CONTRACT_INVALID', () => contract('c', {}, { values: Object.fromEntries([[name, string]]) }))
    })
  }

  it('with an option that does not exist', () => {
    // @ts-expect-error -- there is none
    failure('OPTION_UNKNOWN', () => contract('c', { run: {} }, { impure: true }))
    // @ts-expect-error -- there is none
    failure('OPTION_UNKNOWN', () => contract('c', { run: { parameters: {} } }))
  })
})
