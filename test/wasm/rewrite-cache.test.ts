import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import fc from 'fast-check'
import { Mortise } from 'mortise'
import { build } from 'mortise/build'
import { wasm } from 'mortise/wasm'
import { type Artifact, readArtifact } from '../../src/artifact.ts'
import { obtain, type Obtained } from '../../src/wasm/obtain.ts'
import type { Features } from '../../src/wasm/rewrite/rewrite.ts'
import { RewriteCache } from '../../src/wasm/rewrite-cache.ts'
import { decode, encode, keyOf } from '../../src/wasm/rewrite-file.ts'
import { mortise } from '../support/cli.ts'
import { largeModule } from '../support/large-module.ts'
import { combinations, modules, rich } from '../support/rewritable.ts'
import { benchContract, failure, plugBench, wat } from '../support/wat.ts'

const root = await mkdtemp(join(tmpdir(), 'mortise-cache-'))
after(() => rm(root, { recursive: true }))

const hello = join(root, 'hello.wasm')
await writeFile(hello, (await build('examples/hello/guest')).wasm)

let folders = 0
/** A folder that is not there yet. */
const newFolder = (): string => join(root, `cache-${++folders}`)

const [plain] = combinations
assert(plain !== undefined)

/** Long ago, as a file's time. */
const past = new Date(2020, 1, 1)

async function get(artifact: Artifact, features: Features, cache?: RewriteCache): Promise<Obtained> {
  return obtain(artifact, features, cache)
}

async function only(folder: string): Promise<string> {
  const [name, ...more] = await readdir(folder)
  assert(name !== undefined && more.length === 0, `one file was expected in ${folder}`)
  return join(folder, name)
}

