import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Mortise, MortiseError } from 'mortise'
import { contract, type Type, u32 } from 'mortise/contract'
import { wasm } from 'mortise/wasm'
import { signatureOf } from '../../../src/contracts/typed/abi/signature.ts'
import { misfit } from '../../../src/contracts/typed/abi/misfit.ts'
import { wat } from '../../support/wat.ts'
import { anyType } from './arbitrary.ts'
import { componentType } from './echo.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)

/** What a hook may fail with that returned anything at all. */
const allowed: ReadonlySet<string> = new Set(['GUEST_POINTER', 'GUEST_RESULT', 'GUEST_STRING'])

describe(`a memory with anything in it, with seed ${seed}`, () => {
  for (const encoding of ['utf8', 'utf16', 'latin1+utf16'] as const) {
    it(`is a value of the type or a typed error, where strings are ${encoding}`, async () => {
      const types = fc.sample(anyType(), { seed, numRuns: 60 })
      let values = 0
      for (const [index, type] of types.entries()) {
        await using host = new Mortise({ runtimes: [wasm()] })
        const random = contract('random', {
          put: { params: { at: u32, word: u32 } },
          run: { params: { at: u32 }, result: type },
        })
        const { hooks } = await host.plug('random', filling(type, encoding), random)
        // Most words are small, so that pointers, lengths and cases are often right.
        const word = fc.oneof(
          fc.nat(3),
          fc.nat(300),
          fc.nat(65_536),
          fc.integer().map((one) => one >>> 0),
        )
        for (const words of fc.sample(fc.array(word, { minLength: 60, maxLength: 60 }), {
          seed: seed + index,
          numRuns: 15,
        })) {
          for (const [place, one] of words.entries()) hooks.put({ at: place * 4, word: one })
          try {
            const value = hooks.run({ at: (words[0] ?? 0) % 3 === 2 ? (words[1] ?? 0) : 8 })
            assert.equal(misfit(type, value, 'value'), undefined)
            values++
          } catch (error) {
            assert(MortiseError.is(error) && allowed.has(error.code), String(error))
          }
        }
      }
      assert(values > 100, `only ${values} of the values could be read`)
    })
  }
})

/** A guest that writes what it is told, and returns a pointer, or a number, as it is told. */
function filling(type: Type, encoding: Parameters<typeof componentType>[0]): Uint8Array {
  const { results } = signatureOf({ params: { at: { kind: 'u32' } }, result: type }, 'hook')
  const convert: Readonly<Record<string, string>> = {
    i32: '(local.get 0)',
    i64: '(i64.extend_i32_s (local.get 0))',
    f32: '(f32.reinterpret_i32 (local.get 0))',
    f64: '(f64.convert_i32_s (local.get 0))',
  }
  const [returned = 'i32'] = results
  return wat(`(module (memory (export "memory") 1)
    (@custom "component-type:random" "${componentType(encoding)}")
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
    (func (export "put") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
    (func (export "run") (param i32) (result ${returned}) ${convert[returned]}))`)
}
