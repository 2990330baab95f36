import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { build } from 'mortise/build'
import { MortiseError } from 'mortise'
import { CodeFolder } from '../../src/code/code.ts'
import { tar, tarGz, zip } from '../support/archives.ts'
import { posted, TestCodeFolder } from '../support/code.ts'

const windows = process.platform === 'win32' && 'programs that begin with #! run on Unix'
const { wasm: greeter } = await build('examples/hello/guest', { optimize: 'none' })

/** A program of ActionLoop that needs nothing but a shell, and reads a file that lies beside it. */
const script = `#!/bin/sh
while read -r line; do
  echo "got $line"
  printf '{"hello": "Mike", "beside": "%s"}\\n' "$(cat beside 2>/dev/null)" >&3
done
`

describe('posted WebAssembly', () => {
  for (const [name, code] of Object.entries({
    'as it is': greeter,
    'a zip with main.wasm': zip([
      { path: 'main.wasm', text: greeter },
      { path: 'other.wasm', text: greeter },
    ]),
    'a zip with one module somewhere': zip([
      { path: 'target/wasm32/greeter.wasm', text: greeter },
      { path: 'up', text: '.', kind: 'link' },
    ]),
    'a tar.gz with a module called exec': tarGz([{ path: 'exec', text: greeter }]),
    'a tar whose package.json names it': tar([
      { path: 'package.json', text: '{"main":"a/b.wasm"}' },
      { path: 'a/b.wasm', text: greeter },
      { path: 'c.wasm' },
    ]),
  }))
    it(`may be ${name}`, async () => {
      await using folder = await TestCodeFolder.make()
      assert.deepEqual(await folder.call(posted(code)), { greetings: 'Hello, Mike' })
      assert.deepEqual(await readdir(folder.path), [], 'nothing is left')
    })

  it('as it is is not written to disk', async () => {
    await using folder = await TestCodeFolder.make()
    const { kind, runtime, source } = await folder.prepare(posted(greeter))
    assert.deepEqual([kind, runtime, source], ['wasm-module', 'wasm', greeter])
    assert.deepEqual(await readdir(folder.path), [])
  })

  it('is refused where two modules could be meant, or none is there', async () => {
    await using folder = await TestCodeFolder.make()
    await folder.refuses(
      posted(
        zip([
          { path: 'a.wasm', text: greeter },
          { path: 'b.wasm', text: greeter },
        ]),
      ),
      'CODE_NOT_RUNNABLE',
      /a single \.wasm/,
    )
    await folder.refuses(posted(zip([{ path: 'a.wasm', text: 'no module' }])), 'CODE_NOT_RUNNABLE', /holds none/)
    await folder.refuses(posted(zip([])), 'CODE_NOT_RUNNABLE', /holds none/)
  })

  it('is refused where it is not allowed', async () => {
    await using folder = await TestCodeFolder.make({ allow: ['process'] })
    await folder.refuses(posted(greeter), 'RUNTIME_NOT_ALLOWED', /a WebAssembly module/)
    await folder.refuses(
      posted(zip([{ path: 'main.wasm', text: greeter }])),
      'RUNTIME_NOT_ALLOWED',
      /a WebAssembly module/,
    )
  })
})

describe('a posted program', { skip: windows }, () => {
  for (const [name, code] of Object.entries({
    'a script': [script, ''],
    'a zip with exec': [
      zip([
        { path: 'exec', text: script },
        { path: 'beside', text: 'seen' },
      ]),
      'seen',
    ],
    'a zip whose exec is a link': [
      zip([
        { path: 'exec', text: 'bin/run', kind: 'link' },
        { path: 'bin/run', text: script, mode: 0o755 },
        { path: 'beside', text: 'seen' },
      ]),
      'seen',
    ],
    'a tar.gz with exec, in folders without entries': [
      tarGz([
        { path: 'lib/a', text: '' },
        { path: 'exec', text: script },
        { path: 'beside', text: 'seen' },
      ]),
      'seen',
    ],
  } as const))
    it(`may be ${name}`, async () => {
      await using folder = await TestCodeFolder.make({ allow: ['process'] })
      assert.deepEqual(await folder.call(posted(code[0])), { hello: 'Mike', beside: code[1] })
      assert.deepEqual(await readdir(folder.path), [])
    })

  it('may be an executable of this system', async () => {
    await using folder = await TestCodeFolder.make({ allow: ['process'] })
    const node = await readFile(process.execPath)
    const { kind, runtime, source } = await new CodeFolder({
      folder: folder.path,
      allow: ['process'],
      code: node.length,
    }).prepare(posted(node))
    assert.deepEqual([kind, runtime], [process.platform === 'linux' ? 'elf' : 'mach-o', 'process'])
    assert.equal((await stat(String(source))).mode & 0o777, 0o755)
  })

  it('is refused where it is not allowed, though it is posted in an archive', async () => {
    await using folder = await TestCodeFolder.make({ allow: ['esm', 'wasm'] })
    await folder.refuses(posted(script), 'RUNTIME_NOT_ALLOWED', /a script, which needs the runtime 'process'/)
    await folder.refuses(posted(zip([{ path: 'exec', text: script }])), 'RUNTIME_NOT_ALLOWED', /'process'/)
  })

  it('is not taken from outside by a link, even where such links are', async () => {
    await using folder = await TestCodeFolder.make({ allow: ['process'], outsideLinks: true })
    const code = zip([{ path: 'exec', text: '/bin/sh', kind: 'link' }])
    await folder.refuses(posted(code), 'CODE_NOT_RUNNABLE', /holds none/)
  })

  it('is held to the environment that it was compiled for', async () => {
    await using folder = await TestCodeFolder.make({ allow: ['process'], executionEnv: 'exec/env' })
    const code = (env: string): Buffer =>
      zip([
        { path: 'exec', text: script },
        { path: 'exec.env', text: env },
      ])
    assert.equal((await folder.prepare(posted(code('\nexec/env \n')))).runtime, 'process')
    const { details } = await folder.refuses(posted(code('bad/env')), 'EXECUTION_ENV', /compiled for 'bad\/env'/)
    assert.deepEqual(
      [details.expected, details.actual, details.output],
      ['exec/env', 'bad/env', 'Execution environment version mismatch. See logs for details.'],
    )
    const missing = await folder.refuses(posted(script), 'EXECUTION_ENV', /no file 'exec.env'/)
    assert.match(String(missing.details.output), /^open \.\/.*bin\/exec\.env: no such file or directory$/)
  })
})

