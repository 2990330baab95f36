import assert from 'node:assert/strict'
import { Mortise, MortiseError, type ErrorCode, type Plugin } from 'mortise'
import { extensions, type State } from 'mortise/extension'
import { wasm, type WasmOptions } from 'mortise/wasm'
import { ioError, mock, views } from './kinds.ts'

/** A behaviour of the reference engine, by the name of its test. */
export interface Behaviour {
  readonly name: string
  /** The module that it needs, in the folder of the reference's guests. */
  readonly file: string
  readonly run: (file: string) => Promise<void>
}

type Call = (hook: string, state?: State) => State
type Guest = Plugin<Readonly<Record<string, (state: State) => void>>>

async function withGuest(
  file: string,
  names: readonly string[],
  options: WasmOptions,
  run: (call: Call, plugin: Guest) => void,
): Promise<void> {
  await using host = new Mortise({ runtimes: [wasm({ deadline: '20 s', ...options })] })
  const contract = extensions(Object.fromEntries(names.map((name): [string, object] => [name, {}])))
  const plugin = await host.plug('reference', file, contract)
  const call: Call = (hook, state = mock.open(undefined)) => {
    const run1 = plugin.hooks[hook]
    assert.ok(run1 !== undefined)
    run1(state)
    return state
  }
  run(call, plugin)
}

const guest = (
  name: string,
  file: string,
  names: readonly string[],
  options: WasmOptions,
  run: (call: Call, plugin: Guest) => void,
): Behaviour => ({
  name,
  file,
  run: (path) => withGuest(path, names, options, run),
})

function fails(call: () => unknown): MortiseError {
  try {
    call()
  } catch (error) {
    if (error instanceof MortiseError) return error
    throw error
  }
  return assert.fail('it did not fail')
}

/** The rows of Test_HandlePanics: what the error has to say, and its code here. */
const panics: readonly (readonly [hook: string, words: string, code: ErrorCode])[] = [
  ['incorrectStorageQname', 'convert error: string «foo»', 'EXTENSION_NAME'],
  ['incorrectEntityQname', 'convert error: string «abc»', 'EXTENSION_NAME'],
  ['unsupportedStorage', 'unsupported storage', 'HOST_FUNCTION_FAILED'],
  ['incorrectKeyBuilder', 'incorrect key builder', 'EXTENSION_HANDLE'],
  ['canExistIncorrectKey', 'incorrect key builder', 'EXTENSION_HANDLE'],
  ['mustExistIncorrectKey', 'incorrect key builder', 'EXTENSION_HANDLE'],
  ['readIncorrectKeyBuilder', 'incorrect key builder', 'EXTENSION_HANDLE'],
  ['incorrectKey', 'incorrect key', 'EXTENSION_HANDLE'],
  ['incorrectValue', 'incorrect value', 'EXTENSION_HANDLE'],
  ['incorrectValue2', 'incorrect value', 'EXTENSION_HANDLE'],
  ['incorrectValue3', 'incorrect value', 'EXTENSION_HANDLE'],
  ['mustExist', 'not exists', 'EXTENSION_ABSENT'],
  ['incorrectKeyBuilderOnNewValue', 'incorrect key builder', 'EXTENSION_HANDLE'],
  ['incorrectKeyBuilderOnUpdateValue', 'incorrect key builder', 'EXTENSION_HANDLE'],
  ['incorrectValueOnUpdateValue', 'incorrect value', 'EXTENSION_HANDLE'],
  ['incorrectIntentId', 'incorrect intent', 'EXTENSION_HANDLE'],
  ['readPanic', 'incorrect value', 'EXTENSION_HANDLE'],
  ['readError', 'test i/o error', 'HOST_FUNCTION_FAILED'],
  ['getError', 'test i/o error', 'HOST_FUNCTION_FAILED'],
  ['queryError', 'test i/o error', 'HOST_FUNCTION_FAILED'],
  ['newValueError', 'test i/o error', 'HOST_FUNCTION_FAILED'],
  ['updateValueError', 'test i/o error', 'HOST_FUNCTION_FAILED'],
  ['asStringMemoryOverflow', 'memory', 'TRAP_OUT_OF_MEMORY'],
]

const hasAll =
  (hooks: readonly string[]) =>
  (call: Call): void => {
    for (const hook of hooks) call(hook)
  }

