import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { mortise } from '../support/cli.ts'

test('mortise token adds tokens to a store, lists them without their secrets, and revokes them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mortise-token-'))
  try {
    const store = ['--store', join(folder, 'new')]
    const added = await mortise(['token', 'add', 'ci', '--role', 'deploy,read', '--runtimes', 'wasm,process', ...store])
    assert.match(added.stdout, /^[\w-]{43}\n$/, added.stderr)
    const again = await mortise(['token', 'add', 'ci', '--role', 'read', ...store])
    assert.deepEqual([again.code, again.stdout], [2, ''])
    const list = await mortise(['token', 'list', ...store])
    assert.match(list.stdout, /^ci {2}deploy, read for wasm, process, since 20\S+Z\n$/)
    const json = await mortise(['token', 'list', '--json', ...store])
    assert.match(json.stdout, /^\{"ok":true,"tokens":\[\{"name":"ci","roles":\["deploy","read"\]/)
    for (const { stdout } of [list, json]) assert(!stdout.includes(added.stdout.trim()))
    assert.equal((await mortise(['token', 'revoke', 'ci', ...store])).stdout, 'Revoked ci\n')
    assert.equal((await mortise(['token', 'revoke', 'ci', ...store])).code, 1)
    assert.equal((await mortise(['token', 'add', 'ci', ...store])).code, 2)
    assert.equal((await mortise(['token', 'list'])).code, 2)
  } finally {
    await rm(folder, { recursive: true })
  }
})
