import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, it } from 'node:test'
import { mortise } from '../support/cli.ts'
import { inFolder } from '../support/guest.ts'
import { gone } from '../support/process.ts'
import { ask, functionOf, onPort, pidOf, said } from '../support/takeover.ts'

const bin = fileURLToPath(new URL('../../bin/mortise.js', import.meta.url))
const whoAmI = JSON.stringify({ value: { code: onPort('{ pid: process.pid, path: process.env.PATH }') } })

async function served(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [bin, 'serve', '--takeover', '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  const line = String(await once(child.stderr, 'data'))
  assert.match(line, /--allow process is implied/)
  const [, url = ''] = /Ready at (http:\S+)\./.exec(line) ?? []
  return { child, url }
}

describe('mortise serve --takeover', () => {
  it('is whatever program was posted, until it is asked to end', async () => {
    const { child, url } = await served([])
    const ended = once(child, 'exit')
    assert.equal((await ask(`${url}/run`, '{}')).body, '{"error":"the action failed to locate a binary"}\n')
    assert.equal((await ask(`${url}/init`, whoAmI)).body, 'OK\n')
    const { pid, path } = said(await ask(`${url}/run`, '{}'))
    assert.equal(path, process.env['PATH'])
    child.kill('SIGTERM')
    assert.deepEqual(await ended, [0, null])
    await gone(Number(pid))
  })

  it('leaves no function running when it is killed', () =>
    inFolder({}, async (folder) => {
      const { child, url } = await served([], { TMPDIR: folder })
      const value = { code: functionOf('{ pid: process.pid }') }
      assert.equal((await ask(`${url}/init`, JSON.stringify({ value }))).body, 'OK\n')
      const pid = pidOf(await ask(`${url}/run`, '{}'))
      child.kill('SIGKILL')
      await gone(pid)
      await assert.rejects(ask(`${url}/run`, '{}'), { code: 'ECONNREFUSED' })
    }))

  it('refuses web pages and foreign names, but for those that are allowed', async () => {
    const { child, url } = await served(['--allow-origin', 'http://mine.example', '--allow-host', 'mine.example'])
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await ask(`${url}/init`, whoAmI, { headers })).status
    assert.equal(await status({ origin: 'http://other.example' }), 403)
    assert.equal(await status({ 'sec-fetch-site': 'cross-site' }), 403)
    assert.equal(await status({ host: 'other.example' }), 403)
    assert.equal(await status({ origin: 'http://mine.example', host: 'mine.example' }), 200)
    child.kill('SIGTERM')
    await once(child, 'exit')
  })

  it('refuses options that mean nothing here', async () => {
    for (const [args, why] of [
      [['--openwhisk-like'], /openwhisk-like/],
      [['--function', 'a=b'], /--function does not go with --takeover/],
      [['--tls-cert', 'a'], /--tls-cert does not go with --takeover/],
      [['--ready', 'soon'], /Cannot set 'ready' to 'soon'/],
      [['hello'], /programs at \/init/],
    ] as const) {
      const { code, stderr } = await mortise(['serve', '--takeover', ...args])
      assert.notEqual(code, 0)
      assert.match(stderr, why)
    }
  })
})
