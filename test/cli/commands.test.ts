import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { mortise, startMortise } from '../support/cli.ts'

const guest = fileURLToPath(new URL('../../examples/hello/guest', import.meta.url))
const commands = [
  'new',
  'dev',
  'build',
  'bindings',
  'run',
  'serve',
  'deploy',
  'list',
  'rollback',
  'remove',
  'logs',
  'token',
  'simulate',
  'inspect',
]
let folder = ''
const inFolder = (name: string): string => join(folder, name)

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mortise-cli-'))
  const built = await mortise(['build', guest, '-o', inFolder('hello.wasm')])
  assert.equal(built.code, 0, built.stderr)
})
after(() => rm(folder, { recursive: true, force: true }))

describe('mortise', () => {
  test('says what it can do, and answers an unknown command with the commands there are', async () => {
    const help = await mortise(['--help'])
    assert.equal(help.code, 0)
    for (const command of commands) assert.match(help.stdout, new RegExp(`^  ${command} `, 'm'))
    const unknown = await mortise(['fly'])
    assert.equal(unknown.code, 2)
    assert.match(unknown.stderr, /'fly': there are new, dev, build, .*, inspect\n/)
    assert.equal((await mortise([])).code, 2)
  })

  test('says its version', async () => {
    const said: unknown = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
    assert.ok(typeof said === 'object' && said !== null && 'version' in said)
    assert.equal((await mortise(['--version'])).stdout, `${String(said.version)}\n`)
  })

  for (const command of commands) {
    test(`${command} --help has an example, and a wrong option ends with exit code 2 and the way to the help`, async () => {
      const help = await mortise([command, '--help'])
      assert.equal(help.code, 0)
      assert.match(help.stdout, /Examples?:\n {2}(?:echo .*\| )?mortise /)
      const wrong = await mortise([command, '--sideways'])
      assert.deepEqual([wrong.code, wrong.stdout], [2, ''])
      assert.match(wrong.stderr, new RegExp(`--sideways[\\s\\S]*mortise ${command} --help`))
      const machine = await mortise([command, '--sideways', '--json'])
      assert.equal(machine.code, 2)
      assert.match(machine.stdout, /^\{"ok":false,"error":\{"code":"USAGE",/)
    })
  }
})

describe('mortise run', () => {
  test('prints the result on stdout and what the guest logs on stderr', async () => {
    const { code, stdout, stderr } = await mortise(['run', inFolder('hello.wasm'), '--data', '{"name":"Mike"}'])
    assert.deepEqual([code, stdout, stderr], [0, '{"greetings":"Hello, Mike"}\n', '[info] greeting Mike\n'])
  })

  test('takes the event from a file or from stdin, and is content with none', async () => {
    await writeFile(inFolder('event.json'), '{"name":"File"}')
    const file = await mortise(['run', inFolder('hello.wasm'), '--input', inFolder('event.json')])
    assert.equal(file.stdout, '{"greetings":"Hello, File"}\n')
    const piped = await mortise(['run', inFolder('hello.wasm')], { input: '{"name":"Pipe"}' })
    assert.equal(piped.stdout, '{"greetings":"Hello, Pipe"}\n')
    const none = await mortise(['run', inFolder('hello.wasm')])
    assert.deepEqual([none.code, none.stdout], [0, '{"error":"no name specified"}\n'])
  })

  test('builds a source first', async () => {
    const { stdout } = await mortise(['run', guest, '--data', '{"name":"Mike"}'])
    assert.equal(stdout, '{"greetings":"Hello, Mike"}\n')
  })

  test('repeats a call, shows the last one and the time of each', async () => {
    const { code, stdout, stderr } = await mortise([
      'run',
      inFolder('hello.wasm'),
      '--data',
      '{"name":"Mike"}',
      '--repeat',
      '500',
    ])
    assert.deepEqual([code, stdout], [0, '{"greetings":"Hello, Mike"}\n'])
    assert.match(stderr, /^\[info\] greeting Mike\n500 calls, .+ each; loaded in /)
  })

  test('prints one object for machines, of a result and of a failure', async () => {
    const good = await mortise(['run', inFolder('hello.wasm'), '--data', '{"name":"Mike"}', '--json'])
    assert.match(good.stdout, /^\{"ok":true,"result":\{"greetings":"Hello, Mike"\},.*"runtime":"wasm","calls":1,/)
    assert.match(
      good.stdout,
      /"logs":\[\{"plugin":"hello","call":1,"source":"log","level":"info","text":"greeting Mike"\}\]/,
    )
    const bad = await mortise(['run', inFolder('nothing.wasm'), '--json'])
    assert.equal(bad.code, 1)
    assert.match(bad.stdout, /^\{"ok":false,"error":\{"code":"ARTIFACT_UNREADABLE",/)
  })

  test('ends with exit code 1 and a code when the event or the guest is bad', async () => {
    for (const [args, wanted] of [
      [['run', inFolder('hello.wasm'), '--data', '{name:'], /^EVENT_INVALID .*JSON object/],
      [['run', inFolder('hello.wasm'), '--data', '[1]'], /^EVENT_INVALID /],
      [['run', inFolder('hello.wasm'), '--data', ''], /^EVENT_INVALID /],
      [['run', inFolder('hello.wasm'), '--input', inFolder('none.json')], /^EVENT_INVALID .*ENOENT/],
      [['run', inFolder('event.json')], /^RUNTIME_NOT_ALLOWED /],
    ] as const) {
      const { code, stdout, stderr } = await mortise([...args])
      assert.deepEqual([code, stdout], [1, ''], stderr)
      assert.match(stderr, wanted)
    }
  })

  test("shows a crash with the guest's message, place and stack", async () => {
    await writeFile(
      inFolder('crash.ts'),
      "export function main(event: string): string {\n  if (event.length > 2) throw new Error('broken')\n  return event\n}\n",
    )
    const { code, stderr } = await mortise(['run', 'crash.ts', '--data', '{"a":1}'], { cwd: folder })
    assert.equal(code, 1)
    assert.match(stderr, /^GUEST_ABORT .*broken \(crash\.ts:2:25\)\n {4}at /)
  })

  test('runs an ES module only when that is allowed by name', async () => {
    await writeFile(
      inFolder('hi.mjs'),
      'export const main = async ({ name }, { config }) => ({ greetings: config.WORD + ", " + name })\n',
    )
    const refused = await mortise(['run', inFolder('hi.mjs')])
    assert.equal(refused.code, 1)
    assert.match(refused.stderr, /^RUNTIME_NOT_ALLOWED /)
    const allowed = await mortise([
      'run',
      inFolder('hi.mjs'),
      '--allow',
      'esm',
      '--config',
      'WORD=Hello',
      '--data',
      '{"name":"Mike"}',
    ])
    assert.deepEqual([allowed.code, allowed.stdout], [0, '{"greetings":"Hello, Mike"}\n'])
  })

  test('runs a program only when that is allowed by name, with its settings as environment', async () => {
    const file = inFolder('hi.sh')
    const source = '#!/bin/sh\nwhile read -r line; do echo hi >&2; echo "{\\"is\\":\\"$WORD\\"}" >&3; done\n'
    await writeFile(file, source, { mode: 0o755 })
    const refused = await mortise(['run', file, '--allow', 'esm'])
    assert.equal(refused.code, 1)
    assert.match(refused.stderr, /^RUNTIME_NOT_ALLOWED /)
    const allowed = await mortise(['run', file, '--allow', 'process', '--config', 'WORD=Hello'])
    assert.deepEqual([allowed.code, allowed.stdout, allowed.stderr], [0, '{"is":"Hello"}\n', 'hi\n'])
    await writeFile(file, '#!/bin/sh\nwhile :; do :; done\n', { mode: 0o755 })
    const late = await mortise(['run', file, '--allow', 'process', '--deadline', '100ms'])
    assert.equal(late.code, 1)
    assert.match(late.stderr, /^DEADLINE /)
  })

  test('takes one artifact, known limits and the hook that an action has', async () => {
    for (const args of [
      [],
      ['a', 'b', 'c'],
      [inFolder('hello.wasm'), 'other'],
      [inFolder('hello.wasm'), '--state', 'x'],
      ['a', '--repeat', '0'],
      ['a', '--restore', 'never'],
      ['a', '--deadline', 'soon'],
      ['a', '--allow', 'native'],
    ]) {
      assert.equal((await mortise(['run', ...args])).code, 2, args.join(' '))
    }
    const unknown = await mortise(['run', inFolder('hello.wasm'), '--memory', 'plenty'])
    assert.equal(unknown.code, 2)
    assert.match(unknown.stderr, /^OPTION_INVALID .*plenty/)
    const limits = ['--deadline', '1000', '--memory', '131072', '--fuel', '100000']
    assert.equal((await mortise(['run', inFolder('hello.wasm'), 'main', ...limits])).code, 0)
    assert.equal((await mortise(['run', inFolder('hello.wasm'), '--config', 'novalue'])).code, 2)
    assert.equal((await mortise(['run', inFolder('hello.wasm'), '--data', '{}', '--input', 'x'])).code, 2)
  })
})

describe('mortise inspect', () => {
  test('says what a module is made of, and that it fits', async () => {
    const { code, stdout } = await mortise(['inspect', inFolder('hello.wasm')])
    assert.equal(code, 0)
    for (const line of [
      /^kind +wasm-module$/m,
      /^digest +sha256 [0-9a-f]{64}$/m,
      /^processed-by +AssemblyScript /m,
      /^memory +65\.5 KB, /m,
    ])
      assert.match(stdout, line)
    assert.match(stdout, /^ {2}tenon log +func \(i32, i32\) -> \(\)$/m)
    assert.match(stdout, /^ {2}main +func \(i32\) -> \(i32\)$/m)
    assert.match(stdout, /^fits the contract 'action'$/m)
  })

  test('says what each limit adds to the code', async () => {
    const { code, stdout } = await mortise(['inspect', inFolder('hello.wasm'), '--rewrite'])
    assert.equal(code, 0)
    assert.match(stdout, /^rewritten with: 5$/m)
    for (const limits of ['memory', 'deadline', 'fuel', 'all'])
      assert.match(stdout, new RegExp(`^ {2}${limits} +[\\d.]+ KB \\(1\\d\\d %\\), [\\d.]+ [mµ]s, fresh$`, 'm'))
  })

  test('says what was found in a cache', async () => {
    const args = ['inspect', inFolder('hello.wasm'), '--rewrite', '--json', '--cache', inFolder('rewritten')]
    const from = async (): Promise<string[]> =>
      Array.from((await mortise(args)).stdout.matchAll(/"from":"(\w+)"/g), ([, where = '']) => where)
    assert.deepEqual(new Set(await from()), new Set(['fresh']))
    assert.deepEqual(new Set(await from()), new Set(['disk']))
    assert.equal((await mortise(args.toSpliced(2, 1))).code, 2)
  })

  test('lists everything that keeps a module from fitting', async () => {
    await writeFile(inFolder('empty.wasm'), Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))
    const { code, stdout } = await mortise(['inspect', inFolder('empty.wasm'), '--json'])
    assert.equal(code, 0)
    assert.deepEqual(
      Array.from(stdout.matchAll(/"export '(\w+)' is missing/g), ([, name]) => name),
      [
        'memory',
        'action_abi_1',
        'string_new',
        'main',
        'memory',
        'cabi_realloc',
        'fetch',
        'memory',
        'memory',
        'malloc',
        'WasmAbiVersion_0_0_1',
      ],
    )
  })

  test('says the kind of what is no module, and fails on what is broken or not there', async () => {
    assert.match((await mortise(['inspect', process.execPath])).stdout, /^kind +(?:elf|mach-o|pe)$/m)
    await writeFile(inFolder('cut.wasm'), (await readFile(inFolder('hello.wasm'))).subarray(0, 500))
    const cut = await mortise(['inspect', inFolder('cut.wasm')])
    assert.equal(cut.code, 1)
    assert.match(cut.stderr, /^MODULE_INVALID .* at byte \d+/)
    assert.equal((await mortise(['inspect', inFolder('none')])).code, 1)
  })
})

describe('mortise build', () => {
  test('writes the module beside its source, and says size and time', async () => {
    await writeFile(inFolder('echo.ts'), 'export function main(event: string): string {\n  return event\n}\n')
    const { code, stdout } = await mortise(['build', 'echo.ts', '--optimize', 'size'], { cwd: folder })
    assert.equal(code, 0)
    assert.match(stdout, /^echo\.wasm {2}[\d.]+ K?B {2}[\d.]+ m?s\n$/)
    assert.ok((await stat(inFolder('echo.wasm'))).size > 0)
  })

  test('shows compile errors with file, line and column', async () => {
    await writeFile(inFolder('wrong.ts'), 'export function main(event: string): string {\n  return evnt\n}\n')
    const { code, stdout, stderr } = await mortise(['build', 'wrong.ts'], { cwd: folder })
    assert.deepEqual([code, stdout], [1, ''])
    assert.match(stderr, /^BUILD_FAILED .*\n {2}wrong\.ts:2:10 .*evnt/)
  })

  test('says where it could not write', async () => {
    const { code, stderr } = await mortise(['build', guest, '-o', inFolder('no/such/folder.wasm')])
    assert.equal(code, 1)
    assert.match(stderr, /^BUILD_OUTPUT /)
  })

  test('--watch builds after every save, also one that replaces the file, and lives through errors', async () => {
    const source = (body: string): string => `export function main(event: string): string {\n  return ${body}\n}\n`
    await mkdir(inFolder('watched'))
    const file = inFolder('watched/index.ts')
    await writeFile(file, source('event'))
    const child = startMortise(['build', 'watched', '--watch', '--json', '--optimize', 'none'], folder)
    const next = async (): Promise<string> => String((await child.lines.next()).value)
    assert.match(await next(), /^\{"ok":true,/)
    await writeFile(file, source('nonsense'))
    assert.match(await next(), /^\{"ok":false,/)
    await writeFile(`${file}~`, source("'{}'"))
    await rename(`${file}~`, file)
    assert.match(await next(), /^\{"ok":true,/)
    assert.equal(await child.stop(), 0)
  })
})

describe('mortise new', () => {
  for (const [kind, tests, command, printed] of [
    ['action', 2, ['run', 'guest', '--data', '{"name":"Mike"}'], /^\{"greetings":"Hello, Mike"\}\n$/],
    [
      'http',
      2,
      ['run', 'guest', '--request', '/hello?name=Mike'],
      /^\{"status":200,.*"body":"\{\\"greetings\\":\\"Hello, Mike\\"\}"\}\n$/,
    ],
    ['extension', 4, ['run', 'guest', 'CountOrder', '--state', 'state.json'], /"value":\{"Amount":300\}\}\]\n$/],
    [
      'scheduler',
      3,
      ['simulate', 'cluster.yaml', '--plugin', 'guest', '--explain', 'db-0'],
      /^default\/db-0 goes to fast\.\n/,
    ],
  ] as const) {
    test(`makes a project of the kind ${kind}, whose own test passes and whose guest runs`, async () => {
      const made = await mortise(['new', kind, `my-${kind}`], { cwd: folder })
      assert.equal(made.code, 0, made.stderr)
      assert.match(made.stdout, new RegExp(`Next: cd my-${kind} && npm install && npm test\n$`))
      const cwd = inFolder(`my-${kind}`)
      // The Node that runs this test comes first, as in a project whose Node is new enough.
      const env = {
        ...process.env,
        PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
        NODE_TEST_CONTEXT: undefined,
      }
      const run = promisify(execFile)
      await run('npm', ['install', '--no-audit', '--no-fund'], { cwd, env })
      const { stdout } = await run('npm', ['test'], { cwd, env })
      assert.match(stdout, new RegExp(`pass ${tests}\n`))
      assert.match((await mortise(command, { cwd })).stdout, printed)
    })
  }

  test('keeps away from a folder that is not empty, and from names that no package can have', async () => {
    const taken = await mortise(['new', 'action', '.'], { cwd: folder })
    assert.deepEqual([taken.code, taken.stdout], [1, ''])
    assert.match(taken.stderr, /^PROJECT_EXISTS /)
    for (const args of [[], ['action'], ['planet', 'x'], ['action', '-x y-'], ['action', 'a', 'b']])
      assert.equal((await mortise(['new', ...args], { cwd: folder })).code, 2)
  })
})
