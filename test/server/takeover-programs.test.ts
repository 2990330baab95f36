import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { zipFolder } from '../../src/unpack/zip-folder.ts'
import { inFolder } from '../support/guest.ts'
import { ask, functionOf, onPort, said, takeover } from '../support/takeover.ts'

const page = await readFile(new URL('../../docs/takeover.md', import.meta.url), 'utf8')
const mike = { name: 'Mike' }

/** CI never skips: there, what is missing fails the test that needs it. */
const noPython =
  process.env['CI'] === undefined || process.env['CI'] === ''
    ? await promisify(execFile)('python3', ['--version']).then(
        () => false as const,
        () => 'needs python3',
      )
    : false

describe('a program that takes the place of a server', () => {
  it('may be any HTTP server that listens on PORT, as in the documentation', { skip: noPython }, async () => {
    const [, example = ''] = /```python\n([\s\S]*?)```/.exec(page) ?? []
    await using server = await takeover()
    assert.equal((await server.init(example)).body, 'OK\n')
    assert.equal((await server.run(mike)).body, '{"greetings": "Hello, Mike"}')
  })

  it('may have been written for the sockets of systemd, and say so before it serves', { skip: noPython }, async () => {
    const program = `#!/bin/sh
echo >&4
exec python3 - <<'END'
import json, os, socket, time
from http.server import BaseHTTPRequestHandler, HTTPServer

class Action(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers['content-length']))
        env = {name: os.environ.get(name) for name in ('LISTEN_FDS', 'LISTEN_PID', 'LISTEN_FDNAMES', 'MORTISE_INIT')}
        answer = json.dumps({**env, 'pid': str(os.getpid())}).encode()
        self.send_response(200)
        self.send_header('content-length', str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

time.sleep(0.1)
server = HTTPServer(('', 0), Action, bind_and_activate=False)
server.socket = socket.socket(fileno=3)
server.serve_forever()
END
`
    await using server = await takeover()
    assert.equal((await server.init(program)).body, 'OK\n')
    const { LISTEN_FDS, LISTEN_PID, LISTEN_FDNAMES, MORTISE_INIT, pid } = said(await server.run(mike))
    assert.deepEqual([LISTEN_FDS, LISTEN_PID, LISTEN_FDNAMES], ['1', pid, 'http'])
    // It does not know /init.
    const next = JSON.stringify({ value: { code: functionOf('{ next: true }') } })
    assert.equal((await ask('http://localhost/init', next, { socketPath: String(MORTISE_INIT) })).body, 'OK\n')
    assert.equal((await server.run(mike)).body, '{"next":true}\n')
  })

  it('gets requests as they were sent, and its answers arrive as they were given', async () => {
    await using server = await takeover()
    const echo = onPort(
      '(response.writeHead(207, "Mine", ["x-a", "1", "x-a", "2", "connection", "x-b", "x-b", "3"]), { method: request.method, url: request.url, headers: request.headers, value })',
    )
    assert.equal((await server.init(echo)).body, 'OK\n')
    const headers = { 'x-mine': 'é', connection: 'x-hop', 'x-hop': '1', 'content-type': 'text/plain' }
    const sent = await ask(`${server.url}/a/b?c=%20d`, '{"value":"é🦀"}', { method: 'PUT', headers })
    const { method, url, value, headers: got } = said(sent)
    assert.deepEqual([sent.status, method, url, value], [207, 'PUT', '/a/b?c=%20d', 'é🦀'])
    assert.deepEqual([sent.headers['x-a'], sent.headers['x-b']], ['1, 2', undefined])
    assert(typeof got === 'object' && got !== null && 'x-mine' in got && !('x-hop' in got) && 'host' in got)
    assert.equal(got.host, new URL(server.url).host)
    const streamed = await ask(server.url, `{"value":"${'x'.repeat(5 * 2 ** 20)}"}`, {
      headers: { 'transfer-encoding': 'chunked' },
    })
    assert.equal(String(said(streamed)['value']).length, 5 * 2 ** 20)
  })

  it('may come in an archive, as exec or for Node, with what it needs beside it', async () => {
    await using server = await takeover()
    const text = functionOf('{ text }').replace('\n', "\nimport { text } from './text.js'\n")
    const beside = { 'text.js': "export const text = 'beside'" }
    const archives = {
      forNode: {
        'package.json': '{"type":"module","main":"lib/main.js"}',
        'lib/main.js': text,
        'lib/text.js': beside['text.js'],
      },
      index: { 'package.json': '{"type":"module"}', 'index.js': text, ...beside },
      exec: {
        exec: `#!/bin/sh\nexec ${process.execPath} main.mjs\n`,
        'main.mjs': text,
        ...beside,
        'package.json': '{"type":"module"}',
      },
    }
    for (const [name, files] of Object.entries(archives)) {
      // The last one does not say where the package is.
      const module = name === 'exec' ? import.meta.resolve('mortise/action') : 'mortise/action'
      const named = new Map(Object.entries(files).map(([path, part]) => [path, part.replace('mortise/action', module)]))
      const archive = await inFolder(Object.fromEntries(named), zipFolder)
      assert.equal((await server.init(Buffer.from(archive))).body, 'OK\n')
      assert.equal((await server.run(mike)).body, '{"text":"beside"}\n')
    }
    for (const [files, why] of [
      [{ 'readme.txt': 'nothing to start' }, /holds none of exec, package\.json/],
      [{ 'main.wasm': '\0asm\u0001\0\0\0' }, /WebAssembly cannot be a server/],
    ] as const) {
      const { status, body } = await server.init(Buffer.from(await inFolder(files, zipFolder)))
      assert.equal(status, 502)
      assert.match(body, why)
    }
    assert.equal((await server.init(Buffer.from('PK\u0003\u0004damaged'))).status, 502)
    assert.equal((await server.run(mike)).body, '{"text":"beside"}\n')
  })

  it('has a time to begin its answer, and one that crashes meanwhile is said to have', async () => {
    await using server = await takeover({ deadline: '300 ms' })
    assert.equal((await server.init(onPort('(() => { for (;;); })()'))).body, 'OK\n')
    const { status, body } = await server.run(mike)
    assert.equal(status, 504)
    assert.equal(body, '{"error":"the program has not begun to answer within 300 ms"}\n')
    assert.equal((await server.init(onPort('process.exit()'))).body, 'OK\n')
    const crashed = await server.run(mike)
    assert.equal(crashed.status, 502)
    assert.match(crashed.body, /^\{"error":"the program did not answer: /)
  })

  it('may print more than anybody reads at once', async () => {
    await using server = await takeover()
    assert.equal(
      (await server.init(functionOf('(console.log("x".repeat(1e6)), console.error("over"), {})'))).body,
      'OK\n',
    )
    assert.equal((await server.run(mike)).body, '{}\n')
    await server.server.close()
    assert.equal(server.printed().length, 1e6 + '\nover\n'.length)
  })
})
