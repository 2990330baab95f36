import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { TokenFile } from '../../../src/server/deploy/tokens.ts'

async function withFile(test: (tokens: TokenFile, path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mortise-tokens-'))
  try {
    const path = join(folder, 'tokens.json')
    await test(new TokenFile(path), path)
  } finally {
    await rm(folder, { recursive: true })
  }
}

describe('tokens', () => {
  it('are found by their secrets, of which only hashes are kept, in a file of their user', async () => {
    await withFile(async (tokens, path) => {
      assert.equal(await tokens.find('anything'), undefined)
      const ci = await tokens.add({ name: 'ci', roles: ['deploy', 'read'], runtimes: ['wasm', 'process'] })
      const eye = await tokens.add({ name: 'eye', roles: ['read'] })
      const found = await tokens.find(ci)
      assert.deepEqual([found?.name, found?.roles, found?.runtimes], ['ci', ['deploy', 'read'], ['wasm', 'process']])
      assert.deepEqual((await tokens.find(eye))?.runtimes, ['wasm'])
      for (const wrong of ['', ci.slice(1), `${ci}x`, found?.hash ?? ''])
        assert.equal(await tokens.find(wrong), undefined)
      const text = await readFile(path, 'utf8')
      assert(!text.includes(ci) && !text.includes(eye))
      assert.equal((await stat(path)).mode & 0o777, 0o600)
    })
  })

  it('that another process adds or revokes are known at once', async () => {
    await withFile(async (tokens, path) => {
      const other = new TokenFile(path)
      const secret = await other.add({ name: 'ci', roles: ['deploy'] })
      assert.equal((await tokens.find(secret))?.name, 'ci')
      assert.equal(await other.revoke('ci'), true)
      assert.equal(await tokens.find(secret), undefined)
      assert.equal(await other.revoke('ci'), false)
    })
  })

  it('expire', async () => {
    await withFile(async (tokens, path) => {
      const secret = await tokens.add({ name: 'ci', roles: ['deploy'], expires: Date.now() + 3_600_000 })
      assert.equal((await tokens.find(secret))?.name, 'ci')
      const past = (await readFile(path, 'utf8')).replace(/"expires": \d+/, '"expires": 1000')
      await writeFile(path, past)
      assert.equal(await tokens.find(secret), undefined)
    })
  })

  it('have a name of their own, and are for something that there is', async () => {
    await withFile(async (tokens) => {
      await tokens.add({ name: 'ci', roles: ['deploy'] })
      const good = { name: 'other', roles: ['read'] } as const
      for (const bad of [
        { ...good, name: 'ci' },
        { ...good, name: '../ci' },
        { ...good, name: '' },
        { ...good, roles: [] },
        { ...good, expires: 1000 },
      ])
        await assert.rejects(tokens.add(bad), { code: 'OPTION_INVALID' })
      // @ts-expect-error -- callers without a type checker write what they like
      await assert.rejects(tokens.add({ ...good, roles: ['admin'] }), { code: 'OPTION_INVALID' })
      // @ts-expect-error -- the same
      await assert.rejects(tokens.add({ ...good, runtimes: ['native'] }), { code: 'OPTION_INVALID' })
      assert.deepEqual(
        (await tokens.all()).map(({ name }) => name),
        ['ci'],
      )
    })
  })

  it('in a file that was damaged let nobody in', async () => {
    await withFile(async (tokens, path) => {
      const secret = await tokens.add({ name: 'ci', roles: ['deploy'] })
      const whole = await readFile(path, 'utf8')
      for (const text of ['', '{}', '[{}]', whole.slice(0, -20), whole.replace('deploy', 'admin')]) {
        await writeFile(path, text)
        await assert.rejects(tokens.find(secret), { code: 'CONFIG_UNREADABLE' })
        await assert.rejects(tokens.add({ name: 'other', roles: ['read'] }), { code: 'CONFIG_UNREADABLE' })
      }
    })
  })
})
