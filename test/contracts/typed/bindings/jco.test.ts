import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'mortise/build'
import { componentType } from '../../../../src/contracts/typed/bindings/component-type.ts'
import { everyType, type HooksByName } from './every-type.ts'
import { EchoingHost, roundTrip, saidAtLoad } from './round-trip.ts'

const run = promisify(execFile)
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
const guest = join(import.meta.dirname, '../../../guests/every-type/assemblyscript')
const jco = fileURLToPath(new URL('../../../../tools/jco/', import.meta.url))
const installed = existsSync(join(jco, 'node_modules'))
// CI never skips: there, what is not installed fails the test.
const skip = installed || process.env['CI'] ? false : 'needs jco: npm --prefix tools/jco install'

describe('the world of a contract', { skip }, () => {
  it('is the same in the .wit and in what a guest says of itself, byte for byte', async () => {
    const wit = join(import.meta.dirname, '../../../guests/every-type/wit/every-type.wit')
    const { stdout } = await run(process.execPath, [join(jco, 'world.js'), wit], { encoding: 'buffer' })
    const ours = Buffer.from(componentType(everyType.definition, 'utf16'))
    // What follows in theirs is the name of the tool that made it.
    assert.deepEqual(stdout.subarray(0, ours.length), ours)
    assert.match(stdout.subarray(ours.length).toString(), /producers/)
  })
})

describe(`a guest built with tenon, as a component in jco, with seed ${seed}`, { skip }, () => {
  it('gives back values of every type, as it does in Mortise', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mortise-jco-'))
    try {
      const { wasm } = await build(guest, { contract: everyType })
      await writeFile(join(folder, 'guest.wasm'), wasm)
      await run(process.execPath, [join(jco, 'transpile.js'), join(folder, 'guest.wasm'), folder])
      const echoing = new EchoingHost()
      const component = await instantiate(folder, echoing)
      const said = Object.keys(saidAtLoad).map((name) => [name, call(component, name, [])])
      assert.deepEqual(Object.fromEntries(said), saidAtLoad)
      await roundTrip(hooksOf(component), echoing, seed)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

async function instantiate(folder: string, host: EchoingHost): Promise<object> {
  // jco says .js of a module, and no package.json lies beside it.
  const path = join(folder, 'guest.mjs')
  await copyFile(join(folder, 'guest.js'), path)
  const module: unknown = await import(pathToFileURL(path).href)
  assert(typeof module === 'object' && module !== null && 'instantiate' in module)
  const modules = new Map<string, WebAssembly.Module>()
  for (const name of ['guest.core.wasm', 'guest.core2.wasm', 'guest.core3.wasm', 'guest.core4.wasm'])
    modules.set(name, new WebAssembly.Module(await readFile(join(folder, name))))
  const component = apply(module.instantiate, [(name: string) => modules.get(name), importsOf(host)])
  assert(typeof component === 'object' && component !== null)
  return component
}

/** jco passes parameters one by one, and throws the error of a result that a function returns. */
function importsOf(host: EchoingHost): object {
  const functions = Object.entries(everyType.definition.hostFunctions).map(
    ([name, { params, result }]): [string, object] => [
      name,
      {
        default(...args: unknown[]): unknown {
          const given = Object.keys(params).map((key, place) => [key, args[place]])
          const returned = apply(Reflect.get(host.functions, name), [Object.fromEntries(given)])
          if (result?.kind !== 'result') return returned
          assert(typeof returned === 'object' && returned !== null && 'tag' in returned && 'val' in returned)
          if (returned.tag === 'err') throw returned.val
          return returned.val
        },
      },
    ],
  )
  return Object.fromEntries(functions)
}

function hooksOf(component: object): HooksByName {
  const hooks = Object.entries(everyType.definition.hooks).map(
    ([name, { params, result }]): [string, HooksByName[string]] => [
      name,
      (given: object) => {
        const args = Object.keys(params).map((key): unknown => Reflect.get(given, key))
        return result?.kind === 'result' ? outcome(() => call(component, name, args)) : call(component, name, args)
      },
    ],
  )
  return Object.fromEntries(hooks)
}

function outcome(run: () => unknown): unknown {
  try {
    return { tag: 'ok', val: run() }
  } catch (thrown) {
    if (thrown instanceof WebAssembly.RuntimeError || thrown instanceof TypeError) throw thrown
    return { tag: 'err', val: thrown instanceof Error && 'payload' in thrown ? thrown.payload : thrown }
  }
}

const call = (component: object, name: string, args: readonly unknown[]): unknown =>
  apply(Reflect.get(component, name), args)

function apply(called: unknown, args: readonly unknown[]): unknown {
  assert(typeof called === 'function')
  return Reflect.apply(called, undefined, args)
}
