import assert from 'node:assert/strict'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { zip } from '../support/archives.ts'
import { posted, TestCodeFolder } from '../support/code.ts'

const hello = await readFile('examples/hello/guest/index.ts', 'utf8')

describe('posted AssemblyScript', () => {
  it('is told from TypeScript by what it imports, and compiled where it is', async () => {
    await using folder = await TestCodeFolder.make({ allow: ['wasm', 'esm'] })
    const ready = await folder.prepare(posted(hello))
    assert.deepEqual([ready.kind, ready.runtime], ['wasm-module', 'wasm'])
    await ready.dispose()
    assert.deepEqual(await folder.call(posted(hello)), { greetings: 'Hello, Mike' })
  })

  it('may be several files in an archive', async () => {
    await using folder = await TestCodeFolder.make()
    const code = zip([
      {
        path: 'index.ts',
        text: hello.replace("'Hello, '", 'prefix').replace('import', "import { prefix } from './lib/prefix'\nimport"),
      },
      { path: 'lib/prefix.ts', text: "export const prefix = 'Hi, '" },
      { path: 'package.json', text: '{}' },
    ])
    assert.deepEqual(await folder.call(posted(code)), { greetings: 'Hi, Mike' })
  })

  it('that does not compile is refused with every message and its place', async () => {
    await using folder = await TestCodeFolder.make()
    const { details } = await folder.refuses(
      posted(hello.replace('event.name.length == 0', 'event.nam.length == 0')),
      'COMPILE_FAILED',
      /index\.ts:\d+:\d+: .*'nam'/,
    )
    assert.equal(details.diagnostics?.[0]?.file, 'index.ts')
    assert.match(String(details.output), /^index\.ts:\d+:\d+: /)
    await folder.refuses(posted("import { log } from 'tenon/action'\n"), 'COMPILE_FAILED', /main/)
    await folder.refuses(posted("import { log } from 'tenon'\n export function ("), 'COMPILE_FAILED', /index\.ts:2/)
  })

  it('reads nothing that was not posted with it', async () => {
    await using folder = await TestCodeFolder.make()
    const secret = join(folder.path, 'secret')
    await mkdir(secret)
    await writeFile(join(secret, 'index.ts'), "export const prefix = 'secret'")
    const code = (path: string): string =>
      hello.replace("'Hello, '", 'prefix').replace('import', `import { prefix } from '${path}'\nimport`)
    for (const path of ['../../secret', '../../secret/index', `${secret}/index`, '../2/src/index'])
      await folder.refuses(posted(code(path)), 'COMPILE_FAILED', /not found/)
    await mkdir(join(folder.path, 'node_modules/secret'), { recursive: true })
    await writeFile(join(folder.path, 'node_modules/secret/index.ts'), "export const prefix = 'secret'")
    await folder.refuses(posted(code('secret')), 'COMPILE_FAILED', /'secret' not found/)
    await rm(join(folder.path, 'node_modules'), { recursive: true })
  })

  it('that takes the compiler too long is refused, and the next one compiles', async () => {
    await using folder = await TestCodeFolder.make({ compileTime: '50 ms' })
    await folder.refuses(posted(hello), 'COMPILE_FAILED', /longer than 50 ms/)
    await using patient = await TestCodeFolder.make()
    const [one, other] = await Promise.all([patient.call(posted(hello)), patient.call(posted(`${hello}\n`))])
    assert.deepEqual([one, other], [{ greetings: 'Hello, Mike' }, { greetings: 'Hello, Mike' }])
  })

  it('leaves the event loop alone while it is compiled', async () => {
    await using folder = await TestCodeFolder.make()
    let turns = 0
    const timer = setInterval(() => turns++, 5)
    await folder.prepare(posted(hello))
    clearInterval(timer)
    assert(turns > 5, `${turns} turns`)
  })

  it('is refused before it is compiled where WebAssembly is not allowed', async () => {
    await using folder = await TestCodeFolder.make({ allow: ['esm'] })
    await folder.refuses(posted(hello), 'RUNTIME_NOT_ALLOWED', /source of AssemblyScript/)
  })
})
