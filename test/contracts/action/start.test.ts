import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { start } from 'mortise/action'
import { inFolder } from '../../support/guest.ts'
import { gone } from '../../support/process.ts'
import { type Answer, ask, begin, functionOf, pidOf, said } from '../../support/takeover.ts'

interface Started {
  readonly process: ChildProcess
  readonly url: string
  readonly exited: Promise<readonly unknown[]>
  readonly run: (body: unknown, headers?: Record<string, string>) => Promise<Answer>
  readonly init: (code: string) => Promise<Answer>
}

/** Starts a function as a server of its own, on any port, and ends whatever serves there afterwards. */
async function started(text: string, test: (server: Started) => Promise<void>, options = '{ port: 0 }'): Promise<void> {
  await inFolder({}, async (folder) => {
    const file = join(folder, 'action.mjs')
    const module = import.meta.resolve('mortise/action')
    await writeFile(file, `import { start } from '${module}'\nconsole.log(await start(${text}, ${options}))\n`)
    const child = spawn(process.execPath, [file], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const exited = once(child, 'exit')
    const url = String(await once(child.stdout, 'data')).trim()
    try {
      await test({
        process: child,
        url,
        exited,
        run: (body, headers = {}) =>
          ask(`${url}/run`, typeof body === 'string' ? body : JSON.stringify(body), { headers }),
        init: (code) => ask(`${url}/init`, JSON.stringify({ value: { code } })),
      })
    } finally {
      child.kill('SIGKILL')
      await exited
    }
  })
}

const greet = '({ name }) => ({ greetings: "Hello, " + name })'
const whoAmI = functionOf('{ pid: process.pid, folder: process.cwd(), text: value.text }')

describe('start()', () => {
  it('serves a function', () =>
    started(greet, async ({ run, url }) => {
      const { status, body, headers } = await run({ value: { name: 'Mike' } })
      assert.deepEqual([status, body], [200, '{"greetings":"Hello, Mike"}\n'])
      assert.equal(headers['content-type'], 'application/json')
      assert.equal((await ask(`${url}/other`, '')).status, 404)
    }))

  it('answers with what a function throws, and prints it', () =>
    started('async () => { throw new TypeError("no name specified") }', async ({ run, process: { stderr } }) => {
      assert(stderr !== null)
      const printed = once(stderr, 'data')
      const { status, body } = await run({ value: {} })
      assert.deepEqual([status, body], [200, '{"error":"no name specified"}\n'])
      assert.match(String(await printed), /TypeError: no name specified\n +at/)
    }))

  it('gives a function the parameters and what else the platform said', () =>
    started('(value, activation) => [value, activation]', async ({ run }) => {
      const activation = { activation_id: '1a', deadline: '1800000000000' }
      assert.equal((await run({ value: { a: 1 }, ...activation })).body, `${JSON.stringify([{ a: 1 }, activation])}\n`)
      assert.equal((await run({ value: [1, 2] })).body, '[[1,2],{}]\n')
      assert.equal((await run({})).body, '[{},{}]\n')
    }))

  it('refuses what is no request, and an answer that is no object', () =>
    started('({ answer }) => answer', async ({ run }) => {
      const wrong = '{"error":"The action did not return a dictionary or array."}\n'
      for (const answer of ['text', 1, true]) {
        const { status, body } = await run({ value: { answer } })
        assert.deepEqual([status, body], [502, wrong])
      }
      assert.equal((await run({ value: {} })).status, 502)
      for (const body of ['', 'XXX', '[]', '{"value":1}']) assert.match((await run(body)).body, /^\{"error":"/)
      assert.equal((await run('XXX')).status, 400)
      assert.equal((await run({ value: { answer: 'x'.repeat(2 ** 20) } })).status, 413)
    }))

  it('runs calls that wait for one another', () =>
    started(
      '(() => { let waiting = []; return () => new Promise((resolve) => { waiting.push(resolve); if (waiting.length === 20) for (const each of waiting) each({}) }) })()',
      async ({ run }) => {
        const answers = await Promise.all(Array.from({ length: 20 }, () => run({})))
        assert(answers.every(({ body }) => body === '{}\n'))
      },
    ))

  it('refuses requests of web pages, and for other names of this machine', () =>
    started(greet, async ({ run, url }) => {
      const foreign = [
        { origin: 'http://localhost:8080' },
        { 'sec-fetch-site': 'cross-site' },
        { host: 'example.com' },
        { host: 'localhost.example.com' },
      ]
      for (const headers of foreign) {
        assert.equal((await run({}, headers)).status, 403)
        assert.equal((await ask(`${url}/init`, JSON.stringify({ value: { code: whoAmI } }), { headers })).status, 403)
      }
      assert.equal((await run({}, { host: 'localhost:1' })).status, 200)
    }))

  it('is replaced by a program that is posted, which is replaced again, and ends', () =>
    started(greet, async ({ run, init, exited }) => {
      assert.equal((await init(whoAmI)).body, 'OK\n')
      assert.deepEqual(await exited, [0, null])
      const first = pidOf(await run({ value: {} }))
      assert.equal((await init(whoAmI)).body, 'OK\n')
      const second = await run({ value: {} })
      await gone(first)
      assert.notEqual(pidOf(second), first)
      assert(!existsSync(String(said(second)['folder'])))
      process.kill(pidOf(second), 'SIGTERM')
      await gone(pidOf(second))
    }))

  it('stays where the next one crashes, hangs or is posted meanwhile', () =>
    started(greet, async ({ run, init }) => {
      const { status, body } = await init('#!/bin/sh\nexit 3')
      assert.equal(status, 502)
      assert.match(body, /ended with exit code 3 before it was ready/)
      const hanging = init('#!/bin/sh\nkill -STOP $$')
      const late = init('#!/bin/sh\nexit 3')
      assert.deepEqual(
        [(await hanging).status, (await late).status].toSorted((a, b) => a - b),
        [409, 502],
      )
      assert.equal((await run({ value: { name: 'Mike' } })).body, '{"greetings":"Hello, Mike"}\n')
    }))

  it('answers what it has begun before it ends, and passes on what comes late', () =>
    started('({ text }) => ({ text })', async ({ run, init, url, exited }) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      const post = (body: object): Promise<Answer> => ask(`${url}/run`, JSON.stringify(body), { agent })
      assert.equal((await post({ value: { text: 'kept' } })).body, '{"text":"kept"}\n')
      const begun = await begin(url, '{"value":')
      assert.equal((await init(whoAmI)).body, 'OK\n')
      const successor = pidOf(await run({}))
      assert.equal(pidOf(await post({ value: { text: 'late' } })), successor)
      assert.equal(await begun.end('{"text":"begun"}}'), '{"text":"begun"}\n')
      agent.destroy()
      assert.deepEqual(await exited, [0, null])
      process.kill(successor, 'SIGTERM')
      await gone(successor)
    }))

  it('loses no request while it is replaced', () =>
    started('() => ({ pid: process.pid })', async ({ url, init, run }) => {
      const over = new AbortController()
      const agent = new Agent({ keepAlive: true, maxSockets: 32 })
      const client = async (): Promise<void> => {
        while (!over.signal.aborted) assert.equal((await ask(`${url}/run`, '{"value":{}}', { agent })).status, 200)
      }
      const clients = Promise.all(Array.from({ length: 32 }, client))
      for (let round = 0; round < 4; round++) assert.equal((await init(whoAmI)).body, 'OK\n')
      over.abort()
      await clients
      agent.destroy()
      process.kill(pidOf(await run({})), 'SIGTERM')
    }))

  it('ends on SIGTERM once it has answered', () =>
    started('({ text }) => ({ text })', async ({ process: child, url, exited }) => {
      const begun = await begin(url, '{"value":')
      child.kill('SIGTERM')
      // It takes no more connections by the time that one is refused.
      while (
        await ask(`${url}/run`, '{}').then(
          () => true,
          () => false,
        )
      );
      assert.equal(await begun.end('{"text":"begun"}}'), '{"text":"begun"}\n')
      assert.deepEqual(await exited, [0, null])
    }))

  it('refuses options that it does not have', async () => {
    const function_ = (): object => ({})
    // @ts-expect-error -- no such option
    await assert.rejects(start(function_, { posts: 1 }), { code: 'OPTION_UNKNOWN' })
    await assert.rejects(start(function_, { port: 65_536 }), { code: 'OPTION_INVALID' })
    await assert.rejects(start(function_, { host: '' }), { code: 'OPTION_INVALID' })
    await assert.rejects(start(function_, { body: 'much' }), { code: 'OPTION_INVALID' })
    // @ts-expect-error -- no function
    await assert.rejects(start({}), { code: 'OPTION_INVALID' })
  })
})