describe('the folder for posted code', () => {
  it('counts on from the highest number, and leaves what was there alone', async () => {
    await using folder = await TestCodeFolder.make({ allow: ['esm'] })
    for (const name of ['3', '17', '8', 'x99', '018']) await mkdir(join(folder.path, name))
    const first = await folder.prepare(posted('function main() {}'))
    await folder.refuses(posted('const = 1'), 'CODE_NOT_RUNNABLE', /neither/)
    const third = await folder.prepare(posted('function main() {}'))
    assert.deepEqual(
      [first, third].map(({ source }) => String(source).split('/').at(-3)),
      ['18', '20'],
    )
    await first.dispose()
    await first.dispose()
    assert.deepEqual((await readdir(folder.path)).toSorted(), ['017', '018', '17', '20', '3', '8', 'x99'].slice(1))
  })

  it('gives overlapping codes a folder each', async () => {
    await using folder = await TestCodeFolder.make({ allow: ['esm'] })
    const ready = await Promise.all(Array.from({ length: 20 }, () => folder.prepare(posted('function main() {}'))))
    assert.equal(new Set(ready.map(({ source }) => source)).size, 20)
  })

  it('refuses what is empty, too large, dangerous or of no kind that is known', async () => {
    await using folder = await TestCodeFolder.make({ allow: ['wasm', 'esm', 'process'], code: 1000 })
    assert.equal((await folder.refuses(posted(''), 'CODE_EMPTY', /there is none/)).details.output, 'no file')
    await folder.refuses(posted('x'.repeat(1001)), 'CODE_TOO_LARGE', /1001 bytes, and 1000/)
    await folder.refuses(posted(Buffer.from([0xff, 1, 2])), 'CODE_NOT_RUNNABLE', /of kind 'unknown'/)
    await folder.refuses(posted(Buffer.from('\0asm\x0d\0\x01\0', 'latin1')), 'CODE_NOT_RUNNABLE', /'wasm-component'/)
    await folder.refuses(posted(zip([{ path: '../x', text: 'x' }])), 'CODE_UNSAFE', /leads out/)
    await folder.refuses(posted('PK\x03\x04 no zip'), 'CODE_ARCHIVE', /Cannot unpack/)
  })

  it('keeps what failed where it is asked to', async () => {
    await using folder = await TestCodeFolder.make({ keepFailed: true })
    await assert.rejects(folder.prepare(posted(zip([{ path: 'index.js' }]))))
    assert.deepEqual(await readdir(join(folder.path, '1/bin')), ['index.js'])
  })

  it('says what the disk says where it cannot be written', async () => {
    await using folder = await TestCodeFolder.make({ allow: ['esm'] })
    await writeFile(join(folder.path, 'file'), '')
    await assert.rejects(
      new CodeFolder({ folder: join(folder.path, 'file/inside'), allow: ['esm'] }).prepare(posted('1')),
      (error) => MortiseError.is(error, 'CODE_FOLDER'),
    )
  })

  it('refuses options that are none', async () => {
    const wrong: readonly object[] = [
      { folder: '' },
      { folder: 'x', allow: [] },
      { folder: 'x', allow: ['native'] },
      { folder: 'x', allow: 'wasm' },
      { folder: 'x', saveJar: 'a/b' },
      { folder: 'x', compiler: 1 },
      { folder: 'x', silent: 'yes' },
      { folder: 'x', compileTime: 0 },
      { folder: 'x', depth: 0 },
    ]
    for (const options of wrong)
      assert.throws(
        // @ts-expect-error -- as a caller without types may write it
        () => new CodeFolder(options),
        (error) => MortiseError.is(error, 'OPTION_INVALID'),
        JSON.stringify(options),
      )
    assert.throws(
      // @ts-expect-error -- there is no such option
      () => new CodeFolder({ folder: 'x', folders: 1 }),
      (error) => MortiseError.is(error, 'OPTION_UNKNOWN'),
    )
  })
})
