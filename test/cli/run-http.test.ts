import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { mortise } from '../support/cli.ts'

let folder = ''
const inFolder = (name: string): string => join(folder, name)

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mortise-run-'))
  await writeFile(
    inFolder('echo.ts'),
    `import { Request, Response } from 'tenon/http'
     export function fetch(request: Request): Response {
       const kind = request.headers.get('x-kind')
       if (kind !== null) return Response.bytes(request.bytes(), 201)
       return Response.text(request.method + ' ' + request.uri + ' ' + request.text())
     }`,
  )
  await writeFile(
    inFolder('site.mjs'),
    'export default { fetch: async (request) => new Response(await request.text()) }',
  )
  await writeFile(inFolder('body'), Uint8Array.of(0, 255))
  const { code, stderr } = await mortise(['build', inFolder('echo.ts'), '--optimize', 'none'])
  assert.equal(code, 0, stderr)
})
after(() => rm(folder, { recursive: true, force: true }))

describe('mortise run, of a handler of HTTP', () => {
  const answered = async (...args: readonly string[]): Promise<unknown> => {
    const { stdout, stderr } = await mortise(['run', inFolder('echo.wasm'), ...args])
    assert.equal(stderr, '')
    return JSON.parse(stdout)
  }
  const text = [['content-type', 'text/plain;charset=UTF-8']]

  test('asks for / where nothing else is said, and for what is', async () => {
    assert.deepEqual(await answered(), { status: 200, headers: text, body: 'GET / ' })
    assert.deepEqual(await answered('--request', '/a?b'), { status: 200, headers: text, body: 'GET /a?b ' })
    assert.deepEqual(await answered('--data', 'hello'), { status: 200, headers: text, body: 'POST / hello' })
    assert.deepEqual(await answered('--request', 'put /a', '--data', ''), {
      status: 200,
      headers: text,
      body: 'PUT /a ',
    })
  })

  test('sends a file and headers, and prints bytes as Base64', async () => {
    assert.deepEqual(await answered('--input', inFolder('body'), '--header', 'X-Kind: bytes'), {
      status: 201,
      headers: [['content-type', 'application/octet-stream']],
      base64: 'AP8=',
    })
  })

  test('calls a module in JavaScript that is given a request, with what is piped in', async () => {
    const args = ['run', inFolder('site.mjs'), '--allow', 'esm', '--request', 'POST /', '--json']
    const { stdout } = await mortise(args, { input: 'piped' })
    assert.match(stdout, /^\{"ok":true,"response":\{"status":200,.*"body":"piped"\},.*"runtime":"esm","calls":1,/)
  })

  for (const args of [
    ['--request', 'orders'],
    ['--header', 'none'],
    ['--state', 'x'],
    ['main'],
    ['--data', 'x', '--input', 'y'],
  ]) {
    test(`does not take ${args.join(' ')}`, async () => {
      assert.equal((await mortise(['run', inFolder('echo.wasm'), ...args])).code, 2)
    })
  }
})
