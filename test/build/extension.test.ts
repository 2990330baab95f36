import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { build } from 'mortise/build'
import { inFolder } from '../support/guest.ts'
import { rejection } from '../support/wat.ts'

const options = { contract: 'extension', optimize: 'none' } as const
const exportsOf = (wasm: Uint8Array): readonly string[] =>
  WebAssembly.Module.exports(new WebAssembly.Module(Uint8Array.from(wasm))).map(({ name }) => name)

describe('build of extensions', () => {
  it('makes one of every function that the entry exports, its own and those of other files', async () => {
    const files = {
      'index.ts': `import { Three } from './other'
        function two(): void {}
        export function One(): void {}
        export { two as Two, Three }
        export { Four } from './other'
        export class Kept {}`,
      'other.ts': 'export function Three(): void {}\nexport function Four(): void {}\nexport function Five(): void {}',
    }
    const exported = await inFolder(files, async (folder) => exportsOf((await build(folder, options)).wasm))
    assert.deepEqual(
      ['One', 'Two', 'Three', 'Four', 'Five', 'Kept', 'two', 'WasmAbiVersion_0_0_1'].filter((name) =>
        exported.includes(name),
      ),
      ['One', 'Two', 'Three', 'Four', 'WasmAbiVersion_0_0_1'],
    )
  })

  it('is chosen by what the guest imports', async () => {
    const source = `import { assert } from 'tenon/extension'\nexport function Check(): void { assert(true, '') }`
    const exported = await inFolder({ 'index.ts': source }, async (folder) => exportsOf((await build(folder)).wasm))
    assert.ok(exported.includes('Check') && exported.includes('WasmOnReadValue'))
    const both = `${source}\nimport { log } from 'tenon/action'`
    const { message } = await inFolder({ 'index.ts': both }, (folder) => rejection('BUILD_ENTRY', build(folder)))
    assert.match(message, /'tenon\/action' and 'tenon\/extension', and a guest has one contract/)
  })

  const refused: readonly [name: string, source: string, position: RegExp, says: RegExp][] = [
    ['no function', 'const a = 1', /1:1/, /no exported function/],
    [
      'a parameter',
      'export function Two(): void {}\nexport function One(a: i32): void {}',
      /2:17/,
      /takes 1 parameter/,
    ],
    ['a result', 'export function One(): i32 { return 1 }', /1:17/, /'One' returns 'i32'/],
    ['no result type', 'export function One() {}', /1:17/, /no result type/],
    ['types to choose', 'export function One<T>(): void {}', /1:17/, /generic/],
    ['a variable', 'export function One(): void {}\nexport const two = 2', /2:14/, /'two' is a variable/],
    ['a default', 'export default function One(): void {}', /1:25/, /a default export/],
    ["a name of the ABI's", 'export function malloc(): void {}', /1:17/, /a name that the ABI has for itself/],
    ['such a name in another place', "export { free } from './other'", /1:1/, /a name that the ABI has for itself/],
    ['a name that engines refuse', 'export function WasmTwo(): void {}', /1:17/, /a name that the ABI has for itself/],
    ['all of another file', "export * from './other'", /1:1/, /does not say which extensions there are/],
  ]
  for (const [name, source, position, says] of refused) {
    it(`refuses an entry that exports ${name}, with its place`, async () => {
      const files = { 'index.ts': source, 'other.ts': 'export function free(): void {}' }
      const { message } = await inFolder(files, (folder) => rejection('BUILD_ENTRY', build(folder, options)))
      assert.match(message, says)
      assert.match(message, position)
    })
  }

  it('says of a mistake that only the compiler sees what was wanted', async () => {
    const files = { 'index.ts': "\nexport { One } from './other'", 'other.ts': 'export function One(a: i32): void {}' }
    const { message } = await inFolder(files, (folder) => rejection('BUILD_FAILED', build(folder, options)))
    assert.match(message, /index\.ts:2:1: .*every export of the entry file is an extension/)
  })

  const alien = {
    'Math.random()': /'seed' of 'env' \(Math\.random\)/,
    'Date.now()': /\(Date\.now\)/,
    'performance.now()': /\(performance\.now\)/,
    "console.log('x')": /\(console\.log\)/,
    'process.hrtime()': /which hosts of 'extension' do not have/,
    'own()': /'own' of 'mine' \(a function of its own\)/,
  }
  for (const [code, says] of Object.entries(alien)) {
    it(`refuses ${code}, which no host of extensions has`, async () => {
      const source = `@external('mine', 'own') declare function own(): void\nexport function One(): void { ${code} }`
      const { message } = await inFolder({ 'index.ts': source }, (folder) =>
        rejection('BUILD_FAILED', build(folder, options)),
      )
      assert.match(message, says)
    })
  }

  it('refuses a contract that it does not know', async () => {
    // @ts-expect-error as a caller without a type checker would
    const { message } = await rejection('OPTION_INVALID', build('.', { contract: 'extensions' }))
    assert.match(message, /it is 'action', 'extension', 'http', 'scheduler' or what 'contract'/)
  })
})
