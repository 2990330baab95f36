import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { readFile } from 'node:fs/promises'
import { type ErrorCode, Mortise, type Plugin } from 'mortise'
import { build } from 'mortise/build'
import { extensions, memoryStorage, type State, StateKind, type Storage } from 'mortise/extension'
import { wasm } from 'mortise/wasm'
import { described } from '../../bench/extension/cases.ts'
import { written } from '../../bench/restore/cases.ts'
import { inFolder } from '../support/guest.ts'
import { failure } from '../support/wat.ts'

/*
 * The document "iextenginewasm" of voedger's extension engine, sentence by sentence: its basic usage, its principles, its error, the code
 * of its benchmarks. What it measures is measured by `npm run bench -- extension` and `-- restore`.
 */

/** "Extensions Code", in TypeScript's syntax; and how an extension fails, beside a count of the calls since the last restore. */
const source = `
import { Storage, assert, keyBuilder, mustGet, newValue } from 'tenon/extension'

export function oneGetOneIntent5calls(): void {
  mustGet(keyBuilder(Storage.Event))
  const mail = newValue(keyBuilder(Storage.SendMail))
  mail.putString('from', 'test@gmail.com')
}

export function oneGetNoIntents2calls(): void {
  mustGet(keyBuilder(Storage.Event))
}

export function oneGetLongStr3calls(): void {
  const value = mustGet(keyBuilder('sys.Test'))
  value.asText('500c')
}

export function doNothing(): void {}

export function oneKey1call(): void {
  keyBuilder('sys.Test2')
}

let calls: i32 = 0
let list: StaticArray<i32>[] = []

export function count(): void {
  newValue(keyBuilder(Storage.SendMail)).putInt32('calls', ++calls)
}

export function panics(): void {
  calls++
  assert(false, 'goodbye, world')
}

export function traps(): void {
  calls++
  unreachable()
}

export function reads(): void {
  calls++
  mustGet(keyBuilder('sys.Test')).asInt32('500c')
}

export function asks(): void {
  calls++
  mustGet(keyBuilder('sys.IoErrorStorage'))
}

export function hangs(): void {
  calls++
  while (true) {}
}

export function intends(): void {
  calls++
  while (true) newValue(keyBuilder(Storage.SendMail))
}

// @ts-ignore: a decorator of AssemblyScript
@inline(never)
export function arrAppend(): void {
  calls++
  while (true) list.push(new StaticArray<i32>(1024))
}

export function allocates(): void {
  list = [new StaticArray<i32>(16384)]
}
`
const benchmarks = [
  'oneGetOneIntent5calls',
  'oneGetNoIntents2calls',
  'oneGetLongStr3calls',
  'doNothing',
  'oneKey1call',
] as const
const failing: Readonly<Record<string, ErrorCode>> = {
  panics: 'GUEST_ABORT',
  traps: 'TRAP_UNREACHABLE',
  reads: 'EXTENSION_FIELD',
  asks: 'HOST_FUNCTION_FAILED',
  hangs: 'DEADLINE',
  intends: 'INTENTS_LIMIT',
  arrAppend: 'TRAP_OUT_OF_MEMORY',
}
const names = [...benchmarks, ...Object.keys(failing), 'count', 'allocates']

const ioError = new Error('test i/o error')
const kind = new StateKind({
  name: 'Test',
  storages: {
    'sys.Event': { get: () => ({ qname: 'sys.InvitationAccepted', offs: 12_345 }) },
    'sys.Test': { get: () => ({ '500c': 'x'.repeat(500) }) },
    'sys.Test2': { get: () => ({}) },
    'sys.SendMail': { insert: () => undefined },
    'sys.IoErrorStorage': {
      get: () => {
        throw ioError
      },
    },
  },
})

