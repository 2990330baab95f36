import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { TokenFile } from '../../src/server/deploy/tokens.ts'
import { answering, DeployServer } from './deploy/deploy-server.ts'
import { ask, greeter, post } from './server.ts'

const bearer = (secret: string): Record<string, string> => ({ authorization: `Bearer ${secret}` })

describe('a server that requires a token', () => {
  test('runs functions for whoever has it, and answers web actions and health to everybody', async () => {
    await using server = await greeter({ requireToken: true })
    const run = `${server.url}/run/hello`
    const body = '{"value":{"name":"Mike"}}'
    for (const headers of [{}, bearer('another'), { authorization: `Basic ${server.token}` }]) {
      const { status, text, headers: answered } = await post(run, body, headers)
      assert.equal(status, 401)
      assert.match(text, /"code":"TOKEN_REFUSED"/)
      assert.equal(answered.get('www-authenticate'), 'Bearer')
    }
    assert.equal((await post(run, body, bearer(server.token))).text, '{"greetings":"Hello, Mike"}\n')
    assert.equal((await post(`${server.url}/run/absent`, body, bearer(server.token))).status, 404)
    assert.equal((await post(`${server.url}/run/absent`, body)).status, 401, 'and says to nobody what there is')
    assert.equal((await ask(`${server.url}/web/hello.json?name=Mike`)).status, 200)
    assert.equal((await ask(`${server.url}/healthz`)).status, 200)
  })

  test('runs functions for tokens of its store with the role invoke, and for no others', async () => {
    await using server = await DeployServer.start({ requireToken: true })
    await server.deploy('hello', await answering(1))
    const invoker = await server.addToken({ name: 'invoker', roles: ['invoke'] })
    const reader = await server.addToken({ name: 'reader', roles: ['read', 'deploy'] })
    const run = async (secret: string): Promise<number> =>
      (await post(`${server.server.url}/run/hello`, '{}', bearer(secret))).status
    assert.deepEqual([await run(invoker), await run(server.server.token)], [200, 200])
    assert.deepEqual([await run(reader), await run('wrong')], [403, 401])
    await new TokenFile(join(server.store, 'tokens.json')).revoke('invoker')
    assert.equal(await run(invoker), 401)
    const statuses: number[] = []
    for (let attempt = 0; attempt < 10; attempt++) statuses.push(await run('wrong'))
    assert.equal(statuses.at(-1), 429)
    assert.equal(await run(server.server.token), 200)
  })
})
