import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ErrorCode, MortiseError } from '../errors.ts'
import type { Plugin } from '../plugin.ts'
import type { All, EverythingHooks, EverythingValues } from './everything.ts'

/** The hooks of {@link everything}, whether they return at once or a promise. */
export type EitherHooks = {
  readonly [N in keyof EverythingHooks]: (
    ...args: Parameters<EverythingHooks[N]>
  ) => ReturnType<EverythingHooks[N]> | Promise<ReturnType<EverythingHooks[N]>>
}

/** A guest of the contract {@link everything}, and what its runtime promises. */
export interface TypedGuest {
  /** Plugs the guest in, for one test, which unplugs it. */
  plug(): Promise<Plugin<EitherHooks, EverythingValues>>
  /** What a crash of the guest is; left out where it would end this process. */
  readonly crash?: ErrorCode
  /** Whether a crash puts the guest back as it was when it was loaded. */
  readonly restores: boolean
  /** Whether what does not fit is refused before it is passed: on every runtime but `esm`. */
  readonly checks: boolean
}

const small: All = {
  bool: true,
  u8: 255,
  s8: -128,
  u16: 65_535,
  s16: -32_768,
  u32: 4_294_967_295,
  s32: -2_147_483_648,
  u64: 18_446_744_073_709_551_615n,
  s64: -9_223_372_036_854_775_808n,
  f32: Math.fround(0.1),
  f64: Math.PI,
  char: '🔑',
  string: 'naïve 🦀 日本 \u{10ffff}\u0000\ufeff',
  bytes: Uint8Array.of(0, 1, 254, 255),
  numbers: Float64Array.of(-0, Infinity, -Infinity, NaN, Number.MIN_VALUE),
  texts: ['', 'a', 'é'.repeat(100)],
  pair: ['', -1n],
  maybe: 'there',
  nested: { tag: 'some', val: 7 },
  outcome: { tag: 'ok', val: 'well' },
  shape: { tag: 'two-sides', val: [1, 2n] },
  color: 'dark-blue',
  rights: { read: true, writeAll: false },
}

/**
 * Defines tests, with `node:test`, of what every runtime promises of a typed contract: for who brings guests of a language, or a
 * runtime, of their own.
 *
 * @param name - of the runtime or language, for the tests' names
 * @param runtime - how the guest is plugged in, and what a crash of it is
 * @example
 * ```ts
 * import { Mortise } from 'mortise'
 * import { everything, testTyped } from 'mortise/conformance'
 * import { wasm } from 'mortise/wasm'
 *
 * export function testMyLanguage(guest: Uint8Array): void {
 *   testTyped('my language', {
 *     plug: () => new Mortise({ runtimes: [wasm()] }).plug('everything', guest, everything),
 *     crash: 'TRAP_UNREACHABLE',
 *     restores: true,
 *     checks: true,
 *   })
 * }
 * ```
 */
export function testTyped(name: string, runtime: TypedGuest): void {
  describe(`a typed contract on ${name}`, () => {
    const using = async (run: (plugin: Plugin<EitherHooks, EverythingValues>) => Promise<void>): Promise<void> => {
      await using plugin = await runtime.plug()
      await run(plugin)
    }

    describe('passes', () => {
      const values: Readonly<Record<string, Partial<All>>> = {
        'one of each type': {},
        'the other end of each number': {
          u8: 0,
          s8: 127,
          u16: 0,
          s16: 32_767,
          u32: 0,
          s32: 2 ** 31 - 1,
          u64: 0n,
          s64: 2n ** 63n - 1n,
        },
        'numbers that JSON does not know': { f32: NaN, f64: -Infinity },
        'zero below zero': { f32: -0, f64: -0 },
        'nothing at all': {
          string: '',
          bytes: new Uint8Array(0),
          numbers: new Float64Array(0),
          texts: [],
          maybe: undefined,
        },
        'none in none': { nested: { tag: 'none' } },
        'none in some': { nested: { tag: 'some', val: undefined } },
        'an error as a value': { outcome: { tag: 'err', val: 'red' } },
        'a case that holds nothing': { shape: { tag: 'nothing' } },
        'a case that holds a number': { shape: { tag: 'circle', val: 1.5 } },
        'a case that holds text': { shape: { tag: 'label', val: 'round ◯' } },
        'many texts': {
          texts: Array.from({ length: 5000 }, (_, index) => `text ${index} ${index % 3 === 0 ? 'é' : ''}`),
        },
      }
      for (const [what, some] of Object.entries(values)) {
        it(what, () =>
          using(async ({ hooks }) => {
            const value = { ...small, ...some }
            for (let round = 0; round < 3; round++) assert.deepEqual(await hooks.echo({ value }), value)
          }),
        )
      }

      it('a megabyte of text and of bytes', () =>
        using(async ({ hooks }) => {
          const text = 'Żółć 🔑 '.repeat(100_000)
          const bytes = new Uint8Array(2 ** 20).map((_, index) => index * 7)
          assert.deepEqual(await hooks.big({ text, bytes }), [text, bytes])
        }))
    })

    it('has its values when it is loaded', () =>
      using(async ({ values }) => assert.deepEqual(values, { name: 'everything' })))

    it('returns an error of the guest as a value', () =>
      using(async ({ hooks }) => {
        assert.deepEqual(await hooks.divide({ a: -7, b: 2 }), { tag: 'ok', val: -3 })
        assert.deepEqual(await hooks.divide({ a: 1, b: 0 }), { tag: 'err', val: 'no' })
      }))

    it('keeps calls apart that are made together', () =>
      using(async ({ hooks }) => {
        const texts = Array.from({ length: 50 }, (_, index) => `call ${index}`)
        const results = await Promise.all(texts.map(async (text) => hooks.big({ text, bytes: new Uint8Array(0) })))
        assert.deepEqual(
          results.map(([text]) => text),
          texts,
        )
      }))

    it('keeps the state of the guest', () =>
      using(async ({ hooks }) => {
        assert.deepEqual([await hooks.count(), await hooks.count(), await hooks.count()], [1, 2, 3])
      }))

    if (runtime.checks) {
      it('refuses what does not fit, without a call', () =>
        using(async (plugin) => {
          await assert.rejects(
            async () => plugin.hooks.echo({ value: { ...small, u8: 256 } }),
            isError('INPUT_INVALID', /'value.u8' is 256/),
          )
          assert.equal(plugin.stats().errors, 0)
          assert.deepEqual(await plugin.hooks.echo({ value: small }), small)
        }))
    }

    const { crash } = runtime
    if (crash !== undefined) {
      it(`goes on after a crash, ${runtime.restores ? 'as new' : 'with its state'}`, () =>
        using(async ({ hooks }) => {
          await hooks.count()
          for (let round = 0; round < 3; round++) {
            await assert.rejects(async () => hooks.crash(), isError(crash, /crash/))
            assert.equal(await hooks.count(), runtime.restores ? 1 : 2 + round)
          }
        }))
    }
  })
}

function isError(code: ErrorCode, says: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert(MortiseError.is(error, code), String(error))
    assert.match(error.message, says)
    return true
  }
}

export { everything, type All, type EverythingHooks, type EverythingValues } from './everything.ts'
