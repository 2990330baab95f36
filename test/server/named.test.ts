import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MortiseError } from 'mortise'
import { serve } from 'mortise/server'
import { ask, folder, greeter, helloModule, initBody, post } from './server.ts'

describe('a server of functions', () => {
  test('runs a function by its name, and the one called default without', async () => {
    await using server = await greeter()
    const named = await post(`${server.url}/run/hello`, '{"value":{"name":"Mike"}}')
    assert.deepEqual([named.status, named.text], [200, '{"greetings":"Hello, Mike"}\n'])
    assert.equal(named.headers.get('content-type'), 'application/json')
    const plain = await post(`${server.url}/run`, '{"value":{"name":"Ann"}}')
    assert.deepEqual([plain.status, plain.text], [200, '{"greetings":"Hello, Ann"}\n'])
  })

  test('passes on an application error as a result, as the platform expects it', async () => {
    await using server = await greeter()
    const { status, text } = await post(`${server.url}/run`, '{"value":{}}')
    assert.deepEqual([status, text], [200, '{"error":"no name specified"}\n'])
  })

  test('takes a body of many lines, and none', async () => {
    await using server = await greeter()
    assert.equal(
      (await post(`${server.url}/run`, '{\n"value":\n{"name":\n"Ann"}}\n')).text,
      '{"greetings":"Hello, Ann"}\n',
    )
    assert.equal((await post(`${server.url}/run`, '')).text, '{"error":"no name specified"}\n')
  })

  test('deploys with the token, in place of what was there, and removes', async () => {
    await using server = await greeter()
    const authorization = `Bearer ${server.token}`
    const init = `${server.url}/init/added`
    const done = await post(init, initBody(await helloModule()), { authorization })
    assert.deepEqual([done.status, done.text], [200, '{"ok":true}\n'])
    for (let again = 0; again < 2; again++) {
      assert.equal((await post(init, initBody(await helloModule()), { authorization })).status, 200)
      assert.equal(
        (await post(`${server.url}/run/added`, '{"value":{"name":"Mike"}}')).text,
        '{"greetings":"Hello, Mike"}\n',
      )
    }
    assert.deepEqual(server.functions, ['default', 'hello', 'added'])
    assert.equal((await ask(init, { method: 'DELETE' })).status, 401)
    assert.equal((await ask(init, { method: 'DELETE', headers: { authorization } })).status, 200)
    const gone = await post(`${server.url}/run/added`)
    assert.equal(gone.status, 404)
    assert.match(gone.text, /^\{"error":"There is no function 'added'.*","code":"FUNCTION_UNKNOWN"\}\n$/)
    assert.equal((await ask(init, { method: 'DELETE', headers: { authorization } })).status, 404)
  })

  test('keeps what was there when the new code is refused, and says why', async () => {
    await using server = await greeter()
    const headers = { authorization: `Bearer ${server.token}` }
    for (const [body, status, wanted] of [
      ['', 400, /unexpected end of JSON input.*"REQUEST_INVALID"/],
      ['{}', 400, /Missing main\/no code to execute\..*"CODE_EMPTY"/],
      [initBody(Buffer.from('\0asm\x01\0\0\0\x99')), 502, /"MODULE_INVALID"/],
      [initBody('#!/bin/sh\necho no\n'), 403, /"RUNTIME_NOT_ALLOWED"/],
      [initBody('export const main = () => ({})'), 403, /"RUNTIME_NOT_ALLOWED"/],
    ] as const) {
      const answer = await post(`${server.url}/init/hello`, body, headers)
      assert.equal(answer.status, status, answer.text)
      assert.match(answer.text, wanted)
    }
    assert.equal((await post(`${server.url}/run/hello`, '{"value":{"name":"Mike"}}')).status, 200)
  })

  test('holds no more functions than it was told', async () => {
    await using server = await greeter({ maxFunctions: 2 })
    const headers = { authorization: `Bearer ${server.token}` }
    const body = initBody(await helloModule())
    assert.match((await post(`${server.url}/init/third`, body, headers)).text, /"FUNCTIONS_LIMIT"/)
    assert.equal((await post(`${server.url}/init/hello`, body, headers)).status, 200)
  })

  test('answers what nobody made with a typed 404', async () => {
    await using server = await greeter()
    for (const [path, method] of [
      ['/', 'GET'],
      ['/run', 'GET'],
      ['/runner', 'POST'],
      ['/init', 'GET'],
    ] as const) {
      const { status, text } = await ask(server.url + path, { method })
      assert.deepEqual([status, text.includes('"code":"PATH_UNKNOWN"')], [404, true], text)
    }
  })

  test('names every request, by the name that it came with where that is one', async () => {
    await using server = await greeter()
    for (const path of ['/run', '/healthz', '/nothing', '/run/nothing']) {
      const named = await post(server.url + path, '{}', { 'x-request-id': 'a-1:b' })
      assert.equal(named.headers.get('x-request-id'), 'a-1:b')
      const odd = await post(server.url + path, '{}', { 'x-request-id': 'a b"c' })
      assert.match(odd.headers.get('x-request-id') ?? '', /^[\w-]{12}-[0-9a-z]+$/)
    }
  })

  test('refuses options that do not exist, and functions that are not there', async () => {
    await using files = await folder()
    const unknown: object = { colour: 'red' }
    await assert.rejects(serve(unknown), (error) => MortiseError.is(error, 'OPTION_UNKNOWN'))
    for (const wrong of [
      { port: 70_000 },
      { host: '' },
      { log: 'loud' },
      { token: 'short' },
      { maxCode: 'much' },
    ] as object[])
      await assert.rejects(serve(wrong), (error) => MortiseError.is(error, 'OPTION_INVALID'), JSON.stringify(wrong))
    const missing = serve({ port: 0, functions: { gone: `${files.path}/gone.wasm` } })
    await assert.rejects(missing, (error) => MortiseError.is(error, 'ARTIFACT_UNREADABLE'))
  })

  test('counts what happens on its functions, for Prometheus', async () => {
    await using server = await greeter()
    await post(`${server.url}/run/hello`, '{"value":{"name":"Mike"}}')
    await post(`${server.url}/run/hello`, 'no JSON')
    const { status, text, headers } = await ask(`${server.url}/metrics`)
    assert.equal(status, 200, text)
    assert.match(headers.get('content-type') ?? '', /^text\/plain/)
    assert.match(text, /^mortise_function_activations_total\{function="hello"\} 2$/m)
    assert.match(text, /^mortise_function_running\{function="hello"\} 0$/m)
    assert.match(text, /^mortise_function_errors_total\{function="hello",code="\w+"\} 1$/m)
    assert.match(text, /^process_cpu_seconds_total /m)
  })

  test('says which port is taken, or takes the next one', async () => {
    await using first = await serve({ port: 0 })
    const port = Number(new URL(first.url).port)
    await assert.rejects(
      serve({ port }),
      (error) => MortiseError.is(error, 'LISTEN_FAILED') && error.message.includes('taken'),
    )
    await using second = await serve({ port, nextPort: true })
    assert.notEqual(second.url, first.url)
    assert.equal((await ask(`${second.url}/healthz`)).status, 200)
  })
})
