import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { assemblyscript, assemblyscriptModule, assemblyscriptTypes } from '../../src/wasm/assemblyscript.ts'
import { Aborted, Exited, FakeHost, setUp } from './fake-assemblyscript-host.ts'
import { linkEverything, parameters } from './imports.ts'

describe('AssemblyScript imports', () => {
  test('every function has a type, and every type a function', () => {
    assert.deepEqual(
      Object.keys(assemblyscript(new FakeHost())).toSorted(),
      Object.keys(assemblyscriptTypes).toSorted(),
    )
  })

  test('a module that imports all of them with their types links and runs', async () => {
    const host = new FakeHost()
    const guest = await linkEverything(assemblyscriptModule, assemblyscriptTypes, assemblyscript(host))
    for (const [name, type] of Object.entries(assemblyscriptTypes)) {
      const zeros = parameters(type).map(() => 0)
      if (name === 'abort') assert.throws(() => guest(name, zeros), Aborted)
      else if (name === 'process.exit') assert.throws(() => guest(name, zeros), Exited)
      else assert.equal(typeof guest(name, zeros), type.endsWith('()') ? 'undefined' : 'number', name)
    }
  })

  test('the compiler that is installed declares nothing that is neither here nor left out on purpose', async () => {
    const leftOut =
      /^(document|Object|Reflect|String)\.|^globalThis$|^Math\.[A-Z]|^crypto\.getRandomValuesN$|^process\.argv$/
    const declared: string[] = []
    for (const file of ['builtins.ts', 'bindings/dom.ts', 'bindings/node.ts']) {
      const source = await readFile(
        new URL(`../../node_modules/assemblyscript/std/assembly/${file}`, import.meta.url),
        'utf8',
      )
      for (const [, name = ''] of source.matchAll(/@external\("env", "([^"]+)"\)/g)) declared.push(name)
    }
    assert.ok(declared.length > 50)
    assert.deepEqual(
      declared.filter((name) => !leftOut.test(name) && !(name in assemblyscriptTypes)),
      [],
    )
    assert.deepEqual(
      Object.keys(assemblyscriptTypes).filter((name) => !declared.includes(name)),
      [],
    )
  })
})

describe('AssemblyScript functions', () => {
  test('abort gives message, file, line and column', () => {
    const { host, run } = setUp()
    const message = host.string(100, 'broken')
    const file = host.string(200, 'guest.ts')
    assert.throws(() => run('abort', message, file, 3, 7), {
      diagnostic: { message: 'broken', file: 'guest.ts', line: 3, column: 7 },
    })
  })

  test('abort without a message or position says abort', () => {
    const { run } = setUp()
    assert.throws(() => run('abort', 0, 0, 0, 0), { diagnostic: { message: 'abort' } })
  })

  test('abort with bad pointers keeps what it could read', () => {
    const { host, run } = setUp()
    assert.throws(() => run('abort', -1, host.string(100, 'guest.ts'), 3, 7), {
      diagnostic: { message: 'abort', file: 'guest.ts', line: 3, column: 7 },
    })
    assert.throws(() => run('abort', host.string(200, 'broken'), 2, -1, 7), {
      diagnostic: { message: 'broken', line: 4_294_967_295, column: 7 },
    })
  })

  test('of a message as large as the memory, the start is kept', () => {
    const { host, run } = setUp()
    const message = host.string(0, 'x'.repeat(30_000))
    assert.throws(() => run('abort', message, 0, 0, 0), { diagnostic: { message: 'x'.repeat(4096) } })
  })

  test('console writes to the log by level', () => {
    const { host, run } = setUp()
    const text = host.string(101, 'a\ud800ü')
    for (const method of ['log', 'debug', 'info', 'warn', 'error']) run(`console.${method}`, text)
    run('console.log', 0)
    run('console.assert', 1, text)
    run('console.assert', 0, text)
    assert.deepEqual(host.lines, [
      'info a\ud800ü',
      'debug a\ud800ü',
      'info a\ud800ü',
      'warn a\ud800ü',
      'error a\ud800ü',
      'info null',
      'error Assertion failed: a\ud800ü',
    ])
  })

  test('trace prints as many values as it was told', () => {
    const { host, run } = setUp()
    const text = host.string(100, 'point')
    run('trace', text, 2, 1.5, -2, 0, 0, 0)
    run('trace', text, 0, 1, 2, 3, 4, 5)
    run('trace', text, -1, 1, 2, 3, 4, 5)
    run('trace', text, 99, 1, 2, 3, 4, 5)
    assert.deepEqual(host.lines, ['debug point 1.5 -2', 'debug point', 'debug point', 'debug point 1 2 3 4 5'])
  })

  test('timers measure, and end', () => {
    const { host, run } = setUp()
    const label = host.string(100, 'load')
    run('console.time', label)
    run('console.timeLog', label)
    run('console.timeEnd', label)
    run('console.timeEnd', label)
    assert.deepEqual(host.lines, ['info load: 1.5ms', 'info load: 3ms', 'info load: no such timer'])
  })

  test('a guest that starts timers without end loses the oldest', () => {
    const { host, run } = setUp()
    for (let index = 0; index <= 64; index++) run('console.time', host.string(100, `timer ${index}`))
    run('console.timeEnd', host.string(100, 'timer 0'))
    run('console.timeEnd', host.string(100, 'timer 1'))
    assert.deepEqual(host.lines, ['info timer 0: no such timer', 'info timer 1: 96ms'])
  })

  test('clocks, randomness and mathematics', () => {
    const { run } = setUp()
    assert.equal(run('Date.now'), 1234)
    assert.equal(run('performance.now'), 2001.5)
    assert.equal(run('seed'), 1 - 2 ** -53)
    assert.equal(run('Math.random'), 1 - 2 ** -53)
    assert.equal(run('Math.hypot', 3, 4), 5)
    assert.equal(run('Math.fround', 0.1), Math.fround(0.1))
  })

  test('process.exit hands its code over', () => {
    const { run } = setUp()
    assert.throws(() => run('process.exit', -1), { exitCode: -1 })
  })
})
