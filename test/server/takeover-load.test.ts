import assert from 'node:assert/strict'
import { Agent } from 'node:http'
import { describe, it } from 'node:test'
import { ask, functionOf, onPort, takeover } from '../support/takeover.ts'

/** Connections, each of which sends one request after another. */
const connections = 32

const kinds = {
  'take the socket': (number: number) => functionOf(`{ number: ${number}, given: value.given }`),
  'listen on PORT': (number: number) =>
    onPort(
      `let text = ''; request.on('data', (part) => { text += part }).on('end', () => response.end(JSON.stringify({ number: ${number}, given: JSON.parse(text).value.given })))`,
    ),
  'take the socket and listen on PORT by turns': (number: number) =>
    kinds[number % 2 === 0 ? 'take the socket' : 'listen on PORT'](number),
} as const

interface Answered {
  readonly number: number
  readonly given: number
}

describe(`under ${connections} connections that are never idle`, () => {
  for (const [what, program] of Object.entries(kinds)) {
    it(`no request is refused, lost or answered by a program of the past, while programs that ${what} are replaced`, async () => {
      await using server = await takeover()
      let replaced = 0
      let over = false
      let answered = 0
      assert.equal((await server.init(program(0))).body, 'OK\n')
      const agent = new Agent({ keepAlive: true, maxSockets: connections })
      const client = async (): Promise<void> => {
        for (let given = 0; !over; given++) {
          const least = replaced
          const { status, body } = await ask(`${server.url}/run`, JSON.stringify({ value: { given } }), { agent })
          assert.equal(status, 200, body)
          const answer: Answered = JSON.parse(body)
          assert.equal(answer.given, given)
          // The next one may answer before the post of it is answered.
          assert(answer.number >= least && answer.number <= replaced + 1, `${answer.number} of ${least} to ${replaced}`)
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
      over = true
      await failed
      agent.destroy()
      assert(answered > connections)
    })
  }
})
