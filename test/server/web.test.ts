import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { serve, type Server, type ServerOptions } from 'mortise/server'
import { ask, folder, type Answer } from './server.ts'

/** Shows what it is called with, or answers with what the parameter `answer` says, as JSON. */
const mirror = `export function main(params) {
  const { answer, ...rest } = params
  if (answer === 'throw') throw new Error('secret')
  return answer === undefined ? rest : JSON.parse(answer)
}`

let server: Server

before(async () => {
  await using files = await folder()
  const path = await files.file('mirror.mjs', mirror)
  const functions: ServerOptions['functions'] = {
    mirror: { path, web: true },
    raw: { path, web: true, raw: true },
    custom: { path, web: true, customOptions: true },
    secret: { path, web: true, requireAuth: 'open sesame' },
    owner: { path, web: true, requireAuth: true },
    bound: { path, web: true, parameters: { colour: 'red', answer: undefined } },
    'dotted.json': { path, web: true },
    hidden: path,
  }
  server = await serve({ port: 0, allow: ['process'], functions })
})
after(() => server.close())

const json = { 'content-type': 'application/json' }
const web = (path: string, init?: RequestInit): Promise<Answer> => ask(`${server.url}/web/${path}`, init)
/** What a web action is called with. */
async function given(path: string, init?: RequestInit): Promise<Record<string, unknown>> {
  const { status, text } = await web(path, init)
  assert.equal(status, 200, text)
  const value: unknown = JSON.parse(text)
  assert.ok(typeof value === 'object' && value !== null)
  return Object.fromEntries(Object.entries(value))
}
/** Has a web action answer with a value. */
const answered = (extension: string, value: unknown): Promise<Answer> =>
  web(`mirror${extension}?answer=${encodeURIComponent(JSON.stringify(value))}`)

describe('a web action is called with', () => {
  test('the request in parameters of its own', async () => {
    const { __ow_headers: headers, ...rest } = await given('mirror.json/a/b%20c?x=1&y=2&x=3', {
      headers: { 'X-Own': 'Yes' },
    })
    assert.deepEqual(rest, { x: '3', y: '2', __ow_method: 'get', __ow_path: '/a/b%20c' })
    assert.ok(typeof headers === 'object' && headers !== null && 'x-own' in headers)
    assert.equal(headers['x-own'], 'Yes')
    assert.equal((await given('mirror.json', { method: 'DELETE' }))['__ow_method'], 'delete')
    assert.equal((await given('mirror.json'))['__ow_path'], '')
  })

  test('the fields of a body over those of the query', async () => {
    const body = await given('mirror.json?a=query&b=query', { method: 'POST', headers: json, body: '{"b":{"c":[1]}}' })
    assert.deepEqual([body['a'], body['b']], ['query', { c: [1] }])
    const form = await given('mirror.json?a=query', {
      method: 'POST',
      body: new URLSearchParams({ a: 'form', d: 'ä' }),
    })
    assert.deepEqual([form['a'], form['d']], ['form', 'ä'])
  })

  test('any other body as one parameter: text as it is, bytes in base64', async () => {
    const post = async (type: string, body: string | Uint8Array): Promise<unknown> =>
      (await given('mirror.json', { method: 'POST', headers: { 'content-type': type }, body }))['__ow_body']
    assert.equal(await post('text/plain', 'ä text'), 'ä text')
    assert.equal(await post('application/octet-stream', Buffer.from([0, 255])), 'AP8=')
    assert.deepEqual(await post('application/json', '[1,2]'), [1, 2])
  })

  test('query and body as they came, where it is raw', async () => {
    const post = async (type: string, body: string): Promise<unknown> => {
      const { __ow_body, __ow_query } = await given('raw.json?a=1&__ow_x=2', {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      })
      return [__ow_body, __ow_query]
    }
    assert.deepEqual(await post('text/plain', 'a=b'), ['a=b', 'a=1&__ow_x=2'])
    assert.deepEqual(await post('application/json', '{"a":1}'), [
      Buffer.from('{"a":1}').toString('base64'),
      'a=1&__ow_x=2',
    ])
    assert.equal((await given('raw.json'))['__ow_body'], '')
  })

  test('its own parameters, which nobody else sets', async () => {
    assert.equal((await given('bound.json'))['colour'], 'red')
    for (const query of ['bound.json?colour=blue', 'mirror.json?__ow_user=root']) {
      const { status, text } = await web(query)
      assert.deepEqual([status, text.includes('Request defines parameters that are not allowed')], [400, true], text)
    }
    const { status } = await web('mirror.json', { method: 'POST', headers: json, body: '{"__ow_path":"/"}' })
    assert.equal(status, 400)
    assert.equal((await web('mirror.json', { method: 'POST', headers: json, body: '{' })).status, 400)
  })
})

