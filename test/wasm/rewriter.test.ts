import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { MortiseError } from 'mortise'
import type { Features, Rewritten } from '../../src/wasm/rewrite/rewrite.ts'
import { rewriteValid } from '../../src/wasm/rewrite/valid.ts'
import { Rewriter } from '../../src/wasm/rewriter.ts'
import { largeModule } from '../support/large-module.ts'
import { combinations, modules, rich } from '../support/rewritable.ts'
import { plugBench, rejection, typed, wat } from '../support/wat.ts'

const [plain] = combinations
assert(plain !== undefined)

const inline = (bytes: Uint8Array<ArrayBuffer>, features: Features): Rewritten | undefined =>
  rewriteValid(bytes, features)

/** What runs in the thread, in place of what should. */
const thread = (code: string): URL => new URL(`data:text/javascript,${encodeURIComponent(code)}`)

/** A module that is large by a section that means nothing. */
function padded(bytes: Uint8Array, size = 100_000): Uint8Array<ArrayBuffer> {
  const section = [0, 0x80 | (size % 128), 0x80 | ((size >> 7) % 128), size >> 14]
  return Uint8Array.from([...bytes, ...section, 1, 0x78, ...new Uint8Array(size - 2)])
}

describe('a module rewritten on the thread', () => {
  const threaded = new Rewriter()

  for (const [name, bytes] of Object.entries({ ...modules, large: largeModule(200_000) })) {
    it(`is byte for byte the one rewritten in place: ${name}, in every combination of limits`, async () => {
      const made = await Promise.all(combinations.map((features) => threaded.rewrite(bytes, features)))
      for (const [index, features] of combinations.entries()) assert.deepEqual(made[index], inline(bytes, features))
    })
  }

  it('leaves the bytes that it was made of as they were', async () => {
    const bytes = largeModule(100_000)
    await threaded.rewrite(bytes, plain)
    assert.deepEqual(bytes, largeModule(100_000))
  })

  it('that is not valid is none', async () => {
    assert.equal(await threaded.rewrite(wat('(module (func (result i32)))'), plain), undefined)
  })

  for (const [name, bytes] of [
    ['more memory than its limit', padded(wat('(module (memory 17))'))],
    ['an instruction that would block', padded(waiting())],
    ['a name of ours', padded(wat('(module (func (export "mortise:start")))'))],
  ] as const) {
    it(`is refused with the same error: ${name}`, async () => {
      const error = await threaded.rewrite(bytes, plain).then(
        () => assert.fail('it was taken'),
        (thrown: unknown) => typed(['MEMORY_LIMIT', 'MODULE_UNSUPPORTED'], thrown),
      )
      assert.throws(
        () => inline(bytes, plain),
        (own: unknown) => {
          assert(own instanceof MortiseError)
          assert.deepEqual([error.code, error.message, error.details], [own.code, own.message, own.details])
          return true
        },
      )
      const plugged = await rejection(
        error.code,
        plugBench(bytes, { wasm: { memory: plain.memory, deadline: Infinity } }),
      )
      assert.equal(plugged.message, error.message)
    })
  }
})

describe('a host with a large module', () => {
  it('runs it', async () => {
    await using bench = await plugBench(largeModule(200_000))
    assert.equal(typeof bench.call('work', 3), 'number')
  })

  it('does other things while it is plugged', async () => {
    const bytes = largeModule(3_000_000)
    const start = performance.now()
    inline(bytes, { ...plain, deadline: true })
    const inPlace = performance.now() - start
    let longest = 0
    let last = performance.now()
    let done = false
    const look = (): void => {
      const now = performance.now()
      longest = Math.max(longest, now - last)
      last = now
      if (!done) setImmediate(look)
    }
    look()
    await using _ = await plugBench(bytes)
    done = true
    assert(longest < inPlace / 2, `the event loop stood still for ${longest} ms; rewriting in place took ${inPlace}`)
  })

  it("says V8's reason for one that is not valid", async () => {
    const bytes = padded(wat('(module (func $broken (result i32)))'))
    const error = await rejection('MODULE_INVALID', plugBench(bytes))
    assert.match(error.message, /Cannot compile the module: .*function #0/)
    assert(error.cause instanceof WebAssembly.CompileError)
  })

  it('ends by itself', () => {
    const script = `
      import { plugBench } from './test/support/wat.ts'
      import { largeModule } from './test/support/large-module.ts'
      await plugBench(largeModule(100_000))
      console.log('plugged')`
    const cwd = fileURLToPath(new URL('../..', import.meta.url))
    const args = ['-C', 'source', '--input-type=module', '-e', script]
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', timeout: 25_000 })
    assert.deepEqual({ status, stdout }, { status: 0, stdout: 'plugged\n' }, stderr)
  })
})

describe('a thread that is lost', () => {
  it('is a typed error for who waits for it, and the next module gets another', async () => {
    const lost = new Rewriter({ thread: thread('process.exit(3)') })
    for (let time = 0; time < 2; time++) {
      const error = await rejection('PREPARE_FAILED', lost.rewrite(rich, plain))
      assert.match(error.message, /the thread that does it ended with exit code 3/)
    }
  })

  it('by an error that is not ours gives that as the cause', async () => {
    const code = `import { parentPort } from 'node:worker_threads'
      parentPort.on('message', () => { throw new RangeError('a mistake') })`
    const error = await rejection('PREPARE_FAILED', new Rewriter({ thread: thread(code) }).rewrite(rich, plain))
    assert(error.cause instanceof RangeError && error.cause.message === 'a mistake')
  })

  it('by a file that is not there is one as well', async () => {
    const file = new URL('no-such-file.ts', import.meta.url)
    await rejection('PREPARE_FAILED', new Rewriter({ thread: file }).rewrite(rich, plain))
  })

  it('because it took too long is one, and who waited behind it is served', async () => {
    const stuck = new Rewriter({ thread: thread('for (;;);'), longest: 300 })
    const errors = await Promise.all([1, 2].map(() => rejection('PREPARE_FAILED', stuck.rewrite(rich, plain))))
    for (const { message } of errors) assert.match(message, /was ended after 300 ms/)
  })

  it('is not waited for by more modules than may wait', async () => {
    const stuck = new Rewriter({ thread: thread('for (;;);'), longest: 300, most: 1 })
    const errors = await Promise.all([1, 2, 3].map(() => rejection('PREPARE_FAILED', stuck.rewrite(rich, plain))))
    assert.deepEqual(
      errors.map(({ message }) => message.includes('as many wait already as may, 1')),
      [false, false, true],
    )
  })
})

/** `memory.atomic.wait32`, which needs no shared memory to be valid. */
function waiting(): Uint8Array<ArrayBuffer> {
  return wat(`(module (memory 1)
    (func (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0)))))`)
}
