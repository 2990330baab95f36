import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { main } from '../../src/cli/main.ts'
import { evenOnly, lastDigit } from '../scheduling/guests.ts'
import { inFull, nodeNamed, podNamed } from '../server/extender/extender.ts'
import { looksAtBindings } from '../server/extender/guests.ts'
import { folder, post } from '../server/server.ts'

const bin = fileURLToPath(new URL('../../bin/mortise.js', import.meta.url))

/** `mortise serve --extender`, of which every line is to be waited for. */
class Command implements AsyncDisposable {
  readonly #child
  readonly #ended: Promise<number | null>
  readonly #lines: string[] = []
  #arrived = Promise.withResolvers<void>()
  #over = false

  constructor(args: readonly string[]) {
    this.#child = spawn(process.execPath, [bin, 'serve', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#ended = new Promise((resolve) => {
      this.#child.once('close', resolve)
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.#lines.push(line)
        this.#arrived.resolve()
        this.#arrived = Promise.withResolvers()
      })
    }
    void this.#ended.then(() => {
      this.#over = true
      this.#arrived.resolve()
    })
  }

  /** What the first line that matches has in parentheses. */
  async line(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = this.#lines.map((line) => pattern.exec(line)).find((match) => match !== null)
      if (found !== undefined) return found[1] ?? ''
      assert(!this.#over, `it ended without ${String(pattern)}: ${this.#lines.join('\n')}`)
      await this.#arrived.promise
    }
  }

  async end(): Promise<number | null> {
    this.#child.kill('SIGTERM')
    return this.#ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }
}

test('a file of YAML says which plugins there are, and what changes in it counts at once', async () => {
  await using files = await folder()
  await files.file('even.wasm', evenOnly)
  await files.file('last.wasm', lastDigit)
  await files.file('looks.wasm', looksAtBindings)
  const list = (plugins: string): Promise<string> => files.file('plugins.yaml', `port: 0\nplugins:\n${plugins}`)
  const even = '  - { name: even, path: ./even.wasm, weight: 2, limits: { deadline: 50 ms } }\n'
  const file = await list(even)
  await using command = new Command(['--extender', file])
  const url = await command.line(/^Ready at (\S+)$/)
  await command.line(/^ {2}even [0-9a-f]{12}$/)
  const nodes = [nodeNamed('node-1'), nodeNamed('node-2')]
  const body = JSON.stringify(inFull(podNamed('web'), nodes))
  assert.match((await post(`${url}/filter`, body)).text, /"FailedNodes":{"node-1":"its number is odd"}/)
  await command.line(/POST \/filter 200/)
  await list(`${even}  - { name: last, path: last.wasm }\n`)
  await command.line(/changed: the plugins are (even, last)$/)
  assert.match(
    (await post(`${url}/prioritize`, JSON.stringify(inFull(podNamed('api'), nodes)))).text,
    /^\[{"Host":"node-1","Score":1},{"Host":"node-2","Score":2}\]/,
  )
  await list('  - { name: last, path: absent.wasm }\n')
  await command.line(/changed, and cannot be used, so that everything stays as it is: .*absent.wasm/)
  await list('  - { name: looks, path: looks.wasm }\ntimeout: 1 s\n')
  await command.line(
    /'looks' takes part in reserve, unreserve, permit, for which the extender API of kube-scheduler has no verb/,
  )
  await command.line(/^What else changed in it counts after the next start$/)
  await writeFile(`${files.path}/looks.wasm`, evenOnly)
  await command.line(/Swapped 'looks'/)
  assert.equal(await command.end(), 0)
})

test('what does not go with an extender, and files that are none, are refused', async () => {
  await using files = await folder()
  const file = await files.file('plugins.yaml', 'plugins: [{ name: a, path: a.wasm }]\n')
  const refused: readonly [readonly string[], number, RegExp][] = [
    [['--extender', file, '--takeover', '--reinit'], 2, /does not go with/],
    [['--extender', file, '--store', 'x'], 2, /--store does not go with --extender/],
    [['--extender', file, 'a.wasm'], 2, /It takes plugins in the file of --extender/],
    [['--extender', file, '--context', 'a'], 2, /--context takes --kubeconfig too/],
    [['--extender', file, '--kubeconfig', 'a', '--service-account'], 2, /--kubeconfig or --service-account/],
    [['--extender', file, '--tls-ca', 'a'], 2, /--tls-cert and --tls-key together/],
    [['--extender', file], 1, /a.wasm/],
    [['--extender', `${files.path}/absent.yaml`], 1, /CONFIG_UNREADABLE|Cannot read/],
    [['--extender', await files.file('list.yaml', '[]')], 1, /no object with a list 'plugins'/],
    [['--extender', await files.file('other.yaml', 'plugins: []\nothers: 1')], 1, /there is no option 'others'/],
    [['--extender', await files.file('none.yaml', 'plugins: {}')], 2, /Cannot set 'plugins'/],
  ]
  for (const [args, code, sentence] of refused) {
    let said = ''
    const out = (text: string): void => void (said += text)
    const ended = await main(['serve', ...args], {
      out,
      err: out,
      colors: false,
      read: () => Promise.resolve(undefined),
    })
    assert.match(said, sentence)
    assert.equal(ended, code, args.join(' '))
  }
})
