import assert from 'node:assert/strict'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import wabt from 'wabt'
import { Dev, list } from '../support/dev.ts'

const says = (word: string, more = ''): string =>
  `${more}export const main = async ({ name }: { name?: string }) => ({ word: ${JSON.stringify(word)}, name })\n`

const place = (error: unknown): unknown => {
  const [first] = list(error, 'diagnostics')
  return first
}

describe('mortise dev without a compiler', () => {
  it('loads TypeScript as it is, with all that it imports, after every save', async () => {
    const files = { 'hello.ts': says('one'), 'lib/word.ts': "export enum Word { it = 'imported' }\n" }
    await using dev = await Dev.start(files)
    const { stage, version } = await dev.next('live')
    assert.deepEqual([stage, version], ['source', 1])
    assert.deepEqual(await dev.call({ name: 'Mike' }), { word: 'one', name: 'Mike' })
    await dev.save('hello.ts', `import { Word } from './lib/word.ts'\nexport const main = () => ({ word: Word.it })\n`)
    assert.deepEqual(await dev.call(), { word: 'imported' })
    await dev.save('lib/word.ts', "export enum Word { it = 'changed' }\n")
    assert.deepEqual(await dev.call(), { word: 'changed' })
  })

  it('says where what does not parse is wrong, and where what was loaded threw; the last good version stays', async () => {
    await using dev = await Dev.start({ 'hello.ts': says('good') })
    await dev.next('live')
    const broken = await dev.save('hello.ts', 'export const main = () => ({\n  word: = 1 })\n', 'failed')
    const at = place(broken['error'])
    assert.ok(typeof at === 'object' && at !== null && 'message' in at)
    const { message, ...rest } = at
    assert.equal(typeof message, 'string')
    assert.deepEqual(rest, { file: 'hello.ts', line: 2, column: 9, source: '  word: = 1 })' })
    assert.deepEqual(await dev.call(), { word: 'good' })
    const threw = await dev.save('hello.ts', says('bad', "\nthrow new RangeError('not today')\n"), 'failed')
    assert.deepEqual(place(threw['error']), {
      message: 'RangeError: not today',
      file: 'hello.ts',
      line: 2,
      column: 7,
      source: "throw new RangeError('not today')",
    })
    const response = await fetch(dev.url, { method: 'POST', body: '{}' })
    assert.deepEqual([response.headers.get('x-mortise-broken'), await response.json()], ['/_mortise', { word: 'good' }])
    await dev.save('hello.ts', says('better'))
    assert.deepEqual(await dev.call(), { word: 'better' })
  })

  it('gives it an environment, from files and by name, and keeps its state apart from that of the version before', async () => {
    const source = `let calls = 0\nexport const main = (_, { config }) => ({ calls: ++calls, one: config.ONE, two: config.TWO })\n`
    await using dev = await Dev.start({ 'index.mjs': source, settings: 'ONE=1\nTWO="from the file"\n' }, [
      '.',
      '--env-from',
      'settings',
      '--env',
      'ONE=by name',
    ])
    await dev.next('live')
    assert.deepEqual(await dev.call(), { calls: 1, one: 'by name', two: 'from the file' })
    assert.deepEqual(await dev.call(), { calls: 2, one: 'by name', two: 'from the file' })
    await dev.save('index.mjs', `// again\n${source}`)
    assert.deepEqual(await dev.call(), { calls: 1, one: 'by name', two: 'from the file' })
  })

  it('runs it in a process of its own where that is asked for, and programs always', async () => {
    const source = 'export const main = () => ({ pid: process.pid })\n'
    await using dev = await Dev.start({ 'hello.mjs': source }, ['hello.mjs', '--runtime', 'process'])
    await dev.next('live')
    const one: unknown = await dev.call()
    await dev.save('hello.mjs', `// again\n${source}`)
    assert.notDeepEqual(await dev.call(), one)

    const program = (word: string): string =>
      `#!${process.execPath}\nprocess.stdin.on('data', () => require('fs').writeSync(3, '{"word":"${word}"}\\n'))\n`
    await using other = await Dev.start({ program: program('one') })
    await other.next('failed')
    await chmod(join(other.path, 'program'), 0o755)
    await writeFile(join(other.path, 'program'), program('two'))
    await other.next('live')
    await other.answers({ word: 'two' })
  })

  it('takes WebAssembly that something else builds', async () => {
    const answering = (word: string): string => `(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\\10\\00\\00\\00\\0f\\00\\00\\00")
  (data (i32.const 16) "{\\"word\\":\\"${word}\\"}\\n")
  (func (export "_start") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))`
    const tools = await wabt()
    const wasm = (word: string): Uint8Array => tools.parseWat('x.wat', answering(word)).toBinary({}).buffer
    await using dev = await Dev.start({ 'made.wasm': wasm('one') })
    await dev.next('live')
    assert.deepEqual(await dev.call(), { word: 'one' })
    await dev.save('made.wasm', wasm('two'))
    assert.deepEqual(await dev.call(), { word: 'two' })
  })

  it('watches what git ignores where that is what is developed', async () => {
    await using dev = await Dev.start({ 'out/hello.ts': says('one'), '.gitignore': 'out/', '.git/HEAD': '' })
    await dev.next('live')
    await dev.save('out/hello.ts', says('two'))
    assert.deepEqual(await dev.call(), { word: 'two' })
  })

  it('takes a save while a call that never ends is under way', async () => {
    const files = { 'hello.mjs': 'export const main = () => new Promise(() => {})\n', 'call.json': '{}' }
    await using dev = await Dev.start(files, ['hello.mjs', '--invoke', 'call.json'])
    await dev.next('live')
    const { text } = await dev.save('hello.mjs', 'export const main = () => ({ ends: true })\n', 'answered')
    assert.equal(text, '{"ends":true}\n')
    assert.equal(dev.told.filter(({ event }) => event === 'failed' || event === 'answered').length, 1)
  })

  it('takes the last of many saves, which are written in place', async () => {
    await using dev = await Dev.start({ 'hello.ts': says('none') })
    await dev.next('live')
    for (let save = 1; save <= 30; save++) await writeFile(join(dev.path, 'hello.ts'), says(String(save)))
    await dev.answers({ word: '30' })
  })
})
