import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { serve } from 'mortise/server'
import { DeployServer } from '../deploy/deploy-server.ts'
import { ask } from '../server.ts'

/** Counts its visitors, beginning where the version before ended. */
const counting = (version: number, accept = 'visits = state.visits'): string => `
import { setTimeout } from 'node:timers/promises'

let visits = 0
export default {
  async fetch(request) {
    const number = ++visits
    if (request.url.endsWith('/slow')) await setTimeout(50)
    return new Response(number + ' of ${version}')
  },
}
export const dispose = () => ({ visits })
export const accept = (state) => { ${accept} }
`
const http = { contract: 'http' }

describe('the state of a site', () => {
  for (const runtime of ['esm', 'process'] as const) {
    it(`goes on with the next version, of whose visitors none is lost or counted twice, on ${runtime}`, async () => {
      await using server = await serve({ port: 0, allow: ['esm'] })
      const plug = (version: number): Promise<number> =>
        server.sites.plug('site', Buffer.from(counting(version)), { runtime })
      await plug(1)
      const state = { over: false }
      const seen: number[] = []
      const visit = async (): Promise<void> => {
        const { status, text } = await ask(`${server.url}/slow`)
        assert.equal(status, 200, text)
        seen.push(Number(text.split(' ', 1)[0]))
      }
      const visitors = Array.from({ length: 8 }, async () => {
        while (!state.over) await visit()
      })
      await visit()
      for (const version of [2, 3, 4]) await plug(version)
      state.over = true
      await Promise.all(visitors)
      assert.deepEqual(
        seen.toSorted((a, b) => a - b),
        seen.map((_, index) => index + 1),
      )
      assert.equal((await ask(server.url)).text, `${seen.length + 1} of 4`)
    })
  }

  it('stays where it is when the next one does not take it, or is refused for something else', async () => {
    await using server = await DeployServer.start({ allow: ['process'] })
    await server.deploy('site', Buffer.from(counting(1)), http)
    const visit = async (): Promise<string> => (await ask(server.server.url)).text
    assert.equal(await visit(), '1 of 1')
    const failing = await server.deploy('site', Buffer.from(counting(2, "throw new Error('no room')")), http)
    assert.deepEqual([failing.status, failing.body.get('code')], [422, 'HANDOVER_FAILED'])
    assert.match(String(failing.body.get('error')), /no room.*has its state again/)
    assert.equal(await visit(), '2 of 1')
    const smoke = { path: '/', status: 404 }
    assert.equal((await server.deploy('site', Buffer.from(counting(3)), { ...http, smoke })).status, 422)
    assert.equal(await visit(), '3 of 1')
    const taken = await server.deploy('site', Buffer.from(counting(4)), http)
    assert.equal(taken.status, 200)
    assert.equal(await visit(), '4 of 4')
    // A rollback is for when something is wrong, which the state may be.
    await server.api('POST', '/v1/plugins/site/rollback')
    assert.equal(await visit(), '1 of 1')
    await server.deploy('site', Buffer.from(counting(5)), { ...http, fresh: true })
    assert.equal(await visit(), '1 of 5')
  })
})
