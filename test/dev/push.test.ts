import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { DeployServer } from '../server/deploy/deploy-server.ts'
import { post } from '../server/server.ts'
import { mortise } from '../support/cli.ts'
import { Dev } from '../support/dev.ts'

const guest = (expression: string): string => `import { log } from 'tenon/action'
export function main(event: string): string {
  log.info('called')
  return '{"word":"' + ${expression} + '"}'
}
`

/** The options that say where, with the token in a file. */
async function to(server: DeployServer): Promise<readonly string[]> {
  const file = join(server.store, 'dev-token')
  await writeFile(file, server.token, { mode: 0o600 })
  return ['--to', server.url, '--token-file', file]
}

describe('mortise dev --to a server', () => {
  it('makes live there what is saved here, in a hurry and then optimized, and calls it there', async () => {
    await using server = await DeployServer.start({ allow: ['process'] })
    const files = { 'hello.ts': guest("'one'"), 'call.json': '{}' }
    const args = ['hello.ts', ...(await to(server)), '--serves', server.server.url, '--invoke', 'call.json']
    await using dev = await Dev.start(files, args)
    const first = await dev.next('live')
    assert.deepEqual([first['stage'], first['version']], ['quick', 1])
    assert.ok(Number(first['sent']) < Number(first['bytes']), 'it is compressed')
    const { status, text } = await dev.next('answered')
    assert.deepEqual([status, text], [200, '{"word":"one"}\n'])
    assert.deepEqual((await dev.next('live'))['stage'], 'optimized')
    const saved = await dev.save('hello.ts', guest("'two'"))
    assert.match(JSON.stringify(saved), /"took":\{"wait":.*"build":.*"upload":.*"load":.*"store":.*"total":/)
    const { text: answer, headers } = await post(`${server.server.url}/run/hello`)
    assert.deepEqual([answer, headers.get('x-mortise-version')], ['{"word":"two"}\n', '3'])
    await dev.save('hello.ts', guest('tow'), 'failed')
    assert.equal((await post(`${server.server.url}/run/hello`)).text, '{"word":"two"}\n')
  })

  it('sends a folder of JavaScript as it is, and HTTP handlers to where they are to answer', async () => {
    await using server = await DeployServer.start({ allow: ['process'] })
    const site = (word: string): string =>
      `import { word } from './lib/word.mjs'\nexport default { fetch: () => new Response('${word} ' + word) }\n`
    const files = {
      'site/index.mjs': site('one'),
      'site/lib/word.mjs': "export const word = 'here'\n",
      'site/.env': 'A=1',
    }
    await using dev = await Dev.start(files, ['site', ...(await to(server)), '--mount', '/shop'])
    await dev.next('live')
    const text = async (): Promise<string> => (await fetch(`${server.server.url}/shop`)).text()
    assert.equal(await text(), 'one here')
    await dev.save('site/lib/word.mjs', "export const word = 'there'\n")
    assert.equal(await text(), 'one there')
  })

  it('goes on when the server refuses, or is not there, and says so', async () => {
    await using server = await DeployServer.start()
    const args = ['hello.mjs', ...(await to(server))]
    await using dev = await Dev.start({ 'hello.mjs': 'export const main = () => ({})\n' }, args)
    assert.match(JSON.stringify(await dev.next('failed')), /"code":"RUNTIME_NOT_ALLOWED"/)
    await server.server.close()
    const gone = await dev.save('hello.mjs', 'export const main = () => ({ a: 1 })\n', 'failed')
    assert.match(JSON.stringify(gone), /"code":"SERVER_UNREACHABLE"/)
    await server.restart()
  })

  it('wants to know where to call what is elsewhere', async () => {
    await using server = await DeployServer.start()
    const { code, stderr } = await mortise(['dev', 'x.ts', ...(await to(server)), '--invoke', 'x.json'])
    assert.deepEqual([code, stderr.includes('--serves <URL>')], [2, true], stderr)
  })
})
