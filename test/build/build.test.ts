import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { type BuildOptions, build } from 'mortise/build'
import { buildText, guest, inFolder, instantiate } from '../support/guest.ts'

const run = promisify(execFile)
const hello = resolve('examples/hello/guest')
const raw = `import { fail, log } from 'tenon/action'
export function main(event: string): string {
  if (event.length == 0) return fail<string>('no event')
  log.info('echoing')
  return event
}
`
const compiled = (wasm: Uint8Array): WebAssembly.Module => new WebAssembly.Module(Uint8Array.from(wasm))
const section = (wasm: Uint8Array, name: string): string[] =>
  WebAssembly.Module.customSections(compiled(wasm), name).map((bytes) => Buffer.from(bytes).toString())

describe('build', () => {
  it('takes a folder or a file', async () => {
    const [folder, file] = [await build(hello), await build(join(hello, 'index.ts'))]
    assert.deepEqual(folder.wasm, file.wasm)
    assert.deepEqual(folder.sources, [join(hello, 'index.ts')])
    assert.deepEqual(folder.warnings, [])
    assert(folder.milliseconds > 0)
  })

  it('keeps a guest without JSON under 8 KB and one with JSON under 16 KB', async () => {
    const text = await buildText(raw)
    const json = (await build(hello)).wasm
    assert(text.length <= 8_000, `${text.length} bytes`)
    assert(json.length <= 16_000, `${json.length} bytes`)
    assert((await build(hello, { optimize: 'size' })).wasm.length < json.length)
  })

  it('exports the names of the contract and nothing of the user', async () => {
    const wasm = await buildText(
      `${raw}\nexport function secret(): void {}\nexport const other = 1\nexport class Thing {}\n`,
    )
    assert.deepEqual(WebAssembly.Module.exports(compiled(wasm)), [
      { name: 'main', kind: 'function' },
      { name: 'string_new', kind: 'function' },
      { name: 'action_abi_1', kind: 'function' },
      { name: 'memory', kind: 'memory' },
    ])
  })

  it('imports only what the guest uses', async () => {
    const names = (wasm: Uint8Array): string[] =>
      WebAssembly.Module.imports(compiled(wasm))
        .map(({ module, name }) => `${module}.${name}`)
        .toSorted()
    assert.deepEqual(names(await buildText('export function main(event: string): string { return event }')), [
      'env.abort',
    ])
    assert.deepEqual(names(await buildText(raw)), ['env.abort', 'tenon.log'])
  })

  it('gives the same bytes for the same source in whatever folder, directory and environment', async () => {
    const first = await build(hello)
    const folder = await mkdtemp(join(tmpdir(), 'a folder with spaces, memory and uri '))
    const before = process.cwd()
    try {
      await cp(hello, join(folder, 'elsewhere'), { recursive: true })
      process.chdir(folder)
      process.env['JSON_DEBUG'] = '1'
      assert.deepEqual((await build('elsewhere')).wasm, first.wasm)
      await build('elsewhere', { optimize: 'none', gc: 'incremental' })
      assert.deepEqual((await build('elsewhere')).wasm, first.wasm)
      assert.equal(
        Buffer.from(first.wasm).includes(before) || Buffer.from(first.wasm).includes(basename(folder)),
        false,
      )
    } finally {
      delete process.env['JSON_DEBUG']
      process.chdir(before)
      await rm(folder, { recursive: true })
    }
  })

  it('takes no notice of the settings of json-as in the environment', async () => {
    const script = `const { build } = await import('mortise/build')
      const { wasm } = await build(${JSON.stringify(hello)})
      process.stdout.write(Buffer.from(wasm).toString('base64'))`
    const env = { ...process.env, JSON_DEBUG: '1', JSON_STRICT: 'true', JSON_MODE: 'simd', JSON_CACHE: '64KB' }
    const { stdout } = await run(process.execPath, ['-C', 'source', '--input-type=module', '-e', script], { env })
    assert.equal(stdout, Buffer.from((await build(hello)).wasm).toString('base64'))
  })

  it('stamps what it built', async () => {
    const { wasm } = await build(hello, { gc: 'minimal' })
    assert.deepEqual(
      section(wasm, 'tenon').map((json): unknown => JSON.parse(json)),
      [{ version: '0.1.0', contract: 'action', gc: 'minimal' }],
    )
    const [producers = ''] = section(wasm, 'producers')
    assert.equal(
      producers,
      '\x02\x08language\x01\x0eAssemblyScript\x00\x0cprocessed-by\x02\x0eAssemblyScript\x070.28.20\x05tenon\x050.1.0',
    )
  })

  it('keeps the names of functions for stack traces', async () => {
    const { call } = await guest(`
      function deeper(n: i32): i32 { if (n <= 0) unreachable(); return deeper(n - 1) + deeper(n - 2) }
      export function main(event: string): string { return deeper(event.length).toString() }`)
    assert.throws(
      () => call('ab'),
      (error: Error) => (error.stack ?? '').includes('index/deeper'),
    )
  })

  it('resolves relative modules and packages beside the guest, and reports them as sources', async () => {
    const files = {
      'guest/index.ts':
        "import { a } from '../shared/util/a'\nimport { b } from 'pkg'\nimport { c } from '@scope/pkg/deep'\nexport function main(event: string): string { return a() + b() + c() }",
      'shared/util/a.ts': "export function a(): string { return 'a' }",
      'node_modules/pkg/index.ts': "export { b } from './b'",
      'node_modules/pkg/b.ts': "export function b(): string { return 'b' }",
      'guest/node_modules/@scope/pkg/deep/index.ts': "export function c(): string { return 'c' }",
    }
    await inFolder(files, async (folder) => {
      const { wasm, sources } = await build(join(folder, 'guest'))
      assert.equal(instantiate(wasm).call(''), 'abc')
      assert.deepEqual(
        sources.toSorted(),
        Object.keys(files)
          .map((name) => join(folder, name))
          .toSorted(),
      )
    })
  })

  it('builds many at once without mixing them', async () => {
    const texts = Array.from({ length: 4 }, (_, index) => `export function main(): string { return '${index}' }`)
    const guests = await Promise.all(texts.map((text) => guest(text, { optimize: 'none' })))
    assert.deepEqual(
      guests.map(({ call }) => call('')),
      ['0', '1', '2', '3'],
    )
  })

  it('reads modules from one folder only where it is told to', async () => {
    const files = {
      'mine/index.ts': "import { word } from '../other'\nexport function main(): string { return word }",
      'other.ts': "export const word = 'said'",
    }
    await inFolder(files, async (folder) => {
      const mine = join(folder, 'mine')
      const { sources } = await build(mine, { within: folder })
      assert.equal(sources.length, 2)
      await assert.rejects(build(mine, { within: mine }), /File '..\/other.ts' not found/)
    })
  })

  it('runs what the guest does at its top before the first call', async () => {
    const { call } = await guest(
      "let count = I32.parseInt('41')\nexport function main(): string { return (++count).toString() }",
    )
    assert.equal(call(''), '42')
    assert.equal(call(''), '43')
  })

  it('refuses options that do not exist or have no such value', async () => {
    const misspelt: object = { optimise: 'size' }
    const wrong: object[] = [{ optimize: 'fast' }, { gc: true }, { gc: null }, { within: 1 }]
    await assert.rejects(build(hello, misspelt), { code: 'OPTION_UNKNOWN' })
    for (const options of wrong) await assert.rejects(build(hello, options), { code: 'OPTION_INVALID' })
    const all: BuildOptions[] = [
      { optimize: 'none' },
      { optimize: 'size' },
      { optimize: 'speed' },
      { gc: 'none' },
      { gc: 'minimal' },
      { gc: 'incremental' },
    ]
    for (const options of all)
      assert.deepEqual(instantiate((await build(hello, options)).wasm).json({ name: 'Mike' }), {
        greetings: 'Hello, Mike',
      })
  })
})