describe('a cache of rewritten modules', () => {
  for (const [name, bytes] of Object.entries({ ...modules, large: largeModule(100_000) })) {
    it(`gives back what was kept, in every combination of limits: ${name}`, async () => {
      const artifact = await readArtifact(bytes)
      const cache = new RewriteCache(newFolder())
      for (const features of combinations) {
        const { rewritten, from } = await get(artifact, features, cache)
        assert.equal(from, 'fresh')
        assert.deepEqual(await get(artifact, features, cache), { rewritten, from: 'disk' })
        assert.deepEqual((await get(artifact, features)).rewritten, rewritten)
      }
    })
  }

  it("makes a folder and files that are nobody else's", async () => {
    const folder = newFolder()
    await using bench = await plugBench(rich, { wasm: { cache: folder }, functions: notes })
    assert.equal(bench.plugin.stats().calls, 0)
    assert.equal((await stat(folder)).mode & 0o777, 0o700)
    assert.equal((await stat(await only(folder))).mode & 0o777, 0o600)
  })

  it('holds a module once for each set of limits that changes its code', async () => {
    const folder = newFolder()
    // What the process has in memory is not made again, and so not kept: this module it has not.
    const bytes = largeModule(1000, 77)
    for (const options of [{}, { deadline: '1 s' }, { memory: '1 MiB' }, { fuel: '1e6' }]) {
      await using _ = await plugBench(bytes, { wasm: { cache: folder, ...options } })
    }
    assert.equal((await readdir(folder)).length, 3)
  })

  it('is found by other processes, which say that they used it', async () => {
    const folder = newFolder()
    const args = ['run', hello, '--data', '{"name":"Mike"}', '--cache', folder]
    const first = await mortise(args)
    const file = await only(folder)
    const { ino } = await stat(file)
    await utimes(file, past, past)
    const second = await mortise(args)
    assert.deepEqual([second.code, second.stdout], [0, first.stdout])
    const used = await stat(await only(folder))
    assert.equal(used.ino, ino)
    assert(used.mtime > past)
  })

  it('may be filled by many processes at once', async () => {
    const folder = newFolder()
    const args = ['run', hello, '--data', '{"name":"Mike"}', '--cache', folder]
    const runs = await Promise.all([1, 2, 3, 4].map(() => mortise(args)))
    for (const { code, stdout, stderr } of runs) {
      assert.deepEqual([code, stdout], [0, '{"greetings":"Hello, Mike"}\n'])
      assert.doesNotMatch(stderr, /warning/i)
    }
    await only(folder)
  })

  it('does without a file that is damaged, and replaces it', async () => {
    const artifact = await readArtifact(rich)
    const folder = newFolder()
    const cache = new RewriteCache(folder)
    const { rewritten } = await get(artifact, plain, cache)
    const file = await only(folder)
    const whole = await readFile(file)
    for (const damaged of [whole.subarray(0, -1), whole.subarray(0, 64), Buffer.alloc(0), Buffer.from('damaged\n')]) {
      await writeFile(file, damaged)
      assert.deepEqual(await get(artifact, plain, cache), { rewritten, from: 'fresh' })
      assert.deepEqual(await readFile(file), whole)
    }
  })

  it('sees every byte that is not as it was', async () => {
    const { digest, ...artifact } = await readArtifact(rich)
    const { rewritten } = await get({ digest, ...artifact }, plain)
    const key = keyOf(digest, plain, 'this one')
    const file = Uint8Array.from(Buffer.concat(encode(key, rewritten)))
    assert.deepEqual(decode(key, plain, file), rewritten)
    const seed = Date.now()
    console.log(`seed ${seed}`)
    const where = fc.nat(file.length - 1)
    const change = fc.integer({ min: 1, max: 255 })
    fc.assert(
      fc.property(where, change, (at, by) => {
        const damaged = file.slice()
        damaged[at] = (damaged[at] ?? 0) ^ by
        assert.equal(decode(key, plain, damaged), undefined)
      }),
      { seed, numRuns: 1000 },
    )
    for (let length = 0; length < file.length; length++)
      assert.equal(decode(key, plain, file.slice(0, length)), undefined)
  })

  it('does without a file that is whole but of another module', async () => {
    const folder = newFolder()
    const cache = new RewriteCache(folder)
    const artifact = await readArtifact(rich)
    const { rewritten } = await get(artifact, plain, cache)
    const mine = await only(folder)
    await rm(mine)
    await get(await readArtifact(wat('(module (memory 1))')), plain, cache)
    await rename(await only(folder), mine)
    assert.deepEqual(await get(artifact, plain, cache), { rewritten, from: 'fresh' })
  })

  it('is of one rewriter: what another one made is under another key', () => {
    assert.notEqual(keyOf('digest', plain, 'one'), keyOf('digest', plain, 'another'))
  })

  it('takes no more than it may: what was not used for longest goes, and nothing that is not its own', async () => {
    const folder = newFolder()
    // Two of them fit.
    const cache = new RewriteCache(folder, 25_000)
    const [first, second, third] = await Promise.all([1, 2, 3].map((seed) => readArtifact(largeModule(10_000, seed))))
    assert(first !== undefined && second !== undefined && third !== undefined)
    await get(first, plain, cache)
    await get(second, plain, cache)
    const names = await readdir(folder)
    assert.equal(names.length, 2)
    for (const name of names) await utimes(join(folder, name), past, past)
    // What a process left behind that ended while it was writing, and what is not ours.
    const left = `${names[0]}.0123456789abcdef`
    for (const name of [left, 'notes.txt']) {
      await writeFile(join(folder, name), 'some text '.repeat(1000))
      await utimes(join(folder, name), new Date(2019, 1, 1), new Date(2019, 1, 1))
    }
    assert.equal((await get(first, plain, cache)).from, 'disk')
    await get(third, plain, cache)
    const rest = await readdir(folder)
    assert(rest.length === 3 && rest.includes('notes.txt') && !rest.includes(left))
    assert.equal((await get(first, plain, cache)).from, 'disk')
    assert.equal((await get(third, plain, cache)).from, 'disk')
    assert.equal((await get(second, plain, cache)).from, 'fresh')
  })

  it('that cannot be written is said once, and every module is plugged all the same', async () => {
    const file = join(root, 'a file')
    await writeFile(file, '')
    const warnings: (Error & { readonly code?: string })[] = []
    const listen = (warning: Error): void => void warnings.push(warning)
    process.on('warning', listen)
    try {
      await using host = new Mortise({ runtimes: [wasm({ cache: join(file, 'folder') })] })
      for (const seed of [1, 2]) await host.plug(`guest-${seed}`, largeModule(1000, 100 + seed), benchContract())
      await new Promise(setImmediate)
      assert.deepEqual(
        warnings.map(({ name, code }) => [name, code]),
        [['MortiseWarning', 'MORTISE_CACHE']],
      )
      assert.match(warnings[0]?.message ?? '', /Cannot keep rewritten modules in '.*a file\/folder': .*not a directory/)
    } finally {
      process.off('warning', listen)
    }
  })

  it('whose file cannot be read is made anew', async () => {
    const folder = newFolder()
    const cache = new RewriteCache(folder)
    const artifact = await readArtifact(rich)
    await get(artifact, plain, cache)
    const file = await only(folder)
    await rm(file)
    // A folder is in its place, and nothing can be renamed to there.
    await mkdir(file)
    await writeFile(join(file, 'something'), '')
    const warned = once(process, 'warning')
    assert.equal((await get(artifact, plain, cache)).from, 'fresh')
    await warned
    assert.deepEqual(await readdir(folder), [file.slice(folder.length + 1)])
  })

  it('is refused by name when it is none', () => {
    const given: unknown[] = ['', 5, null, new URL('file:///tmp')]
    // oxlint-disable-next-line no-unsafe-type-assertion -- users without a type checker write what they like
    for (const cache of given) failure('OPTION_INVALID', () => wasm({ cache: cache as string }))
    failure('OPTION_INVALID', () => wasm({ cache: root, cacheSize: 'large' }))
    failure('OPTION_INVALID', () => wasm({ cacheSize: '1 MiB' }))
  })
})

/** What the module `rich` imports. */
const notes = {
  note: ['func (i32) -> ()', () => () => {}],
  other: ['func () -> ()', () => () => {}],
} as const
