import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { describe, it } from 'node:test'
import { MortiseError } from 'mortise'
import { Functions } from 'mortise/functions'
import { buildText } from '../support/guest.ts'
import { functionsWithLines, posted, request, tenon } from './guests.ts'
import { Threads } from '../../src/functions/threads/threads.ts'

const codeOf = (error: unknown): string => (MortiseError.is(error) ? error.code : String(error))

describe('a function in WebAssembly that takes longer than its slice', () => {
  it('is run on a thread from its beginning, and stays there', async () => {
    const { functions, lines } = functionsWithLines()
    await using _ = functions
    const served = await functions.deploy('f', posted(tenon))
    assert.deepEqual(JSON.parse(await served.run(request({ say: 'short' }, 'a'), 'a')), { id: 'a' })
    assert.equal(served.stats().place, 'event loop')
    assert.deepEqual(JSON.parse(await served.run(request({ say: 'long', spin: 500 }, 'b'), 'b')), { id: 'b' })
    assert.equal(served.stats().place, 'thread')
    assert.deepEqual(JSON.parse(await served.run(request({ say: 'after' }, 'c'), 'c')), { id: 'c' })
    assert.deepEqual(
      lines.map(({ activation, text, late }) => [activation, text, late]),
      [
        ['a', 'short', false],
        ['a', 'short again', false],
        ['b', 'long', false],
        ['b', 'long again', false],
        ['c', 'after', false],
        ['c', 'after again', false],
      ],
    )
  })

  it('keeps no other waiting', async () => {
    const { functions } = functionsWithLines({ deadline: '2 s', threads: 3 })
    await using _ = functions
    const [looping, crashing, good] = await Promise.all(
      ['looping', 'crashing', 'good'].map((name) => functions.deploy(name, posted(tenon))),
    )
    assert(looping !== undefined && crashing !== undefined && good !== undefined)
    const loops = Array.from({ length: 20 }, (_, n) => looping.run(request({ loop: true }, `l${n}`), `l${n}`))
    const ended = Promise.allSettled(loops)
    const seen = { over: false }
    void ended.then(() => (seen.over = true))
    let answered = 0
    while (!seen.over) {
      await assert.rejects(crashing.run(request({ crash: true }, 'c'), 'c'), { code: 'GUEST_ABORT' })
      const id = `g${answered++}`
      assert.deepEqual(JSON.parse(await good.run(request({}, id), id)), { id })
      await setImmediate()
    }
    for (const result of await ended) assert(result.status === 'rejected' && MortiseError.is(result.reason, 'DEADLINE'))
    assert.deepEqual([good.stats().errors, looping.stats().errors], [{}, { DEADLINE: 20 }])
    assert(answered > 20, `${answered} were answered beside it`)
  })

  it('leaves a thread for others that take long, and is ended with all functions', async () => {
    const { functions } = functionsWithLines({ threads: 2 })
    await using _ = functions
    const looping = await functions.deploy('looping', posted(tenon))
    const long = await functions.deploy('long', posted(tenon))
    const loops = Promise.allSettled(
      Array.from({ length: 4 }, (_, n) => looping.run(request({ loop: true }, `l${n}`), `l${n}`)),
    )
    assert.deepEqual(JSON.parse(await long.run(request({ spin: 300 }, 'a'), 'a')), { id: 'a' })
    assert.equal(looping.stats().running, 4)
    await functions.close('10 ms')
    const codes = (await loops).map((result) => result.status === 'rejected' && codeOf(result.reason))
    assert.deepEqual(codes, ['THREAD_ENDED', 'PLUGIN_UNPLUGGED', 'PLUGIN_UNPLUGGED', 'PLUGIN_UNPLUGGED'])
  })

  it('fails there as it would fail here', async () => {
    const { functions } = functionsWithLines()
    await using _ = functions
    const served = await functions.deploy('f', posted(tenon))
    await served.run(request({ spin: 500 }, 'a'), 'a')
    assert.equal(served.stats().place, 'thread')
    await assert.rejects(served.run(request({ crash: true }, 'b'), 'b'), (error: Error) => {
      assert.match(error.message, /Cannot finish 'main' of plugin 'f': crashed \(index\.ts:7:23\)/)
      assert('details' in error)
      assert.partialDeepStrictEqual(error.details, {
        plugin: 'f',
        hook: 'main',
        guest: { message: 'crashed', line: 7 },
      })
      return true
    })
    await assert.rejects(served.run('XXX', 'c'), { code: 'EVENT_INVALID' })
    assert.deepEqual(JSON.parse(await served.run(request({}, 'd'), 'd')), { id: 'd' })
  })

  it('may take it for its initialisation', async () => {
    const initialising = (rounds: string): Promise<Uint8Array> =>
      buildText(`
        let counted: i64 = 0
        for (let i: i64 = 0; i < ${rounds}; i++) counted += i % 7
        export function main(): string { return '{"counted":' + counted.toString() + '}' }`)
    const { functions } = functionsWithLines({ deadline: '20 s' })
    await using _ = functions
    const served = await functions.deploy('f', posted(await initialising('100000000')))
    assert.equal(served.stats().place, 'thread')
    assert.match(await served.run('{}', 'a'), /^\{"counted":\d+\}$/)
    await assert.rejects(
      functions.deploy('f', posted(await initialising('1000000000000000')), { deadline: '500 ms' }),
      { code: 'DEADLINE' },
    )
    assert.match(await served.run('{}', 'b'), /^\{"counted":\d+\}$/)
  })

  it('is replaced there', async () => {
    const { functions } = functionsWithLines()
    await using _ = functions
    const served = await functions.deploy('f', posted(tenon))
    await served.run(request({ spin: 500 }, 'a'), 'a')
    const last = served.run(request({ spin: 500 }, 'b'), 'b')
    await functions.deploy('f', posted(await buildText(`export function main(): string { return '{"now":2}' }`)))
    assert.equal(served.stats().place, 'event loop')
    assert.equal(await served.run('{}', 'c'), '{"now":2}')
    assert.deepEqual(JSON.parse(await last), { id: 'b' })
  })
})

