import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { Mortise, MortiseError } from 'mortise'
import { contract, s32, string } from 'mortise/contract'
import { native } from 'mortise/native'
import { mortise } from '../support/cli.ts'
import { compileLibrary, libraryCompilerMissing } from '../support/libraries.ts'
import { plug } from './native-go-plugins/contract.ts'

/*
 * The document "Native Go Plugins" of reva's benchmark of plugins: its command, its four steps, its pros and its cons, each as it is
 * here. Its benchmark of four methods is the example `users`, and `npm run bench -- mechanisms`.
 */

const run = promisify(execFile)
const sources = join(import.meta.dirname, 'native-go-plugins')
const headers = join(import.meta.dirname, '../../native')
const linux = process.platform === 'linux' ? false : "Go's own plugins need Linux or macOS, and CGO"

describe('Native Go Plugins', { skip: linux === false ? await libraryCompilerMissing('go', 'cc') : linux }, () => {
  let folder = ''
  const go = (...flags: readonly string[]): Promise<unknown> =>
    run('go', ['build', ...flags], { cwd: folder, env: { ...process.env, GOFLAGS: '', CGO_CFLAGS: `-I${headers}` } })
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mortise-go-'))
    await cp(sources, folder, { recursive: true })
    const { code, stderr } = await mortise(['bindings', join(sources, 'contract.ts'), '--lang', 'c', '-o', folder], {
      source: true,
    })
    assert.equal(code, 0, stderr)
    await go('-buildmode=c-shared', '-tags=mortise', '-o', 'shared.so', '.')
  })
  after(() => rm(folder, { recursive: true, force: true }))

  it("'go build -buildmode=plugin -o plug.so ./test.go' makes what only a program of the same Go can open: it is refused by name", async () => {
    await go('-buildmode=plugin', '-o', 'plug.so', './test.go')
    await using host = new Mortise({ runtimes: [native()] })
    await assert.rejects(host.plug('plug', join(folder, 'plug.so'), plug), (error: unknown) =>
      MortiseError.is(error, 'NATIVE_ABI_MISSING'),
    )
  })

  it('1 to 4: it is opened, its exported function and variable are looked up, have the desired type, and are used', async () => {
    await using host = new Mortise({ runtimes: [native()] })
    const plugin = await host.plug('plug', join(folder, 'shared.so'), plug)
    assert.equal(plugin.hooks.add({ a: 40, b: 2 }), 42)
    assert.deepEqual(plugin.values, { v: 42 })
  })

  it('2: a symbol that is not there is named before any code runs', async () => {
    const more = contract('plug', {
      add: { params: { a: s32, b: s32 }, result: s32 },
      divide: { params: { a: s32, b: s32 }, result: s32 },
    })
    await using host = new Mortise({ runtimes: [native()] })
    await assert.rejects(host.plug('plug', join(folder, 'shared.so'), more), (error: unknown) => {
      return MortiseError.is(error, 'MODULE_REFUSED') && error.message.includes('divide')
    })
  })

  it('3: a symbol of another type is a named difference, where Go panics at the assertion', async () => {
    const other = contract('plug', { add: { params: { a: s32, b: string }, result: s32 } }, { values: { v: s32 } })
    await using host = new Mortise({ runtimes: [native()] })
    await assert.rejects(host.plug('plug', join(folder, 'shared.so'), other), (error: unknown) => {
      return (
        MortiseError.is(error, 'MODULE_REFUSED') && error.message.includes('add') && error.message.includes('string')
      )
    })
  })

  it('con 2: a plugin that is no longer wanted is unloaded, but for one by Go, of which the host says so', async () => {
    const source = `#include "mortise.h"\nMORTISE_PLUGIN("")\nMORTISE_HOOK(v) { return MORTISE_DONE; }\n`
    const bare = contract('bare', { v: { params: {} } })
    await using host = new Mortise({ runtimes: [native()] })
    const warnings: unknown[] = []
    const note = (warning: Error): unknown => warnings.push(warning)
    process.on('warning', note)
    const byC = await host.plug('bare', await compileLibrary(source), bare)
    await byC.unplug()
    assert.deepEqual(warnings, [])
    process.off('warning', note)
    await using strict = new Mortise({ runtimes: [native({ nodelete: 'refuse' })] })
    await assert.rejects(strict.plug('plug', join(folder, 'shared.so'), plug), (error: unknown) => {
      return MortiseError.is(error) && /nodelete/i.test(error.message)
    })
  })

  it('con 3: libraries of two compilers, and of other versions of a package, run in one host', async () => {
    const text = `#include "mortise.h"\nMORTISE_PLUGIN("")\nMORTISE_HOOK(add) { return mortise_fail("none"); }\n`
    const adder = contract('adder', { add: { params: {}, result: s32 } })
    await using host = new Mortise({ runtimes: [native()] })
    const byGo = await host.plug('go', join(folder, 'shared.so'), plug)
    const byC = await host.plug('c', await compileLibrary(text), adder)
    assert.throws(
      () => byC.hooks.add(),
      (error: unknown) => MortiseError.is(error, 'GUEST_FAILED'),
    )
    assert.equal(byGo.hooks.add({ a: 1, b: 2 }), 3)
  })
})
