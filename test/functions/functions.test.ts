import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Functions } from 'mortise/functions'
import { shell } from '../support/process.ts'
import { functionsWithLines, javascript, posted, request, tenon } from './guests.ts'

const answering = (text: string): Uint8Array => Buffer.from(`export const main = () => (${text})`)

describe('functions by name', () => {
  it('run by requests, on the runtime that their code is for', async () => {
    const { functions } = functionsWithLines()
    await using _ = functions
    const program = shell(`while read -r line; do echo '{"program":1}' >&3; done`)
    const runtimes = new Map<string, string>()
    for (const [name, bytes] of Object.entries({ wasm: tenon, javascript, program })) {
      const served = await functions.deploy(name, posted(bytes))
      runtimes.set(name, served.runtime)
      const answer: unknown = JSON.parse(await served.run(request({}, 'a'), 'a'))
      assert.deepEqual(answer, name === 'program' ? { program: 1 } : { id: 'a' })
    }
    assert.deepEqual([...functions.all.keys()], ['wasm', 'javascript', 'program'])
    // What was posted runs in a process, though modules in this one are allowed.
    assert.deepEqual(Object.fromEntries(runtimes), { wasm: 'wasm', javascript: 'process', program: 'process' })
  })

  it('are replaced while activations of what was there finish', async () => {
    const { functions } = functionsWithLines()
    await using _ = functions
    const served = await functions.plug('f', javascript)
    const before = served.run(request({ wait: 50 }, 'before'), 'before')
    const { digest } = served
    const same = await functions.plug('f', answering('{ now: 2 }'))
    assert.equal(same, served)
    assert.notEqual(served.digest, digest)
    assert.equal(await served.run(request({}), 'after'), '{"now":2}')
    assert.deepEqual(JSON.parse(await before), { id: 'before' })
    assert.equal(served.stats().deployments, 2)
  })

  it('stay as they are when what is deployed cannot be', async () => {
    const { functions } = functionsWithLines()
    await using _ = functions
    const served = await functions.deploy('f', posted(tenon))
    const { digest } = served
    await assert.rejects(functions.deploy('f', posted(Buffer.from('export const main ='))), {
      code: 'CODE_NOT_RUNNABLE',
    })
    await assert.rejects(functions.deploy('f', posted(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))), {
      code: 'MODULE_REFUSED',
    })
    await assert.rejects(functions.deploy('f', posted(Uint8Array.of(1, 2, 3))))
    await assert.rejects(functions.deploy('new', posted(Buffer.from('throw new Error("no")'))))
    assert.equal(served.digest, digest)
    assert.deepEqual(JSON.parse(await served.run(request({}, 'a'), 'a')), { id: 'a' })
    assert.equal(functions.get('new'), undefined)
  })

  it('are made of what was posted as OpenWhisk takes it, and leave nothing behind', async () => {
    const own = async (): Promise<readonly string[]> =>
      (await readdir(tmpdir())).filter((name) => name.startsWith('mortise-functions-'))
    const before = await own()
    const { functions } = functionsWithLines()
    const hidden = Buffer.from('function greet({ name }) { return { greetings: "Hello, " + name } }')
    const served = await functions.deploy('f', { ...posted(hidden), main: 'greet' })
    assert.equal(await served.run(request({ name: 'Mike' }), ''), '{"greetings":"Hello, Mike"}')
    await functions.close()
    assert.deepEqual(await own(), before)
  })

  it('have the last of several deployments that are made at once', async () => {
    const { functions } = functionsWithLines()
    await using _ = functions
    const texts = Array.from({ length: 8 }, (_, n) => answering(`{ n: ${n} }`))
    await Promise.all(texts.map((bytes) => functions.plug('f', bytes)))
    assert.equal(await functions.get('f')?.run('{}', ''), '{"n":7}')
  })

  it('are only of the runtimes that are allowed', async () => {
    await using functions = new Functions()
    for (const bytes of [javascript, shell('exit')])
      await assert.rejects(functions.deploy('f', posted(bytes)), { code: 'RUNTIME_NOT_ALLOWED' })
    await using modules = new Functions({ allow: ['esm'] })
    await assert.rejects(modules.deploy('f', posted(javascript)), { code: 'RUNTIME_NOT_ALLOWED' })
    assert.equal((await modules.plug('f', javascript)).runtime, 'esm')
  })

  it('of files stay where they are, with their neighbours', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mortise-test-'))
    try {
      await writeFile(join(folder, 'neighbour.js'), 'export const name = "neighbour"')
      await writeFile(
        join(folder, 'main.js'),
        'import { name } from "./neighbour.js"; export const main = (_, { config }) => ({ name, own: config.OWN })',
      )
      const { functions } = functionsWithLines()
      await using _ = functions
      for (const runtime of ['esm', 'process'] as const) {
        const served = await functions.plug('f', join(folder, 'main.js'), { runtime, env: { OWN: 'mine' } })
        assert.equal(served.runtime, runtime)
        assert.equal(await served.run('{}', ''), '{"name":"neighbour","own":"mine"}')
      }
      await assert.rejects(functions.plug('f', join(folder, 'absent.js')), { code: 'ARTIFACT_UNREADABLE' })
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('are gone once they are removed, when their activations have ended', async () => {
    const { functions } = functionsWithLines()
    await using _ = functions
    const served = await functions.plug('f', javascript)
    const last = served.run(request({ wait: 50 }, 'last'), 'last')
    let ended = false
    last.then(
      () => (ended = true),
      () => {},
    )
    await functions.remove('f')
    assert(ended)
    assert.deepEqual([functions.get('f'), functions.all.size], [undefined, 0])
    await assert.rejects(served.run('{}', ''), { code: 'PLUGIN_UNPLUGGED' })
    await functions.remove('f')
  })

  it('are no more once they were closed', async () => {
    const functions = new Functions()
    const served = await functions.deploy('f', posted(tenon))
    await functions.close()
    await functions.close()
    await assert.rejects(served.run('{}', ''), { code: 'PLUGIN_UNPLUGGED' })
    await assert.rejects(functions.deploy('f', posted(tenon)), { code: 'HOST_CLOSED' })
  })

  it('end what is under way when they were given no more time', async () => {
    const { functions } = functionsWithLines()
    const served = [await functions.plug('esm', javascript), await functions.deploy('process', posted(javascript))]
    const stuck = served.map((one) =>
      assert.rejects(one.run(request({ never: true }, 'a'), 'a'), { code: 'VERSION_RETIRED' }),
    )
    await functions.close(20)
    await Promise.all(stuck)
    await assert.rejects(functions.close('soon'), { code: 'OPTION_INVALID' })
  })

  it('say what happened to them', async () => {
    const { functions } = functionsWithLines()
    await using _ = functions
    const served = await functions.deploy('f', posted(tenon))
    await served.run(request({}), '')
    await assert.rejects(served.run(request({ crash: true }), ''))
    await assert.rejects(served.run('XXX', ''))
    const { lastError, ...stats } = served.stats()
    assert.deepEqual(stats, {
      activations: 3,
      running: 0,
      waiting: 0,
      errors: { GUEST_ABORT: 1, EVENT_INVALID: 1 },
      deployments: 1,
      place: 'event loop',
    })
    assert.equal(lastError?.code, 'EVENT_INVALID')
  })

  it('are only configured with what there is', async () => {
    for (const make of [
      () => new Functions({ concurrency: 0 }),
      () => new Functions({ queue: -1 }),
      () => new Functions({ deadline: Infinity }),
      () => new Functions({ memory: 5 }),
      () => new Functions({ slice: '0 ms' }),
      () => new Functions({ threads: 1.5 }),
      // @ts-expect-error -- the types say so already
      () => new Functions({ allow: ['native'] }),
      // @ts-expect-error -- the types say so already
      () => new Functions({ code: 1 }),
    ])
      assert.throws(make, { code: 'OPTION_INVALID' })
    // @ts-expect-error -- the types say so already
    assert.throws(() => new Functions({ limit: 1 }), { code: 'OPTION_UNKNOWN' })
    await using functions = new Functions()
    await assert.rejects(functions.deploy('f', posted(tenon), { deadline: '1 day' }), { code: 'OPTION_INVALID' })
    await assert.rejects(functions.deploy('../f', posted(tenon)), { code: 'OPTION_INVALID' })
    // @ts-expect-error -- the types say so already
    await assert.rejects(functions.deploy('f', posted(tenon), { runtime: 'esm' }), { code: 'OPTION_UNKNOWN' })
  })
})
