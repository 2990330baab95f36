import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Type } from 'mortise/contract'
import { anyValue } from '../arbitrary.ts'
import { type EchoFunctions, everyType, type HooksByName } from './every-type.ts'

/** The host's side: it gives back what it is given, and remembers it. */
export class EchoingHost {
  turned: unknown
  asked: unknown
  ticked: unknown

  readonly functions: EchoFunctions = {
    turn: (params: { readonly shape: unknown }) => {
      this.turned = params
      return params.shape
    },
    ask: (params: { readonly text: string; readonly shape?: unknown }) => {
      this.asked = params
      return params.shape === undefined ? { tag: 'err', val: params.text } : { tag: 'ok', val: params.text }
    },
    tick: (params: object) => void (this.ticked = params),
    rate: ({ by }: { readonly by: number }) => by,
  }
}

/** Passes values of every type through a guest whose hooks give back what they are given. */
export async function roundTrip(hooks: HooksByName, host: EchoingHost, seed: number): Promise<void> {
  const { definition } = everyType
  const equal = (actual: unknown, wanted: unknown, hook: string): void =>
    assert.deepEqual(withoutNothing(actual), withoutNothing(wanted), `what '${hook}' makes of a value`)
  const call = async (name: string, params: unknown): Promise<unknown> => {
    const hook = hooks[name]
    assert(hook !== undefined, `there is no hook '${name}'`)
    return await Reflect.apply(hook, undefined, params === undefined ? [] : [params])
  }
  for (const [name, { params }] of Object.entries(definition.hooks)) {
    const { value } = params
    if (value === undefined) continue
    for (const one of fc.sample(anyValue(value), { seed, numRuns: 40 })) {
      equal(await call(name, { value: one }), one, name)
    }
  }
  const given = (name: string): unknown[] =>
    fc.sample(anyParams(definition.hooks[name]?.params ?? {}), { seed, numRuns: 40 })
  for (const params of given('swap')) {
    assert(typeof params === 'object' && params !== null && 'left' in params && 'right' in params)
    equal(await call('swap', params), [params.right, params.left], 'swap')
  }
  for (const params of given('viaHost')) {
    assert(typeof params === 'object' && params !== null && 'shape' in params)
    equal(await call('viaHost', params), params.shape, 'viaHost')
    equal(host.turned, params, 'turn')
  }
  for (const params of given('viaHostFlat')) {
    assert(typeof params === 'object' && params !== null && 'text' in params && 'shape' in params)
    const tag = params.shape === undefined ? 'err' : 'ok'
    equal(await call('viaHostFlat', params), { tag, val: params.text }, 'viaHostFlat')
    equal(host.asked, params, 'ask')
  }
  assert.equal(await call('add', { a: 3n, b: 0.5 }), 3.5)
  await call('count', undefined)
  equal(host.ticked, { color: 'delete', at: '😀', on: true }, 'tick')
  assert.equal(await call('counted', undefined), 1)
}

/** What the guests of every language say when they are loaded. */
export const saidAtLoad = {
  version: '1.0',
  limits: { a: 1, b: -1, c: 0, d: 0, e: 0, f: 0, g: 0n, h: 0n, i: 0, j: 0 },
  level: 7,
}

/** The same without what is there as `undefined`: whether it is, differs by runtime. */
function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNothing)
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  const there = Object.entries(value).filter(([, one]) => one !== undefined)
  return Object.fromEntries(there.map(([name, one]) => [name, withoutNothing(one)]))
}

function anyParams(params: Readonly<Record<string, Type>>): fc.Arbitrary<unknown> {
  return fc.record(Object.fromEntries(Object.entries(params).map(([name, type]) => [name, anyValue(type)])), {
    noNullPrototype: true,
  })
}
