import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { Mortise } from 'mortise'
import { build } from 'mortise/build'
import {
  contract,
  enumeration,
  flags,
  type FunctionType,
  list,
  option,
  record,
  string,
  tuple,
  type Typed,
  u32,
  variant,
} from 'mortise/contract'
import { wasm } from 'mortise/wasm'
import { headOf } from '../../../../src/contracts/typed/assemblyscript/calls.ts'
import { bindings } from '../../../../src/contracts/typed/bindings/bindings.ts'
import { inFolder } from '../../../support/guest.ts'
import { anyType, anyValue } from '../arbitrary.ts'

/** Names that mean something to some language, or that what is generated calls something. */
const awkward =
  `string bool u8 list record option result tuple char type load store changetype reinterpret memory of override readonly
  value tag held at length value1 some none ok err isOk error p v f0 usize array int double struct union float template main
  abort object map set date math fn self func world static2 host context hooks begin room text numbers drop`.split(
    /\s+/,
  )
const cases = [...awkward, 'delete', 'new', 'class', 'case', 'default', 'constructor', 'async', 'not-found', 'x1']

/** Types that are called so, and whose fields, flags and cases are. */
const Everything: Typed<unknown> = tuple(
  record('array', Object.fromEntries(awkward.map((name) => [name, string]))),
  variant('result', Object.fromEntries(cases.map((name) => [name, string]))),
  variant('list', Object.fromEntries(cases.map((name) => [name, null]))),
  enumeration('some', cases),
  flags('string', awkward.slice(0, 32)),
  variant('shape', { circle: option(u32) }),
  record('shape-case', { tuple2: list(tuple(u32, string)) }),
  option(list(record('map', { x: option(option(string)) }))),
)

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)

/** A guest in AssemblyScript that gives back what it is given, by a hook and by way of the host. */
async function echo(type: Typed<unknown>, check: (call: (value: unknown) => unknown) => void): Promise<void> {
  const echoes: FunctionType = { params: { value: type }, result: type }
  const open = contract(
    'echo',
    { echo: { params: { value: type }, result: type }, load: { params: { value: type }, result: type } },
    { hostFunctions: { store: { params: { value: type }, result: type } } },
  )
  const [made] = bindings(open.definition, 'assemblyscript')
  assert(made !== undefined)
  const own = Array.from(made.text.matchAll(/^export (?:class|enum) (\w+)/gm), ([, name = '']) => name)
  const words = /^export \{ (.*) \}$/m.exec(made.text)?.[1] ?? []
  const guest = `import { ${[...own, words, 'store_'].flat().join(', ')} } from './echo-bindings'
export function echo${headOf(echoes)} { return value }
export function load${headOf(echoes)} { return store_(value) }
`
  const { wasm: module, warnings } = await inFolder({ 'guest.ts': guest }, (folder) =>
    build(`${folder}/guest.ts`, { contract: open, optimize: 'none' }),
  )
  assert.deepEqual(warnings, [])
  await using host = new Mortise({ runtimes: [wasm({ memory: '64 MiB', deadline: '10 s' })] })
  const { hooks } = await host.plug(
    'echo',
    module,
    open.provide({ store: ({ value }: { readonly value?: unknown }) => value }),
  )
  check((value) => {
    assert.deepEqual(hooks.load({ value }), value)
    return hooks.echo({ value })
  })
}

it(`takes names that mean something to a language, with seed ${seed}`, async () => {
  await echo(Everything, (call) => {
    for (const value of fc.sample(anyValue(Everything), { seed, numRuns: 50 })) assert.deepEqual(call(value), value)
  })
})

it(`compiles guests of any type, which give back its values, with seed ${seed}`, async () => {
  for (const [index, type] of fc.sample(anyType(), { seed, numRuns: 15 }).entries()) {
    await echo(type, (call) => {
      for (const value of fc.sample(anyValue(type), { seed: seed + index, numRuns: 20 }))
        assert.deepEqual(call(value), value)
    })
  }
})
