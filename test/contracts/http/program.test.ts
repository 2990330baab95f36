import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { Mortise } from 'mortise'
import { http, type HttpRequest } from 'mortise/http'
import { childProcess } from 'mortise/process'
import { rejection } from '../../support/wat.ts'

/** Why the test of the documentation is skipped; CI never skips it. */
async function noPython(): Promise<string | false> {
  if (process.env['CI'] !== undefined && process.env['CI'] !== '') return false
  return promisify(execFile)('python3', ['--version']).then(
    () => false,
    () => 'needs python3',
  )
}

/** A program that answers each line with one line, which an expression makes of it. */
const program = (answer: string): Uint8Array =>
  Buffer.from(`#!${process.execPath}
const { createInterface } = require('node:readline')
const { writeSync } = require('node:fs')
createInterface({ input: process.stdin }).on('line', (line) => {
  const { hook, value } = JSON.parse(line)
  writeSync(3, JSON.stringify(${answer}) + '\\n')
})
`)

const skip = await noPython()

const request: HttpRequest = {
  method: 'POST',
  uri: '/a?b',
  headers: [
    ['x', '1'],
    ['x', '2'],
  ],
  body: Uint8Array.of(0, 255, 10),
}

describe('a program that answers HTTP requests, by lines', { skip: process.platform === 'win32' && 'no #!' }, () => {
  it('gets method, uri, headers and body, and gives status, headers and body', async () => {
    await using host = new Mortise({ runtimes: [childProcess()] })
    const { hooks } = await host.plug(
      'site',
      program(
        "{ status: 200, headers: [...value.headers, ['called', hook + value.method + value.uri]], body: value.body }",
      ),
      http,
    )
    assert.deepEqual(await hooks.fetch(request), {
      status: 200,
      headers: [
        ['x', '1'],
        ['x', '2'],
        ['called', 'fetchPOST/a?b'],
      ],
      body: request.body,
    })
  })

  it('may be in Python, as in the documentation', { skip }, async () => {
    const page = await readFile(new URL('../../../docs/http.md', import.meta.url), 'utf8')
    const [, source = ''] = /```python\n([^]*?)```/.exec(page) ?? []
    await using host = new Mortise({ runtimes: [childProcess({ env: { PATH: process.env['PATH'] ?? '' } })] })
    const { hooks } = await host.plug('site', Buffer.from(source), http)
    const { status, headers, body } = await hooks.fetch(request)
    assert.deepEqual([status, headers], [200, [['content-type', 'text/plain']]])
    assert.equal(Buffer.from(body).toString(), 'You asked for /a?b')
  })

  for (const [what, answer] of Object.entries({
    'no object': '7',
    'no status': '{ headers: [], body: "" }',
    'a status that no server sends': '{ status: 99, headers: [], body: "" }',
    'a header that ends and begins another': String.raw`{ status: 200, headers: [['x', 'y\r\nz: 1']], body: "" }`,
    'a body that is no Base64': '{ status: 200, headers: [], body: "hello" }',
    'a body where there is none': '{ status: 304, headers: [], body: "aGVsbG8=" }',
  })) {
    it(`cannot answer with ${what}`, async () => {
      await using host = new Mortise({ runtimes: [childProcess()] })
      const { hooks } = await host.plug('site', program(answer), http)
      await rejection('GUEST_RESULT', hooks.fetch(request))
    })
  }
})
