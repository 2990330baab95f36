import assert from 'node:assert/strict'
import { lstat, mkdir, mkdtemp, readdir, readlink, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { MortiseError } from 'mortise'
import { unpack } from '../../src/unpack/unpack.ts'
import { type Made, tar, tarGz, zip } from '../support/archives.ts'

const runs = Number(process.env['FUZZ_RUNS'] ?? 300)
const codes = ['CODE_ARCHIVE', 'CODE_UNSAFE', 'CODE_TOO_LARGE'] as const
const limits = { unpacked: '1 MB', entries: 50, depth: 5 } as const

/** A folder three deep, with a file beside each step that nothing may touch. */
async function trap(): Promise<{ readonly root: string; readonly folder: string }> {
  const root = await mkdtemp(join(tmpdir(), 'mortise-fuzz-'))
  const inner = join(root, 'one/two')
  await mkdir(inner, { recursive: true })
  for (const place of [root, dirname(inner), inner]) await writeFile(join(place, 'untouched'), 'as it was')
  return { root, folder: join(inner, 'folder') }
}

/** Names of all that lies below, links not followed. */
async function below(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const lists = entries.map(async (entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? [path].concat(await below(path)) : [path]
  })
  return (await Promise.all(lists)).flat()
}

/** Unpacks, and checks all that has to hold whatever the archive is. */
async function check(archive: Uint8Array): Promise<'unpacked' | 'refused'> {
  const { root, folder } = await trap()
  const before = await below(root)
  try {
    const error: unknown = await unpack(archive, folder, limits).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    const after = await below(root)
    const outside = after.filter((path) => path !== folder && !path.startsWith(`${folder}/`))
    assert.deepEqual(outside.toSorted(), before.toSorted(), 'nothing outside is touched')
    if (error !== undefined) {
      assert(MortiseError.is(error) && codes.some((code) => code === error.code), inspect(error))
      assert.equal(after.length, before.length, 'nothing is left')
      return 'refused'
    }
    for (const path of after) {
      if (!(await lstat(path)).isSymbolicLink()) continue
      const target = resolve(dirname(path), await readlink(path))
      const real = await realpath(path).catch(() => target)
      assert(real === folder || real.startsWith(`${folder}/`), `${path} leads to ${real}`)
    }
    return 'unpacked'
  } finally {
    await rm(root, { recursive: true })
  }
}

const name = fc.constantFrom('a', 'b', 'c', '.', '..', '', 'l', 'a/b', 'A', 'ä', '\\', 'con', 'x'.repeat(300))
const path = fc.array(name, { minLength: 1, maxLength: 5 }).map((names) => names.join('/'))
const tame = fc
  .array(fc.constantFrom('a', 'b', 'c', 'l'), { minLength: 1, maxLength: 4 })
  .map((names) => names.join('/'))
const kind = fc.constantFrom('file', 'folder', 'link', 'hard link', 'device')
const made: fc.Arbitrary<Made> = fc.record(
  { path: fc.oneof(path, { arbitrary: tame, weight: 5 }), kind, text: fc.oneof(path, tame), mode: fc.nat(0o7777) },
  { requiredKeys: ['path'] },
)

/** A link at each turn: most of what gets in has links, to each other and up. */
const climb = fc
  .array(fc.constantFrom('a', 'b', 'l', '..', '..', '.'), { minLength: 1, maxLength: 5 })
  .map((names) => names.join('/'))
const linked = fc.array(fc.record({ path: tame, kind: fc.constant('link' as const), text: climb }), {
  minLength: 1,
  maxLength: 5,
})

const good: readonly Made[] = [
  { path: 'a/' },
  { path: 'a/exec', text: '#!/bin/sh\n'.repeat(50), mode: 0o755 },
  { path: 'l', text: 'a/exec', kind: 'link' },
  { path: 'long/'.repeat(4), kind: 'folder' },
  { path: 'b', text: 'stored', stored: true },
]

describe('whatever an archive holds, nothing is written outside, no link leads out, and a refusal leaves nothing:', () => {
  for (const [format, write] of Object.entries({ zip, tar, 'tar.gz': tarGz })) {
    it(`${format} archives of strange entries`, async (context) => {
      const seed = Date.now() % 2 ** 31
      context.diagnostic(`seed ${seed}`)
      const seen = { unpacked: 0, refused: 0 }
      const entries = fc.oneof(fc.array(made, { maxLength: 8 }), linked)
      await fc.assert(
        fc.asyncProperty(entries, async (list) => {
          seen[await check(write(list))]++
        }),
        { seed, numRuns: runs },
      )
      context.diagnostic(JSON.stringify(seen))
      assert(seen.unpacked > 0 && seen.refused > 0, 'both are met')
    })

    it(`${format} archives with bytes changed, cut out and put in`, async (context) => {
      const seed = Date.now() % 2 ** 31
      context.diagnostic(`seed ${seed}`)
      const archive = write(good)
      assert.equal(await check(archive), 'unpacked')
      const change = fc.record({ at: fc.nat(archive.length - 1), out: fc.nat(8), put: fc.uint8Array({ maxLength: 8 }) })
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
          let bytes: Uint8Array = archive
          for (const { at, out, put } of changes)
            bytes = Buffer.concat([
              bytes.subarray(0, at),
              put,
              bytes.subarray(at + (changes.length > 2 ? out : put.length)),
            ])
          await check(bytes)
        }),
        { seed, numRuns: runs },
      )
    })
  }
})