/** What the reference's own programs do on this engine. */
export const behaviours: readonly Behaviour[] = [
  guest('Test_BasicUsage', 'basicusage/pkg.wasm', ['NewOrder', 'CalcOrderedItems'], {}, (call, plugin) => {
    const { kind, rows } = views()
    const bundle = kind.bundle(5)
    call('NewOrder', kind.open(undefined))
    for (let run = 0; run < 2; run++) call('CalcOrderedItems', kind.open(undefined, bundle)).apply()
    assert.equal(bundle.ready, false)
    bundle.flush()
    assert.deepEqual(rows('mypkg.OrderedItems'), [{ Year: 2023, Month: 1, Day: 1, Amount: 400n }])
    const { calls, errors, restores } = plugin.stats()
    assert.deepEqual([calls, errors, restores], [3, 0, 0])
  }),
  guest('Test_WithState', 'basicusage/pkg.wasm', ['incrementProjector'], {}, (call) => {
    const { kind, rows } = views()
    const bundle = kind.bundle(5)
    for (let run = 0; run < 2; run++) call('incrementProjector', kind.open(undefined, bundle)).apply()
    bundle.flush()
    assert.deepEqual(rows('own.TestView'), [{ pk: 1, cc: 1, vv: 2 }])
  }),
  guest(
    'Test_SetLimitsExecutionInterval',
    'allocs/pkg.wasm',
    ['longFunc', 'arrReset'],
    { deadline: '50 ms' },
    (call) => {
      const { code } = fails(() => call('longFunc'))
      assert.equal(code, 'DEADLINE')
      call('arrReset')
    },
  ),
  guest(
    'Test_HandlePanics',
    'panics/pkg.wasm',
    panics.map(([hook]) => hook),
    { memory: '2 MiB' },
    (call) => {
      for (const [hook, words, code] of panics) {
        const error = fails(() => call(hook))
        assert.equal(error.code, code, hook)
        assert.ok(error.message.includes(words), `${hook}: ${error.message}`)
        if (words.includes('i/o')) assert.equal(error.cause, ioError)
      }
    },
  ),
  guest(
    'Test_ResetStdout, Test_Panics',
    'panics/pkg.wasm',
    ['TestPanic', 'TestSignExtensionsFuncs'],
    {},
    (call, plugin) => {
      const [first, second] = [fails(() => call('TestPanic')), fails(() => call('TestPanic'))]
      assert.equal(first.details.guest?.message, 'goodbye, world')
      assert.equal(first.message, second.message)
      call('TestSignExtensionsFuncs')
      const { calls, errors } = plugin.stats()
      assert.deepEqual([calls, errors], [3, 2])
    },
  ),
  guest('Test_StatePanic', 'panics/pkg.wasm', ['wrongFieldName', 'undefinedPackage'], {}, (call) => {
    const wrong = fails(() => call('wrongFieldName'))
    assert.deepEqual([wrong.code, wrong.details.field], ['EXTENSION_FIELD', 'wrong'])
    assert.match(wrong.details.key ?? '', /TestView/)
    assert.match(fails(() => call('undefinedPackage')).message, /undefined package: github\.com\/company\/pkg/)
  }),
  guest(
    'Test_QueryValue, Test_Read, Test_AsBytes, Test_KeyPutQName',
    'tests/wasm/pkg.wasm',
    ['testQueryValue', 'testRead', 'asBytes', 'keyPutQName'],
    {},
    hasAll(['testQueryValue', 'testRead', 'asBytes', 'keyPutQName']),
  ),
  guest('Test_AsBytesOverflow', 'tests/wasm/pkg.wasm', ['asBytes', 'testRead'], { memory: '2 MiB' }, (call) => {
    assert.equal(fails(() => call('asBytes')).code, 'TRAP_OUT_OF_MEMORY')
    call('testRead')
  }),
  guest('Test_NoAllocs', 'tests/wasm/pkg.wasm', ['testNoAllocs'], {}, (call) => {
    const { intents } = call('testNoAllocs')
    const [mail, update] = intents
    assert.equal(intents.length, 2)
    assert.deepEqual(mail?.fields.get('qname'), { pkg: 'testpkg1', entity: 'test' })
    assert.deepEqual([mail.fields.get('from'), mail.fields.get('port')], ['test@gmail.com', 668])
    assert.deepEqual([update?.operation, update?.fields.get('offs')], ['update', 12_346])
  }),
  ...['pkg', 'pkggc'].map((variant) =>
    guest(
      `Test_RecoverEngine, Test_NoGc_MemoryOverflow (${variant})`,
      `allocs/${variant}.wasm`,
      ['arrAppend', 'arrAppend2', 'arrReset'],
      { memory: '2 MiB' },
      (call, plugin) => {
        for (let cycle = 0; cycle < 60; cycle++) call('arrAppend2')
        for (let pair = 0; pair < 40_000; pair++) {
          call('arrAppend')
          call('arrReset')
        }
        assert.ok(plugin.stats().restores > 0)
        assert.equal(plugin.stats().errors, 0)
      },
    ),
  ),
  ...['benchmarks/pkg.wasm', 'benchmarks/pkggc.wasm'].map((file) => {
    const hooks = ['doNothing', 'oneKey1call', 'oneGetNoIntents2calls', 'oneGetLongStr3calls', 'oneGetOneIntent5calls']
    return guest(`Benchmark_Extensions (${file})`, file, hooks, {}, (call) => {
      for (let round = 0; round < 1000; round++) for (const hook of hooks) call(hook)
    })
  }),
  guest(
    'a shadow stack that leaks nothing, over 100,000 failures',
    'panics/pkg.wasm',
    ['TestPanic', 'TestSignExtensionsFuncs'],
    {},
    (call) => {
      for (let round = 0; round < 100_000; round++) {
        const { details } = fails(() => call('TestPanic'))
        assert.equal(details.guest?.message, 'goodbye, world')
      }
      call('TestSignExtensionsFuncs')
    },
  ),
]
