import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { ask } from '../support/takeover.ts'

const folder = join(import.meta.dirname, '../../examples/guestbook')
const page = await readFile(join(folder, 'README.md'), 'utf8')

/** The lines of the page that are indented, behind one of them. */
const written = (line: string): string =>
  (page.split(`    ${line}\n`)[1] ?? '')
    .replace(/^\n/, '')
    .replace(/^(?! {4})[^]*/m, '')
    .replaceAll(/^ {4}/gm, '')

describe('the example guestbook', () => {
  it('prints what its page says when it is swapped', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['-C', 'source', join(folder, 'swap.ts')])
    assert.equal(stdout, written('npm run swap -w examples/guestbook'))
  })

  it('answers as a service what its page says', async () => {
    const child = spawn(process.execPath, ['-C', 'source', join(folder, 'start.ts')], {
      env: { ...process.env, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const url = String(await once(child.stdout, 'data')).trim()
      assert.equal((await ask(url, 'Ann')).body, written('curl -d Ann 127.0.0.1:8080'))
      assert.match((await ask(url, '<b>')).body, /<li>&lt;b>\n/)
      assert.deepEqual([(await ask(url, '')).status, (await ask(`${url}/x`, '')).status], [400, 404])
    } finally {
      child.kill()
      await once(child, 'exit')
    }
  })
})