describe('threads for functions', () => {
  const code = (bytes: Uint8Array = tenon, name = 'f') => ({
    name,
    config: {},
    deadline: 10_000,
    protocol: 'activation' as const,
    memory: 2 ** 24,
    output: 2 ** 20,
    bytes: () => Promise.resolve(bytes),
  })
  const ignore = (): void => {}

  it('are as many as they may be, and one of them is run again on after what does not load', async () => {
    const threads = new Threads({ most: 2 })
    const broken = await threads.run(code(Uint8Array.of(1)), undefined, 10_000, ignore)
    assert('error' in broken && broken.error.code === 'ARTIFACT_UNKNOWN')
    // What could not be read the first time is tried again the next time.
    let times = 0
    const late = { ...code(), bytes: () => Promise.resolve(++times === 1 ? Uint8Array.of(1) : tenon) }
    const tries = [await threads.run(late, '{}', 10_000, ignore), await threads.run(late, '{}', 10_000, ignore)]
    assert.deepEqual(
      tries.map((ended) => 'answer' in ended),
      [false, true],
    )
    const [first, second] = [code(), code(tenon, 'g')]
    const runs = Array.from({ length: 10 }, (_, n) => threads.run(n % 2 === 0 ? first : second, '{}', 10_000, ignore))
    for (const ended of await Promise.all(runs)) assert('answer' in ended, JSON.stringify(ended))
    assert.equal(threads.size, 2)
    await threads.close()
    assert.equal(threads.size, 0)
  })

  it('that end under a job end it with a typed error, and the next job finds another', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mortise-test-'))
    try {
      // Exits, throws, or says nothing for ever, by what it is asked to run.
      const file = join(folder, 'thread.mjs')
      await writeFile(
        file,
        `import { parentPort } from 'node:worker_threads'
        parentPort.on('message', ({ run, request }) => {
          if (run === undefined) return
          if (request === 'exit') process.exit(7)
          if (request === 'throw') throw new Error('mine')
          if (request === 'answer') parentPort.postMessage({ answer: 'fine', took: 1, warm: true, loaded: true })
        })`,
      )
      const threads = new Threads({ most: 1, file: pathToFileURL(file) })
      const run = (what: string, milliseconds = 10_000) => threads.run(code(), what, milliseconds, ignore)
      await assert.rejects(run('exit'), { code: 'THREAD_ENDED', message: /exit code 7/ })
      await assert.rejects(run('throw'), { code: 'THREAD_ENDED', message: /mine/ })
      assert.deepEqual(await run('answer'), { answer: 'fine', took: 1, warm: true, loaded: true })
      const stuck = assert.rejects(run('nothing', 200), { code: 'DEADLINE' })
      const waiting = assert.rejects(run('answer', 100), { code: 'DEADLINE' })
      await waiting
      await stuck
      assert.deepEqual(await run('answer'), { answer: 'fine', took: 1, warm: true, loaded: true })
      const last = assert.rejects(run('nothing'), { code: 'THREAD_ENDED' })
      await threads.close()
      await last
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('keep no process alive', async () => {
    const { spawnSync } = await import('node:child_process')
    const program = `
      import { MortiseError } from 'mortise'
import { Functions } from 'mortise/functions'
      import { readFileSync } from 'node:fs'
      const functions = new Functions()
      const f = await functions.deploy('f', { bytes: readFileSync(0), main: 'main', env: {} })
      console.log(await f.run('{"value":{"spin":500},"activation_id":"a"}', 'a'), f.stats().place)`
    const { stdout, status } = spawnSync(process.execPath, ['-C', 'source', '--input-type=module', '-e', program], {
      input: tenon,
      encoding: 'utf8',
      timeout: 60_000,
    })
    assert.deepEqual([stdout, status], ['{"id":"a"} thread\n', 0])
  })

  it('are not started where none are needed', async () => {
    await using functions = new Functions()
    const served = await functions.deploy('f', posted(tenon))
    await served.run('{}', 'a')
    const { report } = await import('node:process')
    assert(!JSON.stringify(report.getReport()).includes('mortise-functions'))
  })
})
