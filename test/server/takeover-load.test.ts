import assert from 'node:assert/strict'
import { Agent } from 'node:http'
import { describe, it } from 'node:test'
import { ask, functionOf, onPort, said, takeover } from '../support/takeover.ts'

/** Connections, each of which sends one request after another. */
const connections = 32

const kinds = {
  'take the socket': (number: number) => functionOf(`{ number: ${number}, given: value.given }`),
  'listen on PORT': (number: number) => onPort(`{ number: ${number}, given: value.given }`),
  'take the socket and listen on PORT by turns': (number: number) =>
    kinds[number % 2 === 0 ? 'take the socket' : 'listen on PORT'](number),
} as const

describe(`under ${connections} connections that are never idle`, () => {
  for (const [what, program] of Object.entries(kinds)) {
    it(`no request is refused, lost or answered by a program of the past, while programs that ${what} are replaced`, async () => {
      await using server = await takeover()
      let replaced = 0
      const over = new AbortController()
      let answered = 0
      assert.equal((await server.init(program(0))).body, 'OK\n')
      const agent = new Agent({ keepAlive: true, maxSockets: connections })
      const client = async (): Promise<void> => {
        for (let given = 0; !over.signal.aborted; given++) {
          const least = replaced
          const answer = await ask(`${server.url}/run`, JSON.stringify({ value: { given } }), { agent })
          assert.equal(answer.status, 200, answer.body)
          const { number, given: returned } = said(answer)
          assert.equal(returned, given)
          // The next one may answer before the post of it is answered.
          assert(
            Number(number) >= least && Number(number) <= replaced + 1,
            `${String(number)} of ${least} to ${replaced}`,
          )
          answered++
        }
      }
      const clients = Array.from({ length: connections }, client)
      const failed = Promise.all(clients)
      for (let number = 1; number <= 8; number++) {
        const { body } = await Promise.race([server.init(program(number)), failed.then(() => assert.fail('over'))])
        assert.equal(body, 'OK\n')
        replaced = number
      }
      over.abort()
      await failed
      agent.destroy()
      assert(answered > connections)
    })
  }
})
