import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/*
 * The document "run-go-plugin": what it has people type, without the cloud. Its bucket is a folder, or a server that hands out files, and what
 * it edits, builds and iterates on is a handler of JavaScript with the name that it asks for, `Handler`.
 */

const run = promisify(execFile)
const bin = fileURLToPath(new URL('../../bin/mortise.js', import.meta.url))

/** Its sample, "pretty much a standard cloud run hello-world", which serves alone too. */
const main = `import { createServer } from 'node:http'

export function Handler(request, response) {
  response.end(\`Hello \${process.env.TARGET ?? 'World'}!\\n\`)
}

if (import.meta.main) {
  const server = createServer(Handler).listen(Number(process.env.PORT), () => console.log(server.address().port))
}
`

/** Builds and ships: its update.sh, with the bucket that was given and not another, and a token. */
const update = `set -e
: "\${PLUGIN_BUCKET:?}" "\${HARNESS_URL:?}"
cp main.js "$PLUGIN_BUCKET/plugin.js"
curl -sS -X POST "$HARNESS_URL/_reload" -H "authorization: Bearer $(cat "$TOKEN_FILE")"
`

interface Harness extends AsyncDisposable {
  readonly url: string
  readonly token: string
  readonly exit: Promise<number | null>
}

async function harness(bucket: string, ...more: readonly string[]): Promise<Harness> {
  const child = spawn(process.execPath, [bin, 'serve', '--harness', ...more], {
    env: { ...process.env, PORT: '0', PLUGIN_BUCKET: bucket },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exit = once(child, 'close').then(([code]: (number | null)[]) => code ?? null)
  let [url, token] = ['', '']
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stderr })) {
    lines.push(line)
    url ||= /^Ready at (\S+)$/.exec(line)?.[1] ?? ''
    token = /cat '(.+)'\)/.exec(line)?.[1] ?? ''
    if (token !== '') break
  }
  assert(token !== '', lines.join('\n'))
  child.stderr.resume()
  return {
    url,
    token,
    exit,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await exit
    },
  }
}

const tools = await run('curl', ['--version']).then(
  () => false,
  () => 'needs curl',
)

describe('run-go-plugin', { skip: tools }, () => {
  let folder = ''
  let bucket = ''
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mortise-run-plugin-'))
    bucket = await mkdtemp(join(tmpdir(), 'mortise-bucket-'))
    await writeFile(join(folder, 'main.js'), main)
    await writeFile(join(folder, 'update.sh'), update)
  })
  after(async () => {
    for (const path of [folder, bucket]) await rm(path, { recursive: true, force: true })
  })

  const shell = async (command: string, { url, token }: Pick<Harness, 'url' | 'token'>): Promise<string> => {
    const env = { ...process.env, PLUGIN_BUCKET: bucket, HARNESS_URL: url, TOKEN_FILE: token }
    return (await run('sh', ['-c', command], { cwd: folder, env })).stdout
  }
  const edit = async (from: string, to: string): Promise<void> => {
    const path = join(folder, 'main.js')
    await writeFile(path, (await readFile(path, 'utf8')).replace(from, to))
  }

  it('is edited, updated and asked, again and again, by one server that never closes its door', async () => {
    await using served = await harness(bucket)
    assert.equal(await shell('curl -s $HARNESS_URL', served), 'No Plugin Found\n')
    assert.equal(await shell('sh update.sh', served), 'ok')
    // "You should see a simple hello world"
    assert.equal(await shell('curl -s $HARNESS_URL', served), 'Hello World!\n')
    // "Now edit main.go and change the hello world to something else and update"
    await edit('Hello', 'Goodbye')
    assert.equal(await shell('sh update.sh', served), 'ok')
    assert.equal(await shell('curl -s $HARNESS_URL', served), 'Goodbye World!\n')
    // Back: what the experiment answered with "ok", and did not do
    await edit('Goodbye', 'Hello')
    assert.equal(await shell('sh update.sh', served), 'ok')
    assert.equal(await shell('curl -s $HARNESS_URL', served), 'Hello World!\n')
    assert.match(await shell('curl -s -D - -o /dev/null $HARNESS_URL', served), /x-mortise-version: 3\r\n/i)
  })

  it('loses nothing to what does not work', async () => {
    await using served = await harness(bucket)
    await edit('Handler(', 'Handle(')
    assert.match(await shell('sh update.sh', served), /"error":".*Handler/)
    assert.equal(await shell('curl -s $HARNESS_URL', served), 'Hello World!\n')
    await edit('Handle(', 'Handler(')
    assert.equal(await shell('sh update.sh', served), 'ok')
  })

  it('is reloaded and ended by those who may, and then says so to whoever starts it again', async () => {
    await using served = await harness(bucket)
    for (const path of ['_reload', '_die']) {
      const status = (more: string): Promise<string> =>
        shell(`curl -s -o /dev/null -w '%{http_code}' ${more} $HARNESS_URL/${path}`, served)
      assert.deepEqual([await status(''), await status('-XPOST')], ['405', '401'])
    }
    const die = 'curl -s -XPOST $HARNESS_URL/_die -H "authorization: Bearer $(cat "$TOKEN_FILE")"'
    assert.equal(await shell(die, served), 'reseting')
    assert.equal(await served.exit, 1)
  })

  it('runs as it is where it is deployed at last', async () => {
    const child = spawn(process.execPath, ['main.js'], {
      cwd: folder,
      env: { ...process.env, PORT: '0', TARGET: 'production' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const exit = once(child, 'exit')
    try {
      const port = String(await once(child.stdout.setEncoding('utf8'), 'data')).trim()
      assert.equal((await run('curl', ['-s', `http://localhost:${port}`])).stdout, 'Hello production!\n')
    } finally {
      child.kill()
      await exit
    }
  })

  it('fetches what is in a bucket elsewhere', async () => {
    const files = createServer((request, response) => {
      void readFile(join(bucket, request.url ?? '')).then(
        (bytes) => response.end(bytes),
        () => response.writeHead(404).end(),
      )
    }).listen(0, '127.0.0.1')
    await once(files, 'listening')
    const address = files.address()
    assert(typeof address === 'object' && address !== null)
    try {
      await using served = await harness(`http://127.0.0.1:${address.port}`)
      assert.equal(await shell('curl -s $HARNESS_URL', served), 'Hello World!\n')
    } finally {
      files.close()
      files.closeAllConnections()
    }
  })
})
