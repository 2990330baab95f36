import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { MortiseError } from 'mortise'
import { serve } from 'mortise/server'
import { DeployServer, answering } from './deploy/deploy-server.ts'
import { ask, folder, helloModule, post } from './server.ts'

const says = (word: string): string => `export const main = () => ({ word: '${word}' })\n`
const shows = (word: string): string => `export const main = () => ({ body: '${word}' })\n`

describe('a file that is plugged into a server that runs', () => {
  it('takes the place of the function of its name, with what it imports read anew, and leaves it on the web', async () => {
    await using files = await folder()
    const path = await files.file('page.mjs', shows('one'))
    await using server = await serve({ port: 0, allow: ['esm'], functions: { page: { path, web: true } } })
    assert.equal((await ask(`${server.url}/web/page`)).text, 'one')
    await files.file('word.mjs', "export const word = 'two'\n")
    const code = "import { word } from './word.mjs'\nexport const main = () => ({ body: word })\n"
    const { version, runtime } = await server.plug('page', await files.file('page.mjs', code))
    assert.deepEqual([version, runtime, (await ask(`${server.url}/web/page`)).text], [2, 'esm', 'two'])
    await files.file('word.mjs', "export const word = 'three'\n")
    await server.plug('page', path, { web: false })
    assert.equal((await ask(`${server.url}/web/page`)).status, 404)
    assert.equal((await post(`${server.url}/run/page`)).text, '{"body":"three"}\n')
  })

  it('changes nothing where it is refused', async () => {
    await using files = await folder()
    await using server = await serve({ port: 0, maxFunctions: 1 })
    await server.plug('hello', await helloModule())
    const refused = (name: string, source: string | Uint8Array, code: MortiseError['code']): Promise<void> =>
      assert.rejects(server.plug(name, source), (error) => MortiseError.is(error, code))
    await refused('hello', await files.file('hello.mjs', says('no')), 'RUNTIME_NOT_ALLOWED')
    await refused('hello', `${files.path}/none`, 'ARTIFACT_UNREADABLE')
    await refused('other', await helloModule(), 'FUNCTIONS_LIMIT')
    assert.equal(
      (await post(`${server.url}/run/hello`, '{"value":{"name":"Mike"}}')).text,
      '{"greetings":"Hello, Mike"}\n',
    )
  })

  it('is none in place of what the deploy API has deployed', async () => {
    await using server = await DeployServer.start()
    const { body } = await server.deploy('hello', await answering(1))
    assert.equal(body.get('version'), 1)
    await assert.rejects(server.server.plug('hello', await helloModule()), (error) =>
      MortiseError.is(error, 'PLUGIN_EXISTS'),
    )
  })
})

describe('a function that is said to be broken', () => {
  const broken = new MortiseError('BUILD_FAILED', 'It does not build', {
    diagnostics: [{ message: 'No <name>', file: 'a.ts', line: 1, column: 2, source: 'x <y>' }],
  })

  it('answers with what is wrong while it was never live, and goes on with what is', async () => {
    await using server = await serve({ port: 0, detail: true })
    server.broken('hello', broken)
    const none = await post(`${server.url}/run/hello`)
    assert.deepEqual([none.status, /"code":"BUILD_FAILED".*"source":"x <y>"/.test(none.text)], [502, true])
    await server.plug('hello', await helloModule())
    const mended = await post(`${server.url}/run/hello`)
    assert.deepEqual([mended.status, mended.headers.get('x-mortise-broken')], [200, null])
    server.broken('hello', broken)
    const living = await post(`${server.url}/run/hello`)
    assert.deepEqual([living.status, living.headers.get('x-mortise-broken')], [200, '/_mortise'])
    const page = await ask(`${server.url}/_mortise`, { headers: { accept: 'text/html' } })
    assert.match(
      page.text,
      /hello <small>\/run\/hello · version 1<[\s\S]*a\.ts:1:2<\/b> No &lt;name&gt;\nx &lt;y&gt;\n \^/,
    )
  })

  it('says nothing of that to those who are not to be told', async () => {
    await using files = await folder()
    const path = await files.file('hello.wasm', await helloModule())
    await using server = await serve({ port: 0, functions: { hello: path } })
    server.broken('hello', broken)
    await writeFile(path, '')
    const living = await post(`${server.url}/run/hello`)
    assert.deepEqual([living.status, living.headers.get('x-mortise-broken')], [200, null])
    assert.equal((await ask(`${server.url}/_mortise`)).status, 404)
  })
})