describe('the response of a web action', () => {
  test('is what it says: status, headers, body', async () => {
    const answer = await answered('', {
      statusCode: 201,
      headers: { 'X-Number': 1, 'x-flag': true, 'set-cookie': ['a=1', 'b=2'] },
      body: '<p>hi</p>',
    })
    assert.deepEqual([answer.status, answer.text], [201, '<p>hi</p>'])
    assert.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8')
    assert.equal(answer.headers.get('x-number'), '1')
    assert.equal(answer.headers.get('x-flag'), 'true')
    assert.deepEqual(answer.headers.getSetCookie(), ['a=1', 'b=2'])
    const redirect = await ask(
      `${server.url}/web/mirror?answer=${encodeURIComponent('{"statusCode":"302","headers":{"location":"/x"}}')}`,
      { redirect: 'manual' },
    )
    assert.deepEqual([redirect.status, redirect.headers.get('location')], [302, '/x'])
  })

  test('has no body and 204 where there is none', async () => {
    for (const value of [{}, { body: null }, { body: '' }, { other: 1 }]) {
      const { status, text } = await answered('', value)
      assert.deepEqual([status, text], [204, ''])
    }
  })

  test('is JSON for a body that is no text, and the bytes of base64 for types that are none', async () => {
    for (const body of [{ a: 1 }, [1], 5, true]) {
      const answer = await answered('', { body })
      assert.deepEqual([answer.status, answer.text], [200, JSON.stringify(body)])
      assert.match(answer.headers.get('content-type') ?? '', /^application\/json/)
    }
    const problem = await answered('.http', { headers: { 'content-type': 'application/problem+json' }, body: { a: 1 } })
    assert.match(problem.headers.get('content-type') ?? '', /^application\/problem\+json/)
    const image = await answered('', {
      headers: { 'Content-Type': 'image/png' },
      body: Buffer.from('png').toString('base64'),
    })
    assert.deepEqual([image.text, image.headers.get('content-type')], ['png', 'image/png'])
    const legacy = await answered('', {
      headers: { 'Content-Type': 'application/json' },
      body: Buffer.from('{"a":1}').toString('base64'),
    })
    assert.equal(legacy.text, '{"a":1}')
  })

  test('is refused with the words of OpenWhisk where it cannot be', async () => {
    for (const [extension, value, sentence] of [
      ['', [1], "Response is not valid 'message/http'."],
      ['', { statusCode: 'many' }, "Response is not valid 'message/http'."],
      ['', { headers: { a: { b: 1 } }, body: 'x' }, "Response is not valid 'message/http'."],
      ['', { headers: { a: 'x\r\ny: z' }, body: 'x' }, "Response is not valid 'message/http'."],
      ['', { headers: { 'content-type': 'nonsense' }, body: 'x' }, 'Response did not specify a known content-type.'],
      [
        '',
        { headers: { 'content-type': 'text/html' }, body: { a: 1 } },
        'Response type in header did not match generated content type.',
      ],
      [
        '',
        { headers: { 'content-type': 'image/png' }, body: 'no base64!' },
        'Response type in header did not match generated content type.',
      ],
      ['.html', { other: 1 }, "Response is not valid 'text/html'."],
      ['.svg', [1], "Response is not valid 'image/svg+xml'."],
      ['', { error: 'oh' }, "Response is not valid 'message/http'."],
    ] as const) {
      const { status, text } = await answered(extension, value)
      assert.deepEqual(
        [status, JSON.parse(text)],
        [400, { error: sentence, code: 'WEB_RESPONSE' }],
        JSON.stringify(value),
      )
    }
  })

  test('follows the extension', async () => {
    for (const [extension, value, type, text] of [
      ['.json', { a: 1 }, 'application/json', '{"a":1}'],
      ['.json', [1], 'application/json', '[1]'],
      ['.html', { html: '<p>' }, 'text/html', '<p>'],
      ['.html', { body: '<p>' }, 'text/html', '<p>'],
      ['.svg', { svg: '<svg/>' }, 'image/svg+xml', '<svg/>'],
      ['.text', { text: 'plain' }, 'text/plain', 'plain'],
      ['.text', [1], 'text/plain', '[\n  1\n]'],
      ['.http', { body: 'x' }, 'text/html', 'x'],
    ] as const) {
      const answer = await answered(extension, value)
      assert.deepEqual([answer.status, answer.text], [200, text], extension)
      assert.ok(answer.headers.get('content-type')?.startsWith(type))
    }
    assert.equal((await given('dotted.json.json'))['__ow_method'], 'get', 'a name may have a dot in it')
  })

  test('is made of what an error says, and says nothing of a crash', async () => {
    const teapot = await answered('', { error: { statusCode: 418, body: 'short and stout' } })
    assert.deepEqual([teapot.status, teapot.text], [418, 'short and stout'])
    const crash = await web('mirror?answer=throw')
    assert.equal(crash.status, 400)
    assert.deepEqual(JSON.parse(crash.text), {
      error: 'There was an error processing your request.',
      code: 'WEB_RESPONSE',
    })
  })

  test('cannot frame itself', async () => {
    const answer = await answered('', {
      headers: { 'content-length': 1, 'transfer-encoding': 'chunked', connection: 'x' },
      body: 'whole',
    })
    assert.deepEqual([answer.status, answer.text], [200, 'whole'])
  })
})

