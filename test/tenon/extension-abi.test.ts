import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import binaryen from 'binaryen'
import { build } from 'mortise/build'
import { fileURLToPath } from 'node:url'
import { buildText } from '../support/guest.ts'
import { abi } from '../support/extension-guest.ts'
import { ReferenceEngine } from '../support/reference-engine.ts'

const collectors = ['none', 'minimal', 'incremental'] as const
const everything = fileURLToPath(new URL('../guests/extension/everything.ts', import.meta.url))

describe('a module of extensions', () => {
  for (const gc of collectors) {
    it(`imports the ABI and nothing else, and exports what engines ask for, with gc '${gc}'`, async () => {
      const { wasm } = await build(everything, { gc })
      const module = new WebAssembly.Module(Uint8Array.from(wasm))
      const imports = WebAssembly.Module.imports(module).map(({ module: from, name }) => `${from} ${name}`)
      const all = Object.keys(abi).map((name) => `env ${name}`)
      assert.deepEqual(imports.toSorted(), [...all, 'wasi_snapshot_preview1 fd_write'].toSorted())
      const exports = WebAssembly.Module.exports(module).map(({ kind, name }) => `${kind} ${name}`)
      const names = [
        'Everything',
        'WasmAbiVersion_0_0_1',
        'WasmGC',
        'WasmGetFrees',
        'WasmGetHeapInuse',
        'WasmGetHeapSys',
        'WasmGetMallocs',
        'WasmOnReadValue',
        '_start',
        'free',
        'malloc',
        'mortise_on_read_value',
      ]
      assert.deepEqual(exports.toSorted(), [...names.map((name) => `function ${name}`), 'memory memory'])
    })

    it(`uses no more of WebAssembly than the reference engine takes, with gc '${gc}'`, async () => {
      const module = binaryen.readBinary((await build(everything, { gc })).wasm)
      const { BulkMemory, BulkMemoryOpt, SignExt, NontrappingFPToInt } = binaryen.Features
      module.setFeatures(BulkMemory | BulkMemoryOpt | SignExt | NontrappingFPToInt)
      assert.equal(module.validate(), 1)
      module.dispose()
    })
  }
})

const frugal = `
  import { Key, QName, Storage, Text, Value, keyBuilder, mustGet, newValue, query, read, updateValue } from 'tenon/extension'

  export function NoAllocs(): void {
    const event = mustGet(keyBuilder(Storage.Event))
    const mail = newValue(keyBuilder(Storage.SendMail))
    mail.putString('from', event.asValue('arg').asText('UserEmail'))
    mail.putInt32('port', 668)
    mail.putQName('qname', QName.of('github.com/voedger/testpkg1', 'test'))
    mail.putBytes('key', mustGet(keyBuilder('sys.Test3')).getAsBytes(2))
    const row = query(keyBuilder(Storage.Record, 'github.com/voedger/testpkg1.None'))
    if (row !== null) mail.putBool('row', true)
    const list = mustGet(keyBuilder('sys.Test3'))
    if (list.length != 4 || list.getAsInt32(0) != 123 || !list.getAsText(1).equals('test string')) mail.putInt32('wrong', 1)
    if (!list.getAsQName(3).equals('testpkg1', 'test')) mail.putInt32('wrong', 2)
    const update = updateValue(keyBuilder(Storage.Event), event)
    update.putInt64('offs', event.asInt64('offs') + 1)
    read(keyBuilder('sys.Test'), (key: Key, value: Value) => {
      const sum = key.asInt32('i') + value.asFloat64('f') + value.asFloat32('f') + (value.asBool('yes') ? 1 : 0)
      if (sum > 100 || !value.asQName('name').entity.equals('test')) newValue(keyBuilder(Storage.Result)).putBool('wrong', true)
    })
  }
  export function Copies(): void {
    newValue(keyBuilder(Storage.SendMail)).putString('from', mustGet(keyBuilder(Storage.Event)).asString('qname'))
  }`
const small = { i: 1, f: 0.5, yes: true, name: 'testpkg1.test' }
const rows = {
  'sys.Event': [{ qname: 'sys.InvitationAccepted', arg: { UserEmail: 'email@user.com' }, offs: 12_345n }],
  'sys.Test': Array.from({ length: 2000 }, () => small),
  'sys.Test3': [{ 0: 123, 1: 'test string', 2: Buffer.from('bytes'), 3: 'testpkg1.test' }],
}

