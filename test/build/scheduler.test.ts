import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { build } from 'mortise/build'
import { inFolder } from '../support/guest.ts'
import { rejection } from '../support/wat.ts'

const options = { contract: 'scheduler', optimize: 'none' } as const
const exportsOf = (wasm: Uint8Array): readonly string[] =>
  WebAssembly.Module.exports(new WebAssembly.Module(Uint8Array.from(wasm)))
    .map(({ name }) => name)
    .filter((name) => name !== 'memory' && name !== '_start')
    .toSorted()

describe('build of plugins of a scheduler', () => {
  it('exports the hooks of the one class, those that it inherits in its file too, and is chosen by what is imported', async () => {
    const files = {
      'index.ts': `import { Status } from 'tenon/scheduler'
        import { Far } from './other'
        class Base extends Far { filter(): Status | null { return null } score(): i32 { return 1 } }
        class Helper { bind(): void {} }
        export class Unrelated { fit(): void {} }
        class Plugin extends Base { score(): i32 { return 2 } helper(): Helper { return new Helper() } }
        export { Plugin }`,
      'other.ts': 'export class Far { reserve(): void {} }',
    }
    const { wasm, warnings } = await inFolder(files, (folder) => build(folder, { optimize: 'none' }))
    assert.deepEqual(exportsOf(wasm), ['filter', 'prefilter', 'score'])
    assert.deepEqual(warnings, [])
  })

  it('takes `minimal` for a collector, unless it is told another', async () => {
    const gcOf = (gc?: 'none') =>
      inFolder({ 'index.ts': 'export class P { filter(): void {} }' }, async (folder) => {
        const { wasm } = await build(folder, { ...options, ...(gc && { gc }) })
        const [stamp] = WebAssembly.Module.customSections(new WebAssembly.Module(Uint8Array.from(wasm)), 'tenon')
        return Buffer.from(stamp ?? new ArrayBuffer(0)).toString()
      })
    assert.match(await gcOf(), /"contract":"scheduler","gc":"minimal"/)
    assert.match(await gcOf('none'), /"gc":"none"/)
  })

  it('warns of the sets of hooks that kube-scheduler-wasm-extension forgot, and of no other', async () => {
    const main = ['filter', 'score', 'reserve', 'permit', 'bind'] as const
    const bodies = {
      filter: ': void {}',
      score: ': i32 { return 0 }',
      reserve: ': void {}',
      permit: ': void {}',
      bind: ': void {}',
    }
    const warned: string[] = []
    for (let set = 1; set < 32; set++) {
      const hooks = main.filter((_, index) => (set & (1 << index)) !== 0)
      const source = `export class P { ${hooks.map((hook) => `${hook}()${bodies[hook]}`).join('\n')} }`
      const { warnings } = await inFolder({ 'index.ts': source }, (folder) => build(folder, options))
      for (const { message, line, column } of warnings) {
        assert.match(
          message,
          /^kube-scheduler-wasm-extension does not load plugins that have '.*' and no other main hook/,
        )
        assert.deepEqual([line, column], [1, 14])
        warned.push(hooks.map((hook) => hook.slice(0, 1)).join(''))
      }
    }
    assert.deepEqual(warned.toSorted(), ['fpb', 'frb', 'frp', 'frpb', 'fsrp', 'rp', 'srp', 'srpb'])
  })

  const refused: readonly [name: string, source: string, position: RegExp, says: RegExp][] = [
    ['no class', 'export function score(): i32 { return 1 }', /1:1/, /no exported class with hooks/],
    ['a class without hooks', 'export class P { fit(): void {} }', /1:14/, /no exported class with hooks/],
    ['a class that is not exported', 'class P { filter(): void {} }', /1:7/, /'P' is not exported/],
    [
      'two plugins',
      'export class P { filter(): void {} }\nexport class Q { bind(): void {} }',
      /2:14/,
      /more than one class/,
    ],
    ['an abstract class', 'export abstract class P { filter(): void {} }', /1:23/, /'P' is abstract/],
    [
      'a constructor that wants something',
      'export class P { constructor(a: i32) {}\nfilter(): void {} }',
      /1:14/,
      /takes 1 arguments/,
    ],
    [
      'a hook that is written otherwise',
      'export class P { filter(): void {}\nprefilter(): void {} }',
      /2:1/,
      /it is called 'preFilter'/,
    ],
    ['a private hook', 'export class P { private filter(): void {} }', /1:26/, /'filter' is private/],
    ['a static hook', 'export class P { static filter(): void {} }', /1:25/, /'filter' is static/],
    ['a property', 'export class P { get filter(): i32 { return 0 } }', /1:22/, /'filter' is a property/],
    ['a field', 'export class P { filter: i32 = 0 }', /1:18/, /'filter' is a property/],
    ['a generic hook', 'export class P { filter<T>(): void {} }', /1:18/, /'filter' is generic/],
    [
      'too many parameters',
      'export class P { bind(a: i32, b: i32, c: i32, d: i32): void {} }',
      /1:18/,
      /takes 4 parameters, and is given 3/,
    ],
    ['no result type', 'export class P { filter() {} }', /1:18/, /'filter' has no result type/],
    [
      'side hooks alone',
      'export class P { preScore(): void {} }',
      /1:14/,
      /none of 'filter', 'score', 'reserve', 'permit', 'bind'/,
    ],
  ]
  for (const [name, source, position, says] of refused) {
    it(`refuses ${name}, with its place`, async () => {
      const { message } = await inFolder({ 'index.ts': source }, (folder) =>
        rejection('BUILD_ENTRY', build(folder, options)),
      )
      assert.match(message, says)
      assert.match(message, position)
    })
  }

  it('takes `preFilter` alone', async () => {
    const { wasm } = await inFolder({ 'index.ts': 'export class P { preFilter(): void {} }' }, (folder) =>
      build(folder, options),
    )
    assert.deepEqual(exportsOf(wasm), ['prefilter'])
  })

  const wrong: readonly [name: string, hook: string, says: RegExp][] = [
    [
      'another parameter',
      'filter(state: CycleState, pod: NodeInfo): void {}',
      /the hook is 'filter\(state: CycleState, pod: Pod/,
    ],
  ]
  for (const [name, hook, says] of wrong) {
    it(`refuses a hook with ${name}, and says how it is declared`, async () => {
      const source = `import { CycleState, NodeInfo } from 'tenon/scheduler'\nexport class P {\n  ${hook}\n}`
      const { message } = await inFolder({ 'index.ts': source }, (folder) => rejection('BUILD_FAILED', build(folder)))
      assert.match(message, says)
      assert.match(message, /:3:3/)
    })
  }

  it('refuses what no host of the contract has', async () => {
    const source = 'export class P { score(): i32 { return <i32>(Math.random() * 100) } }'
    const { message } = await inFolder({ 'index.ts': source }, (folder) =>
      rejection('BUILD_FAILED', build(folder, options)),
    )
    assert.match(message, /Math\.random/)
  })
})