describe('web actions', () => {
  test('are those functions only that were said to be', async () => {
    for (const name of ['hidden', 'nothing', '', '../run']) assert.equal((await web(name)).status, 404, name)
  })

  test('let every page ask before it sends, or answer that themselves', async () => {
    const preflight = await web('mirror', { method: 'OPTIONS', headers: { 'access-control-request-headers': 'x-own' } })
    assert.equal(preflight.status, 200)
    assert.equal(preflight.headers.get('access-control-allow-origin'), '*')
    assert.equal(preflight.headers.get('access-control-allow-headers'), 'x-own')
    assert.match(
      preflight.headers.get('access-control-allow-methods') ?? '',
      /OPTIONS, GET, DELETE, POST, PUT, HEAD, PATCH/,
    )
    const custom = await web('custom.json', { method: 'OPTIONS' })
    assert.match(custom.text, /"__ow_method":"options"/)
    assert.equal(custom.headers.get('access-control-allow-origin'), null)
  })

  test('may need a secret, or the token of the server', async () => {
    assert.equal((await web('secret.json')).status, 401)
    assert.equal((await web('secret.json', { headers: { 'x-require-whisk-auth': 'wrong' } })).status, 401)
    assert.equal(
      (await given('secret.json', { headers: { 'x-require-whisk-auth': 'open sesame' } }))['__ow_user'],
      undefined,
    )
    assert.equal((await web('owner.json')).status, 401)
    const owner = await given('owner.json', { headers: { authorization: `Bearer ${server.token}` } })
    assert.equal(owner['__ow_user'], '_')
    assert.doesNotMatch(JSON.stringify(owner), new RegExp(server.token))
  })
})
