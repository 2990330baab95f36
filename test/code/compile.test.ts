import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { CodeFolder } from '../../src/code/code.ts'
import type { CodeOptions } from '../../src/code/options.ts'
import { zip } from '../support/archives.ts'
import { posted, TestCodeFolder } from '../support/code.ts'

const windows = process.platform === 'win32' && 'the compilers of this test are shell scripts'
const tools = await mkdtemp(join(tmpdir(), 'mortise-compilers-'))
after(() => rm(tools, { recursive: true }))

/** Writes a compiler, which is a shell script, and gives options with it. */
async function compiler(text: string): Promise<Omit<CodeOptions, 'folder'> & { readonly compiler: string }> {
  const folder = await mkdtemp(join(tools, 'c-'))
  await writeFile(join(folder, 'compile'), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  return { allow: ['process'], compiler: join(folder, 'compile') }
}

/** Makes a program that answers with what the compiler was given. */
const working = `
cat > "$3/exec" <<END
#!/bin/sh
while read -r line; do
  printf '{"main": "$1", "source": "%s", "greeting": "$GREETING", "home": "$HOME"}\\\\n' "$(cat "$2/exec" 2>/dev/null || cat "$2/lib/a.txt")" >&3
done
END
printf env > "$3/exec.env"
`

describe('a compile command', { skip: windows }, () => {
  it('is given main, source and target, PATH and the environment of the function, and nothing else', async () => {
    await using folder = await TestCodeFolder.make(await compiler(working))
    const source = await folder.call(posted('text', 'niam', { GREETING: 'a=b=c' }))
    assert.deepEqual(source, { main: 'niam', source: 'text', greeting: 'a=b=c', home: '' })
  })

  it('compiles archives too, unless they hold a program already', async () => {
    await using folder = await TestCodeFolder.make(await compiler(working))
    assert.equal((await folder.call(posted(zip([{ path: 'lib/a.txt', text: 'unpacked' }]))))['source'], 'unpacked')
    const ready = '#!/bin/sh\nread -r line; echo \'{"ready":1}\' >&3; read -r line'
    assert.deepEqual(await folder.call(posted(zip([{ path: 'exec', text: ready }]))), { ready: 1 })
    assert.deepEqual(await folder.call(posted(ready)), { ready: 1 })
  })

  const failures = {
    'prints to stdout': ['echo mistake', 'mistake\n'],
    'prints to stderr, though it makes a program': [`${working}\necho careful >&2`, 'careful\n'],
    'ends with a code': ['exit 7', 'exit status 7'],
    'is killed': ['kill -9 $$', 'signal: SIGKILL'],
    'makes nothing': ['', 'cannot compile'],
  } as const
  for (const [name, [text, output]] of Object.entries(failures))
    it(`that ${name} has failed`, async () => {
      await using folder = await TestCodeFolder.make(await compiler(text))
      const { details } = await folder.refuses(posted('text'), 'COMPILE_FAILED', /Cannot compile/)
      assert.equal(details.output, output)
    })

  it('may print where that is allowed, as long as it ends with 0', async () => {
    await using quiet = await TestCodeFolder.make({ ...(await compiler(`echo hint; ${working}`)), silent: false })
    assert.equal((await quiet.call(posted('text')))['source'], 'text')
    await using loud = await TestCodeFolder.make({ ...(await compiler('echo wrong; exit 1')), silent: false })
    assert.equal((await loud.refuses(posted('x'), 'COMPILE_FAILED', /printed/)).details.output, 'wrong\n')
  })

  it('that is not there, or may not be executed, has failed in the words of the system', async () => {
    await using missing = await TestCodeFolder.make({ compiler: '/nowhere/compile', allow: ['process'] })
    const { details } = await missing.refuses(posted('text'), 'COMPILE_FAILED', /could not be started/)
    assert.equal(details.output, 'fork/exec /nowhere/compile: no such file or directory')
    await missing.refuses(posted('text', 'no\0name'), 'COMPILE_FAILED', /could not be started/)
  })

  it('that takes too long is ended, with all that it has started', async () => {
    const pids = join(tools, 'pids')
    const text = `sleep 600 & echo $! > ${pids}; sleep 600 | cat`
    await using folder = await TestCodeFolder.make({ ...(await compiler(text)), compileTime: '500 ms' })
    await folder.refuses(posted('text'), 'COMPILE_FAILED', /longer than 500 ms/)
    const pid = Number(await readFile(pids, 'utf8'))
    while (isAlive(pid)) await sleep(10)
  })

  it(
    'that leaves something behind which holds its output is not waited for without end',
    {
      skip: process.platform !== 'linux' && 'needs setsid',
    },
    async () => {
      const left = join(tools, 'left')
      const text = `setsid sh -c 'echo $$ > ${left}.pid; mv ${left}.pid ${left}; exec sleep 600' & until [ -e ${left} ]; do :; done`
      await using folder = await TestCodeFolder.make({ ...(await compiler(text)), compileTime: '300 ms' })
      try {
        await folder.refuses(posted('text'), 'COMPILE_FAILED', /longer than 300 ms/)
      } finally {
        process.kill(Number(await readFile(left, 'utf8')))
      }
    },
  )

  it('that floods its output is not kept in memory', async () => {
    await using folder = await TestCodeFolder.make(await compiler('head -c 20000000 /dev/zero | tr "\\0" x'))
    const { details } = await folder.refuses(posted('text'), 'COMPILE_FAILED', /printed/)
    assert.equal(details.output?.length, 2 ** 20)
  })

  it('gets a jar as it is, and anything else unpacked', async () => {
    const list =
      'printf \'#!/bin/sh\\nread -r line; echo {\\\\"files\\\\":\\\\"%s\\\\"} >&3; read -r line\\n\' "$(ls "$2" | tr "\\n" " ")" > "$3/exec"'
    await using folder = await TestCodeFolder.make({ ...(await compiler(list)), saveJar: 'exec.jar' })
    const jar = zip([{ path: 'META-INF/MANIFEST.MF', text: 'Manifest-Version: 1.0' }, { path: 'hello.txt' }])
    assert.deepEqual(await folder.call(posted(jar)), { files: 'exec.jar ' })
    assert.deepEqual(await folder.call(posted(zip([{ path: 'a' }, { path: 'b' }]))), { files: 'a b ' })
    const { details } = await folder.refuses(posted('PK\x03\x04 no zip'), 'CODE_ARCHIVE', /Cannot unpack/)
    assert.equal(details.output, 'not a zip file')
    await using plain = await TestCodeFolder.make(await compiler(list))
    assert.deepEqual(await plain.call(posted(jar)), { files: 'META-INF hello.txt ' })
  })

  it('gets its paths from the working directory where they lie there, as compilers for OpenWhisk expect', async () => {
    await mkdir('node_modules/.cache', { recursive: true })
    const place = await realpath(await mkdtemp('node_modules/.cache/mortise-code-'))
    try {
      const { compiler: command } = await compiler('echo "$1 $2 $3"')
      const folder = new CodeFolder({ folder: place, compiler: command, allow: ['process'] })
      const name = place.slice(process.cwd().length + 1)
      await assert.rejects(folder.prepare(posted('text')), {
        details: { output: `main ${name}/1/src ${name}/1/bin\n` },
      })
    } finally {
      await rm(place, { recursive: true })
    }
  })
})

describe('what is compiled to a zip archive', { skip: windows }, () => {
  it('can be posted where there is no compiler', async () => {
    await using folder = await TestCodeFolder.make(await compiler(working))
    const archive = await folder.folder.compileToZip(posted('text'))
    assert.deepEqual(await readdir(folder.path), [])
    await using plain = await TestCodeFolder.make({ allow: ['process'], executionEnv: 'env' })
    const answer = await plain.call(posted(archive))
    assert.equal(answer['main'], 'main')
    await assert.rejects(folder.folder.compileToZip(posted('')), { code: 'CODE_EMPTY' })
  })

  it('holds JavaScript and guests so that they can be posted too', async () => {
    await using folder = await TestCodeFolder.make({ allow: ['esm', 'wasm'] })
    const text = await folder.folder.compileToZip(posted('function niam(p) { return { hello: p.name } }', 'niam'))
    assert.deepEqual(await folder.call(posted(text, 'niam')), { hello: 'Mike' })
    const guest = await folder.folder.compileToZip(posted(await readFile('examples/hello/guest/index.ts')))
    assert.deepEqual(await folder.call(posted(guest)), { greetings: 'Hello, Mike' })
    assert.deepEqual(await readdir(folder.path), [])
  })
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
