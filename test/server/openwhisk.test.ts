import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { ask, folder, helloModule, initBody, post, raw } from './server.ts'

const bin = fileURLToPath(new URL('../../bin/mortise.js', import.meta.url))
const sentinel = 'XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX\n'

/** A runtime as a container starts it. */
interface Runtime extends AsyncDisposable {
  readonly url: string
  init(code: Uint8Array | string, rest?: object): Promise<readonly [number, string]>
  run(value: object): Promise<readonly [number, string]>
  /** Asks it to end, and gives its exit code, stdout and stderr. */
  stop(): Promise<{ code: unknown; out: string; err: string }>
}

/** Starts one at a port that was free a moment ago: it says nothing when it is ready, as a container does. */
async function start(env: Record<string, string> = {}, ...flags: readonly string[]): Promise<Runtime> {
  const url = await freeUrl()
  const files = await folder()
  const args = [bin, 'serve', '--openwhisk', '--folder', files.path, ...flags]
  const stdio = ['ignore', 'pipe', 'pipe'] as const
  const PATH = process.env['PATH'] ?? ''
  const child = spawn(process.execPath, args, { env: { PATH, PORT: new URL(url).port, ...env }, stdio: [...stdio] })
  const closed = once(child, 'close')
  const out = text(child.stdout)
  const err = text(child.stderr)
  while (!(await ask(`${url}/readyz`).catch(() => undefined))) {
    if (child.exitCode !== null) assert.fail(`it ended: ${await err}`)
    await setImmediate()
  }
  const say = async (path: string, body: string): Promise<readonly [number, string]> => {
    const { status, text: answer } = await post(url + path, body)
    return [status, answer]
  }
  return {
    url,
    init: (code, rest) => say('/init', initBody(code, rest)),
    run: (value) => say('/run', JSON.stringify({ value })),
    async stop() {
      child.kill('SIGTERM')
      const [code] = (await closed) as readonly unknown[]
      return { code, out: await out, err: await err }
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await closed
      await files[Symbol.asyncDispose]()
    },
  }
}

async function freeUrl(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  server.close()
  return `http://127.0.0.1:${address.port}`
}

/** A program that prints on both streams and greets. */
const shell = `#!/bin/sh
while read -r line; do
  name=\${line##*'"name":"'}
  name=\${name%%'"'*}
  echo "out $name"
  echo "err $name" >&2
  printf '{"hello": "%s"}\\n' "$name" >&3
done
`

const mike = { name: 'Mike' }

