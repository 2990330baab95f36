import assert from 'node:assert/strict'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { StateKind } from 'mortise/extension'
import {
  environmentSecrets,
  folderSecrets,
  type JobContext,
  jobKind,
  objectSecrets,
  type Secrets,
} from 'mortise/storages'
import { key, plugExtensions } from '../contracts/extension/mock.ts'
import { failure } from '../support/wat.ts'
import { begin, copied, copy, out, putText } from './copying.ts'

const named = (name: string): string =>
  `(local.set $a ${key('sys.AppSecret')}) ${putText('(local.get $a)', 'Secret', name)}`
const ask = (name: string): string =>
  `${named(name)} ${begin('', '(local.get $a)')} ${copy('String', 'value')} ${copy('String', 'any')}`
const jobs = (secrets: Secrets): StateKind<JobContext> => jobKind({ store: {}, secrets, storages: { 'test.Out': out } })
const context = { workspace: 1n, unixTime: 1n }

describe('a secret', () => {
  test('is a text under any name', async () => {
    const kind = jobs(objectSecrets({ 'mail.password': 'quite secret' }))
    await using guest = await plugExtensions({
      ask: ask('mail.password'),
      absent: ask('toString'),
      number: `${named('mail.password')} ${begin('', '(local.get $a)')} ${copy('Int32', 'value')}`,
      query: `${named('other')} (if (i64.ne (call $hostQueryValue (local.get $a)) (i64.const -1)) (then unreachable))`,
    })
    assert.deepEqual(copied(guest.call('ask', kind.open(context))), { value: 'quite secret', any: 'quite secret' })
    const { details } = failure('EXTENSION_ABSENT', () => guest.call('absent', kind.open(context)))
    assert.equal(details.key, 'storage:sys.AppSecret, Secret:toString')
    failure('EXTENSION_FIELD', () => guest.call('number', kind.open(context)))
    guest.call('query', kind.open(context))
  })

  test('needs a name', async () => {
    await using guest = await plugExtensions({ none: begin('sys.AppSecret') })
    const { message, details } = failure('EXTENSION_FIELD', () =>
      guest.call('none', jobs(objectSecrets({})).open(context)),
    )
    assert.match(message, /secret name is not specified/)
    assert.equal(details.field, 'Secret')
  })
})

describe('secrets', () => {
  test('of the environment are those with a prefix', () => {
    process.env['MORTISE_TEST_SECRET_A'] = 'a'
    const secrets = environmentSecrets('MORTISE_TEST_SECRET_')
    assert.equal(secrets.get('A'), 'a')
    assert.equal(secrets.get('B'), undefined)
    assert.equal(secrets.get('PATH'), undefined)
    delete process.env['MORTISE_TEST_SECRET_A']
    assert.equal(secrets.get('A'), undefined)
    failure('OPTION_INVALID', () => environmentSecrets(''))
  })

  test('of a folder are its files, and no other', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mortise-secrets-'))
    try {
      const inner = join(folder, 'secrets')
      await import('node:fs/promises').then((fs) => fs.mkdir(join(inner, 'folder'), { recursive: true }))
      await writeFile(join(folder, 'outside'), 'not for guests')
      await writeFile(join(inner, 'a'), 'first\n')
      await writeFile(join(inner, '.hidden'), 'hidden')
      await writeFile(join(inner, 'bytes'), Uint8Array.of(0xff, 0xfe))
      await writeFile(join(inner, 'large'), 'x'.repeat(11))
      await symlink('a', join(inner, 'link'))
      const secrets = folderSecrets(inner, { size: 10 })
      assert.equal(secrets.get('a'), 'first\n')
      assert.equal(secrets.get('link'), 'first\n')
      for (const name of ['b', '../outside', '..', '.', '', '.hidden', 'folder', 'folder/../a', 'a\0', 'x'.repeat(300)])
        assert.equal(secrets.get(name), undefined, name)
      await writeFile(join(inner, 'a'), 'second')
      assert.equal(secrets.get('a'), 'second')
      assert.throws(() => secrets.get('bytes'))
      assert.throws(() => secrets.get('large'), /has 11 bytes, and may have 10/)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('of a folder that is gone are none, and guests learn that one cannot be read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mortise-secrets-'))
    await writeFile(join(folder, 'bad'), Uint8Array.of(0xff))
    const kind = jobs(folderSecrets(folder))
    await using guest = await plugExtensions({ bad: ask('bad') })
    assert.equal(
      failure('HOST_FUNCTION_FAILED', () => guest.call('bad', kind.open(context))).details.storage,
      'sys.AppSecret',
    )
    await rm(folder, { recursive: true })
    failure('EXTENSION_ABSENT', () => guest.call('bad', kind.open(context)))
  })

  test('are given as they have to be', () => {
    // @ts-expect-error -- callers without a type checker
    failure('OPTION_INVALID', () => objectSecrets({ a: 1 }))
    failure('OPTION_INVALID', () => folderSecrets(''))
    // @ts-expect-error -- the same
    failure('OPTION_UNKNOWN', () => folderSecrets('/', { sizes: 1 }))
  })
})
