import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Agent, request } from 'undici'
import { mixedLoad } from './mixed-load.ts'
import { ServerProcess } from './server-process.ts'

/** Every call waits until so many have come, which they only can if all of them run at a time. */
const meeting = `
let come = 0
const all = Promise.withResolvers()
export const main = async ({ of }) => {
  if (++come === of) all.resolve()
  await all.promise
  return { come }
}
`

test('a mix of functions that answer, wait, trap, exit and loop: no answer is wrong, and none is lost', async (t) => {
  const seed = Date.now() % 2 ** 31
  t.diagnostic(`seed ${seed}`)
  const { unlike, asked, before, after } = await mixedLoad(seed, 6000, 64)
  assert.deepEqual(unlike, [])
  assert.deepEqual(Object.keys(asked).toSorted(), ['child', 'exits', 'hello', 'loops', 'traps', 'waits'])
  assert(after.descriptors <= before.descriptors + 2, `descriptors: ${before.descriptors}, then ${after.descriptors}`)
})

test('100 activations that wait for one another finish, in this process and in a child', async () => {
  await using server = await ServerProcess.start({ own: { file: 'meeting.mjs', data: meeting } })
  await server.init('posted', meeting)
  for (const name of ['own', 'posted']) {
    const dispatcher = new Agent({ connections: 100, pipelining: 1 })
    const replies = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const reply = await request(`${server.url}/run/${name}`, {
          method: 'POST',
          body: '{"value":{"of":100}}',
          dispatcher,
        })
        return reply.body.json()
      }),
    )
    await dispatcher.close()
    assert.deepEqual(
      replies,
      Array.from({ length: 100 }, () => ({ come: 100 })),
      name,
    )
  }
})
