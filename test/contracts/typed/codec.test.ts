import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Mortise } from 'mortise'
import { contract, type Typed } from 'mortise/contract'
import { esm } from 'mortise/esm'
import { native } from 'mortise/native'
import { childProcess } from 'mortise/process'
import { wasm } from 'mortise/wasm'
import { compileLibrary, libraryCompilerMissing } from '../../support/libraries.ts'
import { anyType, anyValue } from './arbitrary.ts'
import { echoContract, echoGuest, echoLibrary, echoModule, filler } from './echo.ts'

const noCompiler = await libraryCompilerMissing('cc')
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)

describe(`values of any type, with seed ${seed}`, () => {
  for (const encoding of ['utf8', 'utf16', 'latin1+utf16'] as const) {
    it(`go through a module whose strings are ${encoding}, there and back`, () =>
      eachType(60, async (type, values) => {
        await using host = new Mortise({ runtimes: [wasm({ memory: '64 MiB', deadline: '10 s' })] })
        const seen = new Seen()
        const { hooks } = await host.plug(
          'echo',
          echoGuest(type, encoding),
          echoContract(type).provide({ echo: seen.echo }),
        )
        checkEcho(hooks, seen, values)
      }))
  }

  it('go through an ES module, there and back', () =>
    eachType(20, async (type, values) => {
      await using host = new Mortise({ runtimes: [esm()] })
      const seen = new Seen()
      const { hooks } = await host.plug('echo', echoModule, echoContract(type).provide({ echo: seen.echo }))
      checkEcho(hooks, seen, values)
    }))

  it('go through a native library, there and back', { skip: noCompiler }, async () => {
    const library = await compileLibrary(echoLibrary)
    await eachType(60, async (type, values) => {
      await using host = new Mortise({ runtimes: [native()] })
      const seen = new Seen()
      const { hooks } = await host.plug('echo', library, echoContract(type).provide({ echo: seen.echo }))
      checkEcho(hooks, seen, values)
    })
  })

  it('go through a process, there and back', async () => {
    await using host = new Mortise({ runtimes: [childProcess()] })
    await eachType(20, async (type, values) => {
      const echo = contract('echo', { inMemory: { params: { value: type }, result: type } })
      await using plugin = await host.plug('echo', echoModule, echo)
      for (const value of values) assert.deepEqual(await plugin.hooks.inMemory({ value }), value)
    })
  })
})

/** The host's side of an echo: keeps what it was passed. */
class Seen {
  value: unknown
  readonly echo = ({ value }: { readonly value?: unknown }): unknown => {
    this.value = value
    return value
  }
}

interface Echo {
  through(params: { readonly value: unknown }): unknown
  inMemory(params: { readonly value: unknown; readonly filler: typeof filler }): unknown
}

function checkEcho(hooks: Echo, seen: Seen, values: readonly unknown[]): void {
  for (const value of values) {
    const back = hooks.through({ value })
    assert.deepEqual(seen.value, value)
    assert.deepEqual(back, value)
    assert.deepEqual(hooks.inMemory({ value, filler }), { value, filler })
  }
}

async function eachType(
  count: number,
  run: (type: Typed<unknown>, values: readonly unknown[]) => Promise<void>,
): Promise<void> {
  for (const [index, type] of fc.sample(anyType(), { seed, numRuns: count }).entries())
    await run(type, fc.sample(anyValue(type), { seed: seed + index, numRuns: 20 }))
}
