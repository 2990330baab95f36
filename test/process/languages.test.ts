import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { inFolder } from '../support/guest.ts'
import { fails, plugProcess, shell } from '../support/process.ts'

const run = promisify(execFile)
const page = await readFile(new URL('../../docs/process.md', import.meta.url), 'utf8')
const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' }

/** The example of a language in the documentation. */
function example(language: string): string {
  const [, text] = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page) ?? []
  assert(text !== undefined)
  return text
}

/** Why a test is skipped; CI never skips, there a tool that is missing fails the test that needs it. */
async function missing(command: string, ...args: readonly string[]): Promise<string | false> {
  if (process.env['CI'] !== undefined && process.env['CI'] !== '') return false
  return run(command, args).then(
    () => false,
    () => `needs ${command}`,
  )
}

const [noPython, noC, noGo] = await Promise.all([
  missing('python3', '--version'),
  missing('gcc', '--version'),
  missing('go', 'version'),
])

/** Compiles one file to a program. */
async function compiled(
  name: string,
  text: string,
  command: (source: string, output: string) => readonly string[],
): Promise<Uint8Array> {
  return inFolder({ [name]: text }, async (folder) => {
    const output = join(folder, 'output')
    const [program = '', ...args] = command(join(folder, name), output)
    await run(program, args, { env: { ...process.env, GO111MODULE: 'off', GOFLAGS: '' } })
    return readFile(output)
  })
}

const go = `package main

import ("bufio"; "encoding/json"; "fmt"; "os")

func main() {
	answers := os.NewFile(3, "answers")
	fmt.Fprintln(answers, \`{"ok":true}\`)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var call struct{ Value map[string]any }
		if err := json.Unmarshal(lines.Bytes(), &call); err != nil { panic(err) }
		if call.Value["act"] == "crash" { panic("mine") }
		answer, _ := json.Marshal(call.Value)
		fmt.Fprintf(answers, "%s\\n", answer)
	}
}
`

describe('a program', () => {
  it('in Python, as in the documentation', { skip: noPython }, async () => {
    await using guest = await plugProcess(Buffer.from(example('python')), { env }, { GREETING: 'Hi' })
    assert.deepEqual(await guest.main({ name: 'Mike' }), { greetings: 'Hi, Mike' })
    assert.deepEqual(await guest.main({ name: 'é🦀' }), { greetings: 'Hi, é🦀' })
    assert.deepEqual(await guest.main({}), { error: 'no name specified' })
    assert.deepEqual(
      guest.logs.map(({ source, text }) => `${source} ${text}`),
      ['stdout greeting Mike', 'stdout greeting é🦀', 'stdout greeting None'],
    )
  })

  it('in C, as in the documentation', { skip: noC }, async () => {
    const program = await compiled('main.c', example('c'), (source, output) => ['gcc', '-O1', '-o', output, source])
    await using guest = await plugProcess(program, { pipeline: 16 })
    const events = Array.from({ length: 1000 }, (_, id) => ({ id, text: 'é🦀"}\n'.repeat(id % 10) }))
    assert.deepEqual(await Promise.all(events.map((event) => guest.main(event))), events)
  })

  it('in Go, which acknowledges', { skip: noGo }, async () => {
    const program = await compiled('main.go', go, (source, output) => ['go', 'build', '-o', output, source])
    await using guest = await plugProcess(program, { ack: true })
    assert.deepEqual(await guest.main({ a: [1, { b: null }] }), { a: [1, { b: null }] })
    const { details } = await fails('PROCESS_ENDED', guest.main({ act: 'crash' }))
    assert.equal(details.exitCode, 2)
    assert.match(details.stderr ?? '', /goroutine/)
    assert.deepEqual(await guest.main({}), {})
  })

  it('for the shell', async () => {
    await using guest = await plugProcess(
      shell('while read -r line; do echo "{\\"length\\":$(expr length "$line")}" >&3; done'),
      { env },
    )
    assert.deepEqual(await guest.main({ a: 1 }), { length: '{"value":{"a":1}}'.length })
  })

  it('that announces marks may log with a level, and throw', async () => {
    await using guest = await plugProcess(
      shell(`
        echo '{"ok":true,"mortise":1}' >&3
        read -r line
        echo '#{"level":"warn","text":"careful"}' >&3
        echo '#plain' >&3
        echo '{}' >&3
        read -r line
        echo '!{"message":"mine","stack":"mine at line 1"}' >&3
        read -r line
        echo '!what' >&3
        read -r line`),
      { ack: true },
    )
    assert.deepEqual(await guest.main({}), {})
    assert.deepEqual(
      guest.logs.map(({ source, level, text }) => [source, level, text]),
      [
        ['log', 'warn', 'careful'],
        ['log', 'info', 'plain'],
      ],
    )
    const error = await fails('GUEST_THREW', guest.main({}))
    assert(error.cause instanceof Error && error.cause.stack === 'mine at line 1')
    assert.equal(error.details.guest?.message, 'mine')
    assert.match((await fails('GUEST_THREW', guest.main({}))).message, /what/)
  })
})