describe('iextenginewasm', () => {
  let host: Mortise<'wasm'>
  let plugin: Plugin<Readonly<Record<string, (state: State) => void>>>
  let module: Uint8Array
  before(async () => {
    module = (await inFolder({ 'index.ts': source }, (folder) => build(folder))).wasm
    host = new Mortise({ runtimes: [wasm()] })
  })
  after(() => host.close())

  const plugged = async (run: (call: (name: string) => State) => void, strict = false): Promise<void> => {
    const declared: Record<string, object> = Object.fromEntries(names.map((name) => [name, {}]))
    plugin = await host.plug('mypkg', module, extensions(declared, { strict }), { limits: { deadline: '500 ms' } })
    try {
      run((name) => {
        const state = kind.open(undefined)
        plugin.hooks[name]?.(state)
        return state
      })
    } finally {
      await plugin.unplug()
    }
  }

  it('Basic Usage: a command and a projector; the view comes to 400 once the bundle is flushed', async () => {
    const text = await readFile(new URL('../guests/extension/orders.ts', import.meta.url), 'utf8')
    const { wasm: orders } = await inFolder({ 'index.ts': text }, (folder) => build(folder))
    const items = [
      { Quantity: 1n, SinglePrice: 100n },
      { Quantity: 2n, SinglePrice: 50n },
    ]
    const event: Storage = { get: () => ({ ArgumentObject: { Year: 2023, Month: 1, Day: 1, Items: items } }) }
    const views = memoryStorage({
      'app.OrderedItems': { key: { Year: 'int32', Month: 'int32', Day: 'int32' }, value: { Amount: 'int64' } },
    })
    const projections = new StateKind({
      name: 'AsyncActualizer',
      storages: { 'sys.Event': event, 'sys.View': views },
      packages: { app: 'example.com/shop' },
      intents: 5,
    })
    host.timeCalls()
    const orderPlugin = await host.plug('orders', orders, extensions({ NewOrder: {}, CalcOrderedItems: {} }))
    const bundle = projections.bundle(5)
    orderPlugin.hooks.NewOrder(projections.open(undefined))
    for (let time = 0; time < 2; time++) {
      const state = projections.open(undefined, bundle)
      orderPlugin.hooks.CalcOrderedItems(state)
      state.apply()
      assert.equal(bundle.ready, false)
    }
    assert.deepEqual(views.rows('app.OrderedItems'), [])
    bundle.flush()
    assert.deepEqual(views.rows('app.OrderedItems'), [{ Year: 2023, Month: 1, Day: 1, Amount: 400n }])
    const { calls, errors, restores, hooks } = orderPlugin.stats()
    assert.deepEqual([calls, errors, restores, hooks['CalcOrderedItems']?.calls], [3, 0, 0, 2])
    assert((hooks['CalcOrderedItems']?.seconds ?? 0) > 0)
  })

  it('Design: a guest imports what the engine exports, and exports the version, the callback and the memory information', () => {
    const compiled = new WebAssembly.Module(Uint8Array.from(module))
    const modules = WebAssembly.Module.imports(compiled).map((port) => port.module)
    assert.deepEqual([...new Set(modules)].toSorted(), ['env', 'wasi_snapshot_preview1'])
    const exported = new Set(WebAssembly.Module.exports(compiled).map(({ name }) => name))
    for (const name of ['WasmAbiVersion_0_0_1', 'WasmOnReadValue', 'WasmGetHeapInuse', 'WasmGetMallocs', 'WasmGC'])
      assert(exported.has(name), name)
  })

  it('Extensions Code: each of the five runs, and one leaves an intent', () =>
    plugged((call) => {
      for (const name of benchmarks) {
        const intents = call(name).intents.map(({ key, fields }) => [key.storage, Object.fromEntries(fields)])
        assert.deepEqual(
          intents,
          name === 'oneGetOneIntent5calls' ? [['sys.SendMail', { from: 'test@gmail.com' }]] : [],
        )
      }
    }))

  it('Extensions Code is what the benchmark calls', () => {
    const rows = new Set(described.map(({ name }) => name))
    assert.deepEqual(
      benchmarks.filter((name) => !rows.has(name)),
      [],
    )
  })

  it('Restore benchmarks: the five sizes are rows', () => {
    const rows = written.map(({ name }) => name)
    for (const row of ['2 MiB, 1 %', '2 MiB, 50 %', '2 MiB, 100 %', '8 MiB, 100 %', '100 MiB, 70 %'])
      assert(
        rows.some((name) => name.startsWith(row)),
        row,
      )
  })

  it('the library allocates nothing: 100,000 calls of the five fill no memory', () =>
    plugged((call) => {
      for (let time = 0; time < 20_000; time++) for (const name of benchmarks) call(name)
      assert.equal(plugin.stats().restores, 0)
    }))

  it('no garbage collection: a heap that fills up is restored, and no call fails', () =>
    plugged((call) => {
      for (let time = 0; time < 100; time++) call('allocates')
      const { restores, errors } = plugin.stats()
      assert(restores >= 10 && errors === 0, `${restores} restores, ${errors} errors`)
    }))

  for (const [name, code] of Object.entries(failing)) {
    it(`after ANY error the memory is restored: ${name}`, () =>
      plugged((call) => {
        const counted = (): unknown => call('count').intents[0]?.fields.get('calls')
        assert.deepEqual([counted(), counted()], [1, 2])
        const { restores } = plugin.stats()
        const { cause } = failure(code, () => call(name))
        if (name === 'asks') assert.equal(cause, ioError)
        assert.equal(counted(), 1)
        assert(plugin.stats().restores > restores)
      }))
  }

  it('Memory Overflow: the error says so, with the stack by function name', () =>
    plugged((call) => {
      const { details } = failure('TRAP_OUT_OF_MEMORY', () => call('arrAppend'))
      const stack = details.frames?.map((frame) => frame.function) ?? []
      assert.match(stack.at(0) ?? '', /alloc/)
      assert.match(stack.at(-1) ?? '', /arrAppend$/)
    }))

  it('Memory Overflow: with `strict` the error has the form that is shown, and a trap the sentence that is shown', () =>
    plugged((call) => {
      const overflow = failure('TRAP_OUT_OF_MEMORY', () => call('arrAppend')).message
      const frame = String.raw`\t\S+\(.*\).*\n`
      const form = `^panic: runtime error: out of memory\nwasm stack trace:\n(?:${frame})*\t\\S*alloc\\(i32\\) i32\n(?:${frame})*\t\\S*arrAppend\\(\\)$`
      assert.match(overflow, new RegExp(form))
      const trap = failure('TRAP_UNREACHABLE', () => call('traps')).message
      assert.match(trap, /^wasm error: unreachable\nwasm stack trace:\n\t\S*traps\(\)$/)
    }, true))
})
