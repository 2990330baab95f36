import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { mortise, startMortise } from '../support/cli.ts'

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mortise-dev-'))
})
after(() => rm(folder, { recursive: true, force: true }))

const save = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text)

describe('mortise dev', () => {
  test('says in words what it does, and ends by Ctrl-C', async () => {
    await save('hello.js', "export const main = ({ name }) => ({ greetings: 'Hello, ' + name })\n")
    await save('params.json', '{"name":"Mike"}')
    const dev = startMortise(['dev', 'hello.js', '--port', '0', '--invoke', 'params.json'], folder)
    const until = async (wanted: RegExp): Promise<void> => {
      for (;;) {
        const line = await dev.lines.next()
        assert.notEqual(line.done, true)
        if (line.done !== true && wanted.test(line.value)) return
      }
    }
    await until(/^hello \(javascript, action\) at http:\/\/127\.0\.0\.1:\d+\/run\/hello$/)
    await until(/^\d\d:\d\d:\d\d version 1 is live, \d+ B in .+ \(wait \d.*, load \d.*\)$/)
    await until(/^\d\d:\d\d:\d\d 200 in .+: \{"greetings":"Hello, Mike"\}$/)
    await save('hello.js', "export const main = ({ name }) => ({ greetings: 'Hi, ' + name })\n")
    await until(/^\d\d:\d\d:\d\d hello\.js$/)
    await until(/version 2 is live/)
    await until(/200 in .+: \{"greetings":"Hi, Mike"\}$/)
    const ended = dev.stop()
    while ((await dev.lines.next()).done !== true);
    assert.equal(await ended, 0)
  })

  test('refuses what it cannot begin with', async () => {
    await save('data.bin', '\u0000\u0001')
    await save('orders.ts', "import { mustGet } from 'tenon/extension'\n")
    for (const [args, code, wanted] of [
      [['nowhere.ts'], 1, /^ARTIFACT_UNREADABLE Cannot read the guest 'nowhere\.ts': /],
      [['.'], 1, /^ARTIFACT_UNREADABLE .* there is no index\.ts, /],
      [['orders.ts'], 1, /^MODULE_REFUSED .*'extension', which no server calls/],
      [['data.bin'], 1, /^ARTIFACT_UNKNOWN /],
      [['hello.js', '--env-from', 'none'], 1, /^CONFIG_UNREADABLE /],
      [['hello.js', '--memory', 'much'], 2, /memory/],
      [['hello.js', '--env', 'x'], 2, /NAME=VALUE/],
      [['hello.js', '--runtime', 'native'], 2, /wasm, esm, process/],
      [['hello.js', '--port', 'x'], 2, /whole number/],
      [[], 2, /one path/],
    ] as const) {
      const { code: got, stdout, stderr } = await mortise(['dev', '--port', '0', ...args], { cwd: folder })
      assert.deepEqual([got, stdout], [code, ''], stderr)
      assert.match(stderr, wanted)
    }
  })

  test('tells what is wrong with the parameters, and goes on', async () => {
    await save('bad.json', '[1')
    const dev = startMortise(['dev', 'hello.js', '--port', '0', '--invoke', 'bad.json', '--json'], folder)
    const seen: string[] = []
    for (let line = await dev.lines.next(); line.done !== true; line = await dev.lines.next()) {
      seen.push(line.value)
      if (line.value.includes('"failed"')) break
    }
    assert.match(seen.at(-1) ?? '', /"code":"EVENT_INVALID","message":"Cannot call the guest with 'bad\.json'/)
    const ended = dev.stop()
    while ((await dev.lines.next()).done !== true);
    assert.equal(await ended, 0)
  })
})
