import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Mortise } from 'mortise'
import { activation } from 'mortise/activation'
import { esm } from 'mortise/esm'
import { childProcess } from 'mortise/process'
import { wasm } from 'mortise/wasm'
import { buildText } from '../support/guest.ts'
import { raw } from '../support/process.ts'
import { type ActivationGuests, testActivation } from './activation.ts'

const tenon: ActivationGuests = {
  echo: await buildText('export function main(event: string): string { return event }'),
  settings: await buildText(`
    import { config } from 'tenon/action'
    function read(name: string): string {
      const value = config.get(name)
      return value === null ? '"none"' : '"' + value + '"'
    }
    export function main(): string {
      return '{"id":' + read('__OW_ACTIVATION_ID') + ',"key":' + read('__OW_API_KEY') +
        ',"deadline":' + read('__OW_DEADLINE') + ',"own":' + read('OWN') + ',"empty":' + read('EMPTY') + '}'
    }`),
  talk: await buildText(`
    import { log } from 'tenon/action'
    @json class Event { text: string = '' }
    export function main(event: Event): Event { log.info(event.text); return event }`),
  nothing: await buildText('export function main(): void {}'),
  text: await buildText(`export function main(): string { return '"text"' }`),
  fail: await buildText(`
    import { fail } from 'tenon/action'
    @json class Event { act: string = '' }
    export function main(event: Event): string {
      if (event.act == 'crash') throw new Error('crashed')
      return fail<string>('sorry')
    }`),
}

const text = (source: string): Uint8Array => Buffer.from(source)

const javascript: ActivationGuests = {
  echo: text('export const main = (event) => event'),
  settings: text(`
    const names = { id: '__OW_ACTIVATION_ID', key: '__OW_API_KEY', deadline: '__OW_DEADLINE', own: 'OWN', empty: 'EMPTY' }
    export const main = (_, { config }) =>
      Object.fromEntries(Object.entries(names).map(([name, key]) => [name, config[key] ?? 'none']))`),
  talk: text('export async function main(event, { log }) { await 0; log.info(event.text); return event }'),
  nothing: text('export async function main() {}'),
  text: text("export const main = () => 'text'"),
  fail: text(`
    export function main({ act }) {
      if (act === 'crash') throw new Error('crashed')
      return Promise.reject('sorry')
    }`),
}

const variables: ActivationGuests = {
  ...javascript,
  settings: text(`
    const names = { id: '__OW_ACTIVATION_ID', key: '__OW_API_KEY', deadline: '__OW_DEADLINE', own: 'OWN', empty: 'EMPTY' }
    export const main = () =>
      Object.fromEntries(Object.entries(names).map(([name, key]) => [name, process.env[key] ?? 'none']))`),
  talk: text('export async function main(event) { await 0; console.log(event.text); return event }'),
}

const program: ActivationGuests = {
  echo: raw('lines((line) => say(JSON.parse(line).value))'),
  settings: raw(`
    const spell = (field) => field === undefined ? 'none' : typeof field === 'string' ? field : JSON.stringify(field)
    lines((line) => {
      const { activation_id, api_key, deadline } = JSON.parse(line)
      say({ id: spell(activation_id), key: spell(api_key), deadline: spell(deadline),
        own: spell(process.env.OWN), empty: spell(process.env.EMPTY) })
    })`),
  talk: raw('lines((line) => { const { value } = JSON.parse(line); console.log(value.text); say(value) })'),
  nothing: raw("lines(() => say('{}'))"),
  text: raw(`lines(() => say('"text"'))`),
  fail: raw(
    `lines((line) => { if (JSON.parse(line).value.act === 'crash') process.exit(1); say({ error: 'sorry' }) })`,
  ),
}

testActivation('wasm, by tenon', { kind: 'wasm', guests: tenon, crash: 'GUEST_ABORT', reads: true })
testActivation('esm', { kind: 'esm', guests: javascript, crash: 'GUEST_THREW', reads: true })
testActivation('process, in JavaScript', { kind: 'process', guests: javascript, crash: 'GUEST_THREW', reads: true })
testActivation('process, in JavaScript as Node actions are', {
  kind: 'process',
  guests: variables,
  crash: 'GUEST_THREW',
  reads: true,
})
testActivation('process, as a program', { kind: 'process', guests: program, crash: 'PROCESS_ENDED', reads: false })