describe('mortise serve --openwhisk', () => {
  test('says what the reference says, before, at and after its one initialisation', async () => {
    await using runtime = await start()
    assert.deepEqual(await runtime.run(mike), [500, '{"error":"no action defined yet"}\n'])
    for (const [body, status, error] of [
      ['', 400, 'Error unmarshaling request: unexpected end of JSON input'],
      ['XXX', 400, "Error unmarshaling request: invalid character 'X' looking for beginning of value"],
      [
        '{value:1}',
        400,
        "Error unmarshaling request: invalid character 'v' looking for beginning of object key string",
      ],
      [
        '{"value":1}',
        400,
        'Error unmarshaling request: json: cannot unmarshal number into Go struct field initRequest.value of type openwhisk.initBodyRequest',
      ],
      [
        '{"value":{"code":1}}',
        400,
        'Error unmarshaling request: json: cannot unmarshal number into Go struct field initBodyRequest.value.code of type string',
      ],
      [
        '[]',
        400,
        'Error unmarshaling request: json: cannot unmarshal array into Go value of type openwhisk.initRequest',
      ],
      ['{}', 403, 'Missing main/no code to execute.'],
      ['null', 403, 'Missing main/no code to execute.'],
      ['{"VALUE":{"Code":""}}', 403, 'Missing main/no code to execute.'],
      ['{"value":{"code":"!","binary":true}}', 400, 'cannot decode the request: illegal base64 data at input byte 0'],
    ] as const) {
      const answer = await post(`${runtime.url}/init`, body)
      assert.deepEqual([answer.status, answer.text], [status, `${JSON.stringify({ error })}\n`])
      assert.equal(answer.headers.get('content-type'), 'application/json')
    }
    assert.deepEqual(await runtime.init(shell), [200, '{"ok":true}\n'])
    assert.deepEqual(await runtime.init(shell), [403, '{"error":"Cannot initialize the action more than once."}\n'])
    const { code, out, err } = await runtime.stop()
    assert.deepEqual([code, out], [0, ''])
    assert.match(err, /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d Cannot initialize the action more than once\.\n$/)
  })

  test('answers with the line of the program, and ends the lines of each activation on both streams', async () => {
    await using runtime = await start()
    assert.deepEqual(await runtime.init(shell), [200, '{"ok":true}\n'])
    assert.deepEqual(await runtime.run(mike), [200, '{"hello": "Mike"}\n'])
    assert.deepEqual(await runtime.run({ name: 'Ann' }), [200, '{"hello": "Ann"}\n'])
    const { out, err } = await runtime.stop()
    assert.equal(out, `out Mike\n${sentinel}out Ann\n${sentinel}`)
    assert.equal(err, `err Mike\n${sentinel}err Ann\n${sentinel}`)
  })

  test('runs WebAssembly as it runs programs', async () => {
    await using runtime = await start()
    assert.deepEqual(await runtime.init(await helloModule()), [200, '{"ok":true}\n'])
    assert.deepEqual(await runtime.run(mike), [200, '{"greetings":"Hello, Mike"}\n'])
    assert.deepEqual((await runtime.stop()).out, `greeting Mike\n${sentinel}`)
  })

  test('gives runs that come at once each its own answer, one after another', async () => {
    await using runtime = await start()
    await runtime.init(shell)
    const names = Array.from({ length: 20 }, (_, index) => `n${index}`)
    const answers = await Promise.all(names.map((name) => runtime.run({ name })))
    assert.deepEqual(
      answers,
      names.map((name) => [200, `{"hello": "${name}"}\n`]),
    )
    const { out } = await runtime.stop()
    assert.equal(out.split(sentinel).length, names.length + 1)
    for (const block of out.split(sentinel).slice(0, -1)) assert.match(block, /^out n\d+\n$/)
  })

  test('refuses answers that are no dictionary or array', async () => {
    await using runtime = await start({}, '--reinit')
    for (const [line, status] of [
      ['{}', 200],
      ['[]', 200],
      ['null', 200],
      [' { "a" :1}', 200],
      ['"s"', 502],
      ['12', 502],
      ['true', 502],
      ['', 502],
      ['{"a":1} more', 502],
    ] as const) {
      await runtime.init(`#!/bin/sh\nwhile read -r line; do printf '%s\\n' '${line}' >&3; done\n`)
      const wanted = status === 200 ? `${line}\n` : '{"error":"The action did not return a dictionary or array."}\n'
      assert.deepEqual(await runtime.run({}), [status, wanted], line)
    }
  })

  test('says that the command exited when it dies, and has no action then', async () => {
    await using runtime = await start()
    await runtime.init('#!/bin/sh\nread -r line; exit 3\n')
    assert.deepEqual(await runtime.run({}), [400, '{"error":"command exited"}\n'])
    assert.deepEqual(await runtime.run({}), [500, '{"error":"no action defined yet"}\n'])
    assert.deepEqual(await runtime.init(shell), [200, '{"ok":true}\n'], 'it may be initialised again')
    assert.deepEqual(await runtime.run(mike), [200, '{"hello": "Mike"}\n'])
  })

  test('says why code did not start: to the client, or in the log', async () => {
    const ends = '#!/bin/sh\nexit 1\n'
    const abruptly = 'Command exited abruptly during initialization.'
    await using open = await start({ OW_WAIT_FOR_ACK: '1' })
    for (const [code, reason] of [
      [ends, abruptly],
      ["#!/bin/sh\necho 'bad ack' >&3\n", "invalid character 'b' looking for beginning of value"],
      ["#!/bin/sh\necho '{}' >&3\n", 'The action did not initialize properly.'],
    ] as const)
      assert.deepEqual(await open.init(code), [502, `${JSON.stringify({ error: `cannot start action: ${reason}` })}\n`])
    const acknowledged = shell.replace('\n', `\necho '{"ok":true}' >&3\n`)
    assert.deepEqual(await open.init(acknowledged), [200, '{"ok":true}\n'])
    assert.deepEqual(await open.run(mike), [200, '{"hello": "Mike"}\n'])
    await using logging = await start({ OW_LOG_INIT_ERROR: '1', OW_WAIT_FOR_ACK: '1' })
    const generic = '{"error":"Cannot start action. Check logs for details."}\n'
    assert.deepEqual(await logging.init(ends), [502, generic])
    const { out, err } = await logging.stop()
    assert.deepEqual([out, err], [sentinel, `${abruptly}\n${sentinel}`])
  })

  test('starts a new action in place of the old one where it may, and keeps the old one when that fails', async () => {
    await using runtime = await start({}, '--reinit')
    await runtime.init(shell)
    const [status] = await runtime.init('#!/nowhere/interpreter\n')
    assert.equal(status, 502)
    assert.deepEqual(await runtime.run(mike), [200, '{"hello": "Mike"}\n'])
    assert.deepEqual(await runtime.init(await helloModule()), [200, '{"ok":true}\n'])
    assert.deepEqual(await runtime.run(mike), [200, '{"greetings":"Hello, Mike"}\n'])
  })

  test('passes on the variables of the platform and those of /init, whole', async () => {
    await using runtime = await start({ __OW_API_HOST: 'https://h/?a=b=c', HIDDEN: 'no' })
    const print = `#!/bin/sh
while read -r line; do printf '{"host":"%s","x":"%s","n":"%s","hidden":"%s","path":"%s"}\\n' "$__OW_API_HOST" "$X" "$N" "$HIDDEN" "$(/usr/bin/env | /bin/grep -c ^PATH=)" >&3; done
`
    await runtime.init(print, { env: { X: 'a=b', N: [1, 2] } })
    assert.deepEqual(await runtime.run({}), [
      200,
      '{"host":"https://h/?a=b=c","x":"a=b","n":"[1,2]","hidden":"","path":"0"}\n',
    ])
  })

  test('ends in its time, whatever its action does', async () => {
    await using runtime = await start({}, '--drain', '10 ms')
    assert.deepEqual(await runtime.init('#!/bin/sh\nread -r line; while :; do sleep 1; done\n'), [200, '{"ok":true}\n'])
    const run = runtime.run(mike).catch(() => undefined)
    assert.equal((await runtime.stop()).code, 0)
    await run
  })

  test('takes any method, and knows no other path but those that say how it is', async () => {
    await using runtime = await start()
    assert.equal((await ask(`${runtime.url}/init`, { method: 'PUT', body: initBody(shell) })).text, '{"ok":true}\n')
    assert.equal(
      (await ask(`${runtime.url}/run?x`, { method: 'PATCH', body: '{"name":"Pat"}' })).text,
      '{"hello": "Pat"}\n',
    )
    for (const path of ['/', '/other', '/init/x']) assert.equal((await ask(runtime.url + path)).status, 404)
    for (const path of ['/healthz', '/readyz']) assert.equal((await ask(runtime.url + path)).text, '{"ok":true}\n')
  })

  test('takes nothing from web pages while only this machine can reach it', async () => {
    await using runtime = await start()
    assert.equal((await post(`${runtime.url}/init`, initBody(shell), { origin: 'https://example.org' })).status, 403)
    assert.equal((await post(`${runtime.url}/init`, initBody(shell), { 'sec-fetch-site': 'cross-site' })).status, 403)
    assert.match(
      await raw(runtime.url, 'GET / HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n'),
      /^HTTP\/1.1 403 /,
    )
  })
})