describe('the heap of a guest in an engine that restores nothing', () => {
  for (const gc of collectors) {
    it(`is left alone by reads, intents and what only passes through, from the first call on, with gc '${gc}'`, async () => {
      const engine = new ReferenceEngine(await buildText(frugal, { gc }), rows)
      const before = engine.counters
      for (let call = 0; call < 3; call++) {
        const { intents } = engine.invoke('NoAllocs')
        assert.deepEqual(intents, [
          { from: 'email@user.com', port: 668, qname: 'github.com/voedger/testpkg1.test', key: 'bytes' },
          { ...rows['sys.Event'][0], offs: 12_346n },
        ])
        assert.deepEqual(engine.counters, before)
      }
      engine.invoke('Copies')
      const copied = engine.counters
      assert.ok(Number(copied[0]) === Number(before[0]) + 1 && Number(copied[3]) > Number(before[3]), String(copied))
    })
  }

  it('is what the counters say it is', async () => {
    const source = `let kept: StaticArray<i32> | null = null
      export function Take(): void { kept = new StaticArray<i32>(100_000) }`
    for (const gc of collectors) {
      const engine = new ReferenceEngine(await buildText(source, { gc, contract: 'extension' }))
      const [blocks, frees, size, used] = engine.counters.map(Number)
      engine.invoke('Take')
      const after = engine.counters.map(Number)
      assert.deepEqual(after.slice(0, 2), [Number(blocks) + 1, frees])
      const taken = Number(after[3]) - Number(used)
      assert.ok(taken >= 400_000 && taken < 400_100, `${gc}: ${taken}`)
      assert.ok(Number(after[2]) >= Number(size) && Number(after[3]) <= Number(after[2]))
    }
  })
})

describe('reads in an engine that cannot end them', () => {
  it('give their rows to their own callback, and none after it wanted no more', async () => {
    const count = (length: number): readonly { n: number }[] => Array.from({ length }, (_, n) => ({ n }))
    const engine = new ReferenceEngine(
      await buildText(`
        import { Key, Value, keyBuilder, newValue, read, readWhile } from 'tenon/extension'
        let said = ''
        export function Nested(): void {
          said = ''
          read(keyBuilder('sys.Outer'), (outer: Key, value: Value) => {
            said += 'o' + outer.asInt32('n').toString()
            readWhile(keyBuilder('sys.Inner'), (inner: Key, value: Value): bool => {
              said += 'i' + inner.asInt32('n').toString()
              return inner.asInt32('n') < 1
            })
          })
          newValue(keyBuilder('sys.R')).putString('said', said)
        }
        export function Failing(): void {
          readWhile(keyBuilder('sys.Outer'), (outer: Key, value: Value): bool => {
            read(keyBuilder('sys.Inner'), (inner: Key, value: Value) => { throw new Error('inside') })
            return false
          })
        }`),
      { 'sys.Outer': count(2), 'sys.Inner': count(4) },
    )
    for (let call = 0; call < 2; call++) {
      assert.deepEqual(engine.invoke('Nested'), { intents: [{ said: 'o0i0i1o1i0i1' }], rows: 2 + 8 })
      assert.throws(() => engine.invoke('Failing'), /^Error: panic: inside \(index\.ts:\d+:\d+\)$/)
    }
  })
})

/** The same module with a maximum of pages, and its names. */
function limited(wasm: Uint8Array, pages: number): Uint8Array {
  const unlimited = binaryen.readBinary(wasm)
  const text = unlimited.emitText()
  unlimited.dispose()
  const module = binaryen.parseText(text.replace(/\(memory (\S+) (\d+)\)/, `(memory $1 $2 ${pages})`))
  binaryen.setDebugInfo(true)
  const bytes = module.emitBinary()
  module.dispose()
  return bytes
}

for (const gc of collectors) {
  it(`a full memory is said as TinyGo says it, with its allocator on the stack, with gc '${gc}'`, async () => {
    const source = `let kept: string[] = []
      export function Fill(): void { for (;;) kept.push('x'.repeat(1_000_000)) }`
    const engine = new ReferenceEngine(limited(await buildText(source, { gc, contract: 'extension' }), 64))
    assert.throws(
      () => engine.invoke('Fill'),
      ({ message, cause }: Error) => {
        assert.equal(message, 'panic: runtime error: out of memory')
        assert(cause instanceof WebAssembly.RuntimeError && cause.message === 'unreachable')
        assert.match(String(cause.stack), /runtime\.alloc/)
        return true
      },
    )
  })
}

it('100,000 failures take nothing from a guest that nobody restores', async () => {
  const engine = new ReferenceEngine(
    await buildText(`
      import { keyBuilder, newValue } from 'tenon/extension'
      export function Bad(): void { throw new Error('bad') }
      export function Good(): void { newValue(keyBuilder('sys.R')).putInt32('n', 1) }`),
  )
  const before = engine.counters
  for (let call = 0; call < 100_000; call++) {
    try {
      engine.invoke('Bad')
      assert.fail('it returned')
    } catch (error) {
      if (!(error instanceof Error) || error.message !== 'panic: bad (index.ts:3:37)') throw error
    }
  }
  assert.deepEqual(engine.invoke('Good').intents, [{ n: 1 }])
  assert.deepEqual(engine.counters, before)
})