describe('an activation on wasm, beside what all promise', () => {
  it('gives parameters as they were written, whatever stands around them', async (context) => {
    await using host = new Mortise({ runtimes: [wasm({ deadline: '20 s' })] })
    const { hooks } = await host.plug('guest', tenon.echo, activation)
    const json = fc.jsonValue({ depthSize: 'medium' })
    const objects = fc.oneof(
      fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('value', '\\', '"', '{', ',')), json),
      fc.array(json),
    )
    const parameters = { value: objects, fields: fc.dictionary(fc.oneof(fc.string(), fc.constant('"value":')), json) }
    const seed = fc.sample(fc.nat(), 1)[0] ?? 0
    context.diagnostic(`seed ${seed}`)
    fc.assert(
      fc.property(fc.record(parameters), fc.nat(3), fc.boolean(), ({ value, fields }, spaces, last) => {
        const { value: _, ...others } = fields
        const request = last ? { ...others, value } : { value, ...others }
        const written = JSON.stringify(value, undefined, spaces)
        const answer = hooks.main(JSON.stringify(request, undefined, spaces))
        assert.deepEqual(JSON.parse(answer), JSON.parse(written))
      }),
      { seed, numRuns: 500 },
    )
  })

  it('keeps numbers that JavaScript cannot hold', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const { hooks } = await host.plug('guest', tenon.echo, activation)
    const value = '{"id": 12345678901234567890, "small":1e-400,"large" : 1E400}'
    assert.equal(hooks.main(`{"value": ${value} ,"activation_id":"1"}`), value)
  })

  it('refuses parameters that its memory cannot hold', async () => {
    await using host = new Mortise({ runtimes: [wasm({ memory: '1 MiB' })] })
    const { hooks } = await host.plug('guest', tenon.echo, activation)
    assert.throws(() => hooks.main(`{"value":{"a":"${'a'.repeat(2 ** 20)}"}}`), { code: 'INPUT_TOO_LARGE' })
  })
})

describe('an activation of JavaScript, on esm and in a process', () => {
  const rejections = {
    'a text': ["'sorry'", { error: 'sorry' }],
    'an object': ['{ statusCode: 400 }', { error: { statusCode: 400 } }],
    'an error': [
      "Object.assign(new TypeError('no'), { code: 7 })",
      { error: { name: 'TypeError', message: 'no', code: 7 } },
    ],
    nothing: ['undefined', { error: {} }],
    'what JSON cannot say': ['1n', { error: '1' }],
  } as const
  for (const kind of ['esm', 'process'] as const) {
    for (const [what, [value, answer]] of Object.entries(rejections)) {
      it(`answers on ${kind} with ${what} that a promise is rejected with`, async () => {
        const lines: string[] = []
        const runtime = kind === 'esm' ? esm() : childProcess()
        await using host = new Mortise<'esm' | 'process'>({
          runtimes: [runtime],
          log: ({ level, text: line }) => lines.push(`${level}: ${line}`),
        })
        const guest = text(`export const main = async () => { throw ${value} }`)
        const { hooks } = await host.plug('guest', guest, activation)
        assert.deepEqual(JSON.parse(await hooks.main('{"value":{}}')), answer)
        assert.equal(lines.length, 1)
        assert.match(lines[0] ?? '', /^error: /)
      })
    }

    it(`tells a function of ${kind} of its activation, and of nothing that says how it is called`, async () => {
      const runtime = kind === 'esm' ? esm() : childProcess()
      await using host = new Mortise<'esm' | 'process'>({ runtimes: [runtime] })
      const guest = text(
        'export const main = (_, { activation }) => activation; export const other = () => ({ other: 1 })',
      )
      const { hooks } = await host.plug('guest', guest, activation)
      const answer = await hooks.main('{"value":{},"activation_id":"1","deadline":2,"hook":"other"}')
      assert.deepEqual(JSON.parse(answer), {
        activation_id: '1',
        deadline: 2,
        ...(kind === 'esm' && { hook: 'other' }),
      })
    })

    it(`refuses a module for ${kind} without a function main`, async () => {
      const runtime = kind === 'esm' ? esm() : childProcess()
      await using host = new Mortise<'esm' | 'process'>({ runtimes: [runtime] })
      for (const guest of ['export const other = 1', 'export const main = 1'])
        await assert.rejects(host.plug('guest', text(guest), activation), { code: 'MODULE_REFUSED' })
    })
  }
})
