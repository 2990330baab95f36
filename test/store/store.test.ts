import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { openStore, type Store, type StoreOptions } from 'mortise/store'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Opens a store in a new folder, for a test that may open it again. */
async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mortise-store-'))
  try {
    await test(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function withStore(
  test: (store: Store, folder: string) => Promise<void>,
  options: Omit<StoreOptions, 'folder'> = {},
): Promise<void> {
  await inFolder(async (folder) => {
    await using store = await openStore({ folder, ...options })
    await test(store, folder)
  })
}

async function deploy(store: Store, plugin: string, text: string): Promise<number> {
  const digest = await store.put(bytesOf(text))
  return (await store.deploy(plugin, { digest, settings: { text } }, 'ann')).version
}

const liveOf = async (store: Store): Promise<readonly string[]> =>
  (await store.live()).map(({ plugin, version }) => `${plugin} ${version}`)

describe('artifacts', () => {
  it('are kept under the digest of their bytes, once', async () => {
    await withStore(async (store, folder) => {
      const bytes = bytesOf('one')
      assert.equal(await store.has(digestOf(bytes)), false)
      const digest = await store.put(bytes)
      assert.equal(digest, digestOf(bytes))
      assert.equal(await store.put(bytes), digest)
      assert.equal(await store.has(digest), true)
      assert.deepEqual(new Uint8Array(await store.read(digest)), bytes)
      assert.deepEqual(await readdir(join(folder, 'artifacts')), [digest])
    })
  })

  it('that are not there are ARTIFACT_ABSENT, whatever is asked for', async () => {
    await withStore(async (store) => {
      for (const digest of [digestOf(bytesOf('none')), '../versions.db', '', '..']) {
        assert.equal(await store.has(digest), false)
        await assert.rejects(store.read(digest), { code: 'ARTIFACT_ABSENT' })
        await assert.rejects(store.deploy('hello', { digest, settings: null }, 'ann'), { code: 'ARTIFACT_ABSENT' })
      }
      assert.deepEqual(await store.live(), [])
    })
  })

  it('whose file was damaged are STORE_CORRUPT, until they are put again', async () => {
    await withStore(async (store, folder) => {
      const digest = await store.put(bytesOf('whole'))
      await truncate(join(folder, 'artifacts', digest), 2)
      await assert.rejects(store.read(digest), { code: 'STORE_CORRUPT' })
      await store.put(bytesOf('whole'))
      assert.deepEqual(new Uint8Array(await store.read(digest)), bytesOf('whole'))
    })
  })

  it('that no version is made of are collected, but not those of the last hour', async () => {
    await withStore(async (store, folder) => {
      await deploy(store, 'hello', 'used')
      const old = await store.put(bytesOf('old'))
      const young = await store.put(bytesOf('young'))
      const before = new Date(Date.now() - 2 * 3_600_000)
      await utimes(join(folder, 'artifacts', old), before, before)
      assert.equal(await store.collect(), 1)
      assert.deepEqual([await store.has(old), await store.has(young)], [false, true])
    })
  })

  it('that are put again count as new', async () => {
    await withStore(async (store, folder) => {
      const digest = await store.put(bytesOf('again'))
      const before = new Date(Date.now() - 2 * 3_600_000)
      await utimes(join(folder, 'artifacts', digest), before, before)
      await store.put(bytesOf('again'))
      assert.equal(await store.collect(), 0)
    })
  })

  it('that were half written when the process ended are gone', async () => {
    await inFolder(async (folder) => {
      await (await openStore({ folder }))[Symbol.asyncDispose]()
      await writeFile(join(folder, 'unfinished', 'half'), 'hal')
      await using store = await openStore({ folder })
      assert.deepEqual(await readdir(join(folder, 'unfinished')), [])
      assert.deepEqual(await store.live(), [])
    })
  })
})

describe('versions', () => {
  it('are numbered from 1, and the last is live', async () => {
    await withStore(async (store) => {
      assert.deepEqual([await deploy(store, 'a', 'one'), await deploy(store, 'a', 'two')], [1, 2])
      await deploy(store, 'b', 'one')
      assert.deepEqual(await liveOf(store), ['a 2', 'b 1'])
      const [newest] = await store.versions('a')
      assert.equal(newest?.digest, digestOf(bytesOf('two')))
      assert.deepEqual([newest?.settings, newest?.size, newest?.by], [{ text: 'two' }, 3, 'ann'])
    })
  })

  it('are there again when the store is opened again', async () => {
    await inFolder(async (folder) => {
      {
        await using store = await openStore({ folder })
        await deploy(store, 'a', 'one')
        await deploy(store, 'a', 'two')
        await store.activate('a', 1, 'bob')
      }
      await using store = await openStore({ folder })
      assert.deepEqual(await liveOf(store), ['a 1'])
      assert.equal(await deploy(store, 'a', 'three'), 3)
    })
  })

  it('can be gone back to while they are kept, and the live one always is', async () => {
    await withStore(
      async (store) => {
        for (const text of ['one', 'two', 'three']) await deploy(store, 'a', text)
        assert.equal((await store.activate('a', 2, 'bob')).digest, digestOf(bytesOf('two')))
        assert.deepEqual(await liveOf(store), ['a 2'])
        await assert.rejects(store.activate('a', 1, 'bob'), {
          code: 'VERSION_ABSENT',
          message: "Plugin 'a' has no version 1. Its versions are 3, 2",
        })
        await assert.rejects(store.activate('b', 1, 'bob'), { code: 'VERSION_ABSENT' })
        assert.deepEqual(await liveOf(store), ['a 2'])
      },
      { versions: 2 },
    )
  })

  it('can be gone back to while they were the last live ones, however old they are', async () => {
    await withStore(
      async (store) => {
        for (const text of ['one', 'two', 'three']) await deploy(store, 'a', text)
        await store.activate('a', 1, 'bob')
        await deploy(store, 'a', 'four')
        assert.deepEqual(
          (await store.versions('a')).map(({ version }) => version),
          [4, 3, 1],
        )
        assert.equal((await store.activate('a', 1, 'bob')).digest, digestOf(bytesOf('one')))
      },
      { versions: 3 },
    )
  })

  it('of a plugin that was removed are gone, and their numbers are not used again', async () => {
    await withStore(async (store) => {
      await deploy(store, 'a', 'one')
      await store.remove('a', 'bob')
      assert.deepEqual([await liveOf(store), await store.versions('a')], [[], []])
      await assert.rejects(store.remove('a', 'bob'), { code: 'VERSION_ABSENT' })
      assert.equal(await deploy(store, 'a', 'two'), 2)
      const said = (await store.activations('a', 10)).map(({ version, by }) => [version, by])
      assert.deepEqual(said, [
        [2, 'ann'],
        [undefined, 'bob'],
        [1, 'ann'],
      ])
    })
  })

  it('that are deployed at once get numbers of their own, and the last is live', async () => {
    await withStore(async (store) => {
      const numbers = await Promise.all(Array.from({ length: 50 }, (_, index) => deploy(store, 'a', `text ${index}`)))
      assert.deepEqual(
        numbers.toSorted((a, b) => a - b),
        Array.from({ length: 50 }, (_, index) => index + 1),
      )
      assert.deepEqual(await liveOf(store), ['a 50'])
    })
  })
})

describe('the audit', () => {
  const entry = {
    at: 1,
    by: 'ann',
    from: '127.0.0.1',
    action: 'deploy',
    plugin: 'a',
    digest: undefined,
    outcome: 'done',
  }

  it('is read from the newest, page by page', async () => {
    await withStore(async (store) => {
      for (let at = 1; at <= 5; at++) await store.audit({ ...entry, at })
      const first = await store.audits(2)
      assert.deepEqual(
        first.map(({ at }) => at),
        [5, 4],
      )
      const rest = await store.audits(10, first.at(-1)?.number)
      assert.deepEqual(
        rest.map(({ at }) => at),
        [3, 2, 1],
      )
      assert.deepEqual(rest[0], { ...entry, at: 3, number: rest[0]?.number })
    })
  })

  it('has a line of each change that somebody made from somewhere, and none of what did not happen', async () => {
    await withStore(async (store) => {
      const digest = await store.put(bytesOf('one'))
      await store.deploy('a', { digest, settings: null }, 'ann', 'here')
      await store.deploy('a', { digest, settings: null }, 'nobody')
      await store.activate('a', 1, 'bob', 'there')
      await assert.rejects(store.activate('a', 9, 'bob', 'there'))
      await assert.rejects(store.deploy('a', { digest: '0'.repeat(64), settings: null }, 'bob', 'there'))
      await store.remove('a', 'cid', 'there')
      assert.deepEqual(
        (await store.audits(10)).map(({ by, from, action, plugin, digest: of }) => [by, from, action, plugin, of]),
        [
          ['cid', 'there', 'remove', 'a', undefined],
          ['bob', 'there', 'rollback', 'a', digest],
          ['ann', 'here', 'deploy', 'a', digest],
        ],
      )
    })
  })

  it('forgets the oldest lines', async () => {
    await withStore(
      async (store) => {
        for (let at = 1; at <= 5; at++) await store.audit({ ...entry, at })
        assert.deepEqual(
          (await store.audits(10)).map(({ at }) => at),
          [5, 4, 3],
        )
      },
      { audits: 3 },
    )
  })
})

describe('a store', () => {
  it('is open to one process at a time', async () => {
    await withStore(async (_, folder) => {
      await assert.rejects(openStore({ folder }), { code: 'STORE_BUSY' })
    })
  })

  it('that is closed says so', async () => {
    await inFolder(async (folder) => {
      const store = await openStore({ folder })
      await store[Symbol.asyncDispose]()
      await assert.rejects(store.live(), { code: 'STORE_CLOSED' })
      await assert.rejects(store.put(bytesOf('late')), { code: 'STORE_CLOSED' })
    })
  })

  it('of another schema, or that is none, is refused and left as it is', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'versions.db')
      {
        using database = new DatabaseSync(file)
        database.exec('PRAGMA user_version = 99')
      }
      await assert.rejects(openStore({ folder }), { code: 'STORE_SCHEMA' })
      await rm(file)
      await writeFile(file, 'this is no database, and long enough for one'.repeat(100))
      await assert.rejects(openStore({ folder }), { code: 'STORE_CORRUPT' })
      assert.equal((await stat(file)).size, 4400)
    })
  })

  it('can be read by its user alone', async () => {
    await withStore(async (store, folder) => {
      const digest = await store.put(bytesOf('secret'))
      assert.equal((await stat(join(folder, 'artifacts', digest))).mode & 0o777, 0o600)
      assert.equal((await stat(join(folder, 'artifacts'))).mode & 0o777, 0o700)
    })
  })

  it('refuses options that it does not have', async () => {
    await inFolder(async (folder) => {
      for (const options of [{ folder: '' }, { folder, versions: 0 }, { folder, audits: 1.5 }])
        await assert.rejects(openStore(options), { code: 'OPTION_INVALID' })
      // @ts-expect-error -- callers without a type checker write what they like
      await assert.rejects(openStore({ folder, keep: 3 }), { code: 'OPTION_UNKNOWN' })
    })
  })
})
