import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { describe, it } from 'node:test'
import { Mortise, type ErrorCode, type PluginLogLine } from 'mortise'
import { action } from 'mortise/action'
import { activation } from 'mortise/activation'
import { wasm } from 'mortise/wasm'
import { compileGuest, compilerMissing, type Language } from '../../support/compilers.ts'
import { failure, wat } from '../../support/wat.ts'

const guests = [
  ['c', 'c/command.c'],
  ['rust', 'rust/command.rs'],
  ['go', 'go/command.go'],
] as const

/** Go ends itself, where others trap. */
const goes = ['GUEST_ABORT', 2] as const
const panics = { c: ['TRAP_UNREACHABLE'], rust: ['GUEST_ABORT'], go: goes } as const

/** Room for Go, which compiles lazily in its first run, on a machine that is busy. */
const limits = { deadline: '20 s', output: '1 MiB' } as const

const source = (language: Language, path: string): Promise<Uint8Array<ArrayBuffer>> =>
  compileGuest(language, new URL(`../../guests/${path}`, import.meta.url), 'command')

/** Plugs a command into a host of its own. */
async function plug(module: Uint8Array, config: Readonly<Record<string, string>> = {}) {
  const logs: PluginLogLine[] = []
  const host = new Mortise({ runtimes: [wasm({ ...limits })], log: (line) => void logs.push(line) })
  const plugin = await host.plug('guest', module, activation, { config })
  const run = (value: unknown, more: object = {}): unknown =>
    JSON.parse(plugin.hooks.main(JSON.stringify({ value, ...more })))
  return { host, plugin, run, logs, [Symbol.asyncDispose]: () => host.close() }
}

for (const [language, path] of guests) {
  const skip = await compilerMissing(language)
  describe(`a command in ${basename(path)}`, { skip }, () => {
    it('is run by each activation from its beginning, with the parameters on its input and all else in its environment', async () => {
      const module = await source(language, path)
      await using guest = await plug(module, { SETTING: 'of = the plugin' })
      for (const [name, id] of [
        ['Mike', '17'],
        ['Ännchen 🦀', '18'],
      ]) {
        const expected = { greetings: `Hello, ${name}`, id, setting: 'of = the plugin', runs: 1 }
        assert.deepEqual(guest.run({ name }, { activation_id: id }), expected)
      }
      const last = { greetings: 'Hello, Ann', id: '-', setting: 'of = the plugin', runs: 1 }
      assert.deepEqual(guest.run({ name: 'Ann' }), last)
      assert.deepEqual(guest.logs, [])
    })

    it('may exit with 0 once it has answered, and log to stderr', async () => {
      await using guest = await plug(await source(language, path))
      const answer = { greetings: 'Hello, Ann', id: '-', setting: '-', runs: 1 }
      assert.deepEqual(guest.run({ name: 'Ann', do: 'done' }), answer)
      assert.deepEqual(guest.run({ name: 'Ann', do: 'noise' }), answer)
      assert.deepEqual(
        guest.logs.map(({ source, text }) => [source, text]),
        [['stderr', 'to stderr']],
      )
      assert.equal(guest.plugin.stats().errors, 0)
    })

    it('reads and prints half a megabyte', async () => {
      await using guest = await plug(await source(language, path))
      const event = { do: 'echo', text: 'é🦀'.repeat(80_000) }
      assert.deepEqual(guest.run(event), event)
    })

    it('finds nothing of the activation before, however much memory that had', async () => {
      await using guest = await plug(await source(language, path))
      const answer = { greetings: 'Hello, Ann', id: '-', setting: '-', runs: 1 }
      for (let time = 0; time < 5; time++) {
        assert.deepEqual(guest.run({ name: 'Ann', do: 'fill' }), answer)
        assert.deepEqual(guest.run({ name: 'Ann' }), answer)
      }
    })

    const failures: Readonly<Record<string, readonly [ErrorCode, exitCode?: number]>> = {
      exit: ['GUEST_EXIT', 3],
      panic: panics[language],
      flood: ['OUTPUT_LIMIT'],
      silent: ['GUEST_RESULT'],
      hog: language === 'go' ? goes : ['TRAP_OUT_OF_MEMORY'],
    }
    for (const [what, [code, exitCode]] of Object.entries(failures)) {
      it(`that does '${what}' is ${code} for its activation, and the next one works`, async () => {
        await using guest = await plug(await source(language, path))
        for (let time = 0; time < 2; time++) {
          const error = failure(code, () => guest.run({ name: 'Ann', do: what }))
          assert.deepEqual([error.details.hook, error.details.exitCode], ['main', exitCode])
          assert.deepEqual(guest.run({ name: 'Ann' }), { greetings: 'Hello, Ann', id: '-', setting: '-', runs: 1 })
        }
      })
    }

    it('that loops is ended by its deadline', async () => {
      await using guest = await plug(await source(language, path))
      const { main } = guest.plugin.within('300 ms')
      guest.run({ name: 'Ann' })
      failure('DEADLINE', () => main('{"value":{"do":"loop"}}'))
      assert.deepEqual(guest.run({ name: 'Ann' }), { greetings: 'Hello, Ann', id: '-', setting: '-', runs: 1 })
    })

    it('fits the contract of actions, too', async () => {
      await using host = new Mortise({ runtimes: [wasm({ ...limits })] })
      const plugin = await host.plug('guest', await source(language, path), action, { config: { SETTING: 'mine' } })
      const expected = { greetings: 'Hello, Ann', id: '-', setting: 'mine', runs: 1 }
      assert.deepEqual(plugin.hooks.main({ name: 'Ann' }), expected)
    })
  })
}