describe('a module in a process', () => {
  const js = (text: string): Uint8Array => Buffer.from(text)

  for (const [what, source] of Object.entries({
    'exports main': 'export const main = ({ n }) => ({ n })',
    'exports main asynchronously': 'export const main = async ({ n }) => ({ n: await n })',
    'exports by default': 'export default ({ n }) => ({ n })',
    'exports an object by default': 'export default { main: ({ n }) => ({ n }) }',
    'waits at its top': 'const n = await 1; export const main = () => ({ n })',
    'is TypeScript': 'interface Event { n: number }\nexport const main = ({ n }: Event): object => ({ n })',
    'answers with a thenable': 'export const main = ({ n }) => ({ then: (resolve) => resolve({ n }) })',
  })) {
    it(`${what} is called`, async () => {
      await using guest = await plugProcess(js(source))
      assert.deepEqual(await guest.main({ n: 1 }), { n: 1 })
    })
  }

  it('imports its neighbours, in TypeScript and in CommonJS', () =>
    inFolder(
      {
        'main.ts':
          "import { greet } from './greet.ts'\nexport const main = ({ name }: { name: string }): object => ({ is: greet(name) })",
        'greet.ts': "export const greet = (name: string): string => 'Hello, ' + name",
        'old.cjs': "const { join } = require('node:path')\nexports.main = ({ name }) => ({ is: join('/', name) })",
      },
      async (folder) => {
        await using one = await plugProcess(join(folder, 'main.ts'))
        assert.deepEqual(await one.main({ name: 'Mike' }), { is: 'Hello, Mike' })
        await using other = await plugProcess(join(folder, 'old.cjs'))
        assert.deepEqual(await other.main({ name: 'a' }), { is: '/a' })
      },
    ))

  for (const [what, [source, problem]] of Object.entries({
    'no main': ['export const other = 1', /'main' is missing/],
    'a main that is no function': ['export const main = 1', /main' is number/],
    'a syntax error': ['export const main = (', /./],
    'an error while it loads': ["throw new Error('mine')", /mine/],
    'an import of what is not there': ["import 'file:///no/such/file.js'", /no\/such\/file/],
  } as const)) {
    it(`with ${what} is refused`, async () => {
      const error = await fails('MODULE_REFUSED', plugProcess(js(source)))
      assert.match(error.details.problems?.join() ?? '', problem)
    })
  }

  it('that ends while it loads is refused', async () => {
    const error = await fails('PROCESS_NOT_STARTED', plugProcess(js('process.exit(3)')))
    assert.equal(error.details.exitCode, 3)
  })

  for (const value of ['undefined', 'null', "'text'", 'Object.create(null)', '{ get message() { throw 1 } }']) {
    it(`that throws ${value} is one typed error, and goes on`, async () => {
      await using guest = await plugProcess(
        js(`export async function main({ ok }) { if (ok) return {}; throw (${value}) }`),
      )
      await fails('GUEST_THREW', guest.main({}))
      assert.deepEqual(await guest.main({ ok: true }), {})
      assert.equal(guest.events.length, 1)
    })
  }

  for (const value of [
    'undefined',
    '1n',
    '(() => { const a = {}; a.a = a; return a })()',
    "'text'",
    'Promise.resolve()',
  ]) {
    it(`that answers with ${value} is one typed error, and goes on`, async () => {
      await using guest = await plugProcess(js(`export const main = ({ ok }) => (ok ? {} : ${value})`))
      await fails('GUEST_RESULT', guest.main({}))
      assert.deepEqual(await guest.main({ ok: true }), {})
      assert.equal(guest.events.length, 1)
    })
  }

  it('calls in order, however long each takes, with the logs of each before its answer', async () => {
    await using guest = await plugProcess(
      js(`
        let last = -1
        export async function main({ id }, { log }) {
          if (id !== ++last) throw new Error('out of order')
          for (let turn = (id * 7) % 5; turn > 0; turn--) await new Promise((resolve) => setImmediate(resolve))
          log.info('call ' + id)
          console.log('print ' + id)
          return { id }
        }`),
      { pipeline: 8 },
    )
    await Promise.all(
      Array.from({ length: 300 }, async (_, id) => {
        assert.deepEqual(await guest.main({ id }), { id })
        assert(guest.logs.some(({ text }) => text === `call ${id}`))
      }),
    )
    const logged = guest.logs.filter(({ source }) => source === 'log')
    assert.equal(new Set(logged.map(({ call }) => call)).size, 300)
  })

  it('that never ends is ended by its deadline, which is not that of its start', async () => {
    const guest = await plugProcess(js('export const main = ({ ok }) => { while (!ok); return {} }'), {
      deadline: 2000,
    })
    await using _ = guest
    const start = performance.now()
    await fails('DEADLINE', guest.main({}))
    assert(performance.now() - start < 30_000)
    assert.deepEqual(await guest.main({ ok: true }), {})
  })

  it('may leave timers behind and still ends with its input', async () => {
    const guest = await plugProcess(js('setInterval(() => {}, 1000); export const main = () => ({})'))
    await guest.main({})
    await guest.plugin.unplug()
    assert.equal(guest.events.at(-1)?.exitCode, 0)
  })

  it('has its settings in its context and its environment, as far as that can hold them', async () => {
    const config = { PLAIN: 'text', 'odd=name': '1', LONE: '\ud800' }
    await using guest = await plugProcess(
      js('export const main = (_, { config }) => ({ config, env: process.env })'),
      { env: { BASE: '1' } },
      config,
    )
    assert.deepEqual(await guest.main({}), { config, env: { BASE: '1', PLAIN: 'text' } })
  })
})
