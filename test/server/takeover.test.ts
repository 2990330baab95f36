import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { Agent } from 'node:http'
import { describe, it } from 'node:test'
import { gone } from '../support/process.ts'
import { ask, begin, functionOf, onPort, pidOf, said, takeover } from '../support/takeover.ts'

const greeting = '{ greetings: "Hello, " + value.name }'
const saluto = '{ saluti: "Ciao, " + value.name }'
const whoAmI = '{ pid: process.pid, folder: process.cwd() }'
const hello = functionOf(greeting)
const mike = { name: 'Mike' }

const kinds = {
  'takes the socket': { first: hello, second: functionOf(saluto), who: functionOf(whoAmI) },
  'listens on PORT': { first: onPort(greeting), second: onPort(saluto), who: onPort(whoAmI) },
} as const

describe('a server whose place programs take', () => {
  it('says that there is no action before one was posted', async () => {
    await using server = await takeover()
    const { status, body } = await server.run(mike)
    assert.equal(status, 500)
    assert.equal(body, '{"error":"the action failed to locate a binary"}\n')
  })

  for (const [what, { first, second, who }] of Object.entries(kinds)) {
    describe(`by a program that ${what}`, () => {
      it('is replaced, again and again', async () => {
        await using server = await takeover()
        for (let round = 0; round < 2; round++) {
          assert.deepEqual(
            [(await server.init(first)).body, (await server.run(mike)).body],
            ['OK\n', '{"greetings":"Hello, Mike"}\n'],
          )
          assert.deepEqual(
            [(await server.init(second)).body, (await server.run(mike)).body],
            ['OK\n', '{"saluti":"Ciao, Mike"}\n'],
          )
        }
      })

      it('lets a program answer what it has begun, while the next one answers all that comes', async () => {
        await using server = await takeover()
        await server.init(first)
        const begun = await begin(server.url, '{"value":')
        await server.init(second)
        assert.equal((await server.run(mike)).body, '{"saluti":"Ciao, Mike"}\n')
        assert.equal(await begun.end('{"name":"Ada"}}'), '{"greetings":"Hello, Ada"}\n')
      })

      it('lets the next one answer on connections of the time before', async () => {
        await using server = await takeover()
        await server.init(first)
        const agent = new Agent({ keepAlive: true, maxSockets: 1 })
        assert.equal((await server.run(mike, { agent })).body, '{"greetings":"Hello, Mike"}\n')
        await server.init(second)
        assert.equal((await server.run(mike, { agent })).body, '{"saluti":"Ciao, Mike"}\n')
        agent.destroy()
      })

      it('stays as it is where the next one crashes, hangs or is none', async () => {
        await using server = await takeover({ ready: '3 s' })
        assert.equal((await server.init(first)).body, 'OK\n')
        const wrong = [
          [
            502,
            /ended with exit code 3 before it was ready\. Its stderr ends with: oh no/,
            '#!/bin/sh\necho oh no >&2; exit 3',
          ],
          [502, /was ended by SIGKILL/, '#!/bin/sh\nkill -9 $$'],
          [
            502,
            /it was not ready within 3000 ms: a program listens on .* PORT .*, or serves from descriptor 3/,
            '#!/bin/sh\nsleep 60',
          ],
          [502, /bytes are of kind 'wasm-module'/, Buffer.from('0061736d01000000', 'hex')],
          [502, /No such file|not found/, '#!/no/such/interpreter'],
          [400, /no program as text/, ''],
        ] as const
        for (const [status, why, code] of wrong) {
          const answer = await server.init(code)
          assert.match(answer.body, why)
          assert.equal(answer.status, status)
          assert.equal((await server.run(mike)).body, '{"greetings":"Hello, Mike"}\n')
        }
        assert.deepEqual(server.events, ['a program serves'])
      })

      it('starts a program again that ends, and answers at once meanwhile', async () => {
        await using server = await takeover()
        await server.init(who)
        for (let round = 2; round < 4; round++) {
          const pid = pidOf(await server.run())
          process.kill(pid, 'SIGKILL')
          await server.happened(/was ended by SIGKILL/, round - 1)
          const { status, body } = await server.run()
          assert.equal(status, 503)
          assert.equal(body, '{"error":"the program was ended by SIGKILL and is being started again"}\n')
          await server.happened(/serves/, round)
          assert.notEqual(pidOf(await server.run()), pid)
        }
      })

      it('gives a program up that ends too often, until another is posted', async () => {
        await using server = await takeover({ restarts: 0 })
        await server.init(who)
        const pid = pidOf(await server.run())
        process.kill(pid, 'SIGKILL')
        await server.happened(/ended/)
        const { status, body } = await server.run()
        assert.equal(status, 502)
        assert.match(body, /ended too often and is not started again\. The last time, the program was ended by SIGKILL/)
        assert.equal((await server.init(first)).body, 'OK\n')
        assert.equal((await server.run(mike)).body, '{"greetings":"Hello, Mike"}\n')
      })

      it('leaves nothing behind: no process, no file', async () => {
        await using server = await takeover()
        const seen: { pid: number; folder: string }[] = []
        for (let round = 0; round < 2; round++) {
          await server.init(who)
          const answer = await server.run()
          seen.push({ pid: pidOf(answer), folder: String(said(answer)['folder']) })
        }
        const [before, last] = seen
        assert(before !== undefined && last !== undefined)
        await gone(before.pid)
        assert(existsSync(last.folder))
        await server.server.close()
        await gone(last.pid)
        assert(!existsSync(before.folder) && !existsSync(last.folder))
        await assert.rejects(ask(server.url, ''), { code: 'ECONNREFUSED' })
      })
    })
  }

  it('is replaced by one kind after the other', async () => {
    await using server = await takeover()
    const programs = [kinds['takes the socket'], kinds['listens on PORT']]
    for (const { first, second } of [...programs, ...programs.toReversed()]) {
      assert.equal((await server.init(first)).body, 'OK\n')
      assert.equal((await server.run(mike)).body, '{"greetings":"Hello, Mike"}\n')
      assert.equal((await server.init(second)).body, 'OK\n')
      assert.equal((await server.run(mike)).body, '{"saluti":"Ciao, Mike"}\n')
    }
  })

  it('puts one program in place at a time, in the order that they were posted', async () => {
    await using server = await takeover()
    const numbers = [1, 2, 3]
    const answers = await Promise.all(numbers.map((number) => server.init(functionOf(`{ number: ${number} }`))))
    assert.deepEqual(
      answers.map(({ body }) => body),
      ['OK\n', 'OK\n', 'OK\n'],
    )
    assert.equal(server.events.length, 3)
  })

  it('refuses more posts than may wait', async () => {
    await using server = await takeover({ ready: '1 s' })
    const posts = Array.from({ length: 6 }, (_, index) => `#!/bin/sh\n${index === 0 ? 'sleep 60' : 'exit 1'}`)
    const statuses = await Promise.all(posts.map(async (code) => (await server.init(code)).status))
    assert.deepEqual(
      statuses.toSorted((a, b) => a - b),
      [502, 502, 502, 502, 503, 503],
    )
  })

  it('gives a program the environment that was posted, and of its own only what it was told to', async () => {
    process.env['SECRET_OF_THE_SERVER'] = 'secret'
    await using server = await takeover()
    await server.init(functionOf('process.env'), { TEXT: 'a=b', NUMBER: 1, OBJECT: { a: null }, PORT: 'mine' })
    const env = said(await server.run())
    assert.deepEqual([env['TEXT'], env['NUMBER'], env['OBJECT']], ['a=b', '1', '{"a":null}'])
    assert.match(String(env['PORT']), /^\d+$/)
    assert.deepEqual(
      Object.keys(env).filter((name) => /SECRET|LISTEN|MORTISE/.test(name)),
      [],
    )
  })

  it('refuses what a guard does not admit, also where a program takes the connections', async () => {
    await using server = await takeover({
      admit({ url, headers }) {
        if (url === '/init' && headers.authorization !== 'Bearer token') throw new Error('say who you are')
      },
    })
    const post = (headers: Record<string, string>): Promise<{ status: number; body: string }> =>
      ask(`${server.url}/init`, JSON.stringify({ value: { code: hello } }), { headers })
    for (let round = 0; round < 2; round++) {
      const { status, body } = await post({})
      assert.deepEqual([status, body], [403, '{"error":"say who you are"}\n'])
      assert.equal((await post({ authorization: 'Bearer token' })).body, 'OK\n')
    }
  })

  it('refuses a body that is no program, and one that is too large', async () => {
    await using server = await takeover()
    const post = async (body: string | Buffer): Promise<readonly [number, string]> => {
      const { status, body: text } = await ask(`${server.url}/init`, body)
      return [status, text]
    }
    assert.match((await post('XXX')).join(), /^400.*not JSON/)
    assert.match((await post('[]')).join(), /^400.*not a JSON object/)
    assert.match((await post('{"value":{"code":"!!!","binary":true}}')).join(), /^400.*not base64/)
    assert.match((await post('{"value":{"code":"x","env":{"A=":"x"}}}')).join(), /^400.*cannot hold/)
    assert.match((await post(Buffer.alloc(66 * 2 ** 20, ' '))).join(), /^413/)
  })
})