/** A command that does what a test says, with `fd_read` into 1,024 bytes at 64 and `fd_write` of as many at 64. */
const command = (body: string): Uint8Array =>
  wat(`(module
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (global $runs (mut i32) (i32.const 0))
    (data (i32.const 0) "\\40\\00\\00\\00\\00\\04\\00\\00")
    (data (i32.const 2048) "{\\22stray\\22:1}")
    (func $in (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 4))))
    (func $out (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
    (func (export "_start") ${body}))`)

describe('a command', () => {
  const echo = command('(call $in) (call $out)')

  for (const restore of ['on-error', 'when-full', 'every-lease'] as const) {
    it(`is put back after each run with restore: '${restore}'`, async () => {
      const counting = command(`
        (global.set $runs (i32.add (global.get $runs) (i32.const 1)))
        (i32.store8 (i32.const 2049) (i32.add (i32.load8_u (i32.const 2049)) (global.get $runs)))
        (i32.store (i32.const 0) (i32.const 2048)) (i32.store (i32.const 4) (i32.const 11)) (call $out)`)
      await using host = new Mortise({ runtimes: [wasm({ restore })] })
      const { hooks, stats } = await plugIn(host, counting)
      for (let time = 0; time < 3; time++) assert.equal(hooks.main('{}'), '{#stray":1}')
      assert.deepEqual([stats().starts, stats().restores], [1, 3])
    })
  }

  it('runs without a deadline, and ends by itself there, too', async () => {
    await using host = new Mortise({ runtimes: [wasm({ deadline: Infinity })] })
    const { hooks } = await plugIn(host, command('(call $in) (call $out) (call $exit (i32.const 0))'))
    for (let time = 0; time < 3; time++) assert.equal(hooks.main('{"value":[1]}'), '[1]')
  })

  it('is limited in fuel by run', async () => {
    await using host = new Mortise({ runtimes: [wasm({ fuel: 10_000 })] })
    const { hooks } = await plugIn(host, echo)
    for (let time = 0; time < 2000; time++) assert.equal(hooks.main('{"value":{}}'), '{}')
    const looping = await host.plug('looping', command('(loop (br 0))'), activation)
    failure('FUEL', () => looping.hooks.main('{}'))
  })

  it('that prints what is not UTF-8 is GUEST_STRING', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const { hooks } = await plugIn(host, command('(i32.store8 (i32.const 64) (i32.const 255)) (call $out)'))
    failure('GUEST_STRING', () => hooks.main('{}'))
  })

  it('has its first run with the first activation, not when it is plugged in', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const { hooks, stats } = await plugIn(host, command('unreachable'))
    assert.equal(stats().errors, 0)
    failure('TRAP_UNREACHABLE', () => hooks.main('{}'))
  })

  it('may be let go when it is idle, and is made again', async () => {
    await using host = new Mortise({ runtimes: [wasm({ instances: 1, start: 'first call' })] })
    const one = await plugIn(host, echo)
    const two = await host.plug('two', echo, activation)
    for (let time = 0; time < 3; time++) {
      assert.equal(one.hooks.main('{"value":{"a":1}}'), '{"a":1}')
      assert.equal(two.hooks.main('{"value":{"b":1}}'), '{"b":1}')
    }
    assert.deepEqual([one.stats().starts, two.stats().starts], [3, 3])
  })
})

const plugIn = async (host: Mortise<'wasm'>, module: Uint8Array) => {
  const plugin = await host.plug('guest', module, activation)
  return { hooks: plugin.hooks, stats: () => plugin.stats() }
}
