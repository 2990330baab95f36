import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, it } from 'node:test'
import { type ErrorCode, Mortise, type PluginLogLine, type Source } from 'mortise'
import { activation } from 'mortise/activation'
import { esm } from 'mortise/esm'
import { childProcess } from 'mortise/process'
import { wasm } from 'mortise/wasm'
import { rejection } from '../support/wat.ts'

/** Guests that do the same on every runtime. */
export interface ActivationGuests {
  /** Answers with its parameters. */
  readonly echo: Source
  /**
   * Answers with what it reads of its settings: `{"id":…,"key":…,"deadline":…,"own":…,"empty":…}` of `__OW_ACTIVATION_ID`,
   * `__OW_API_KEY`, `__OW_DEADLINE`, `OWN` and `EMPTY`, each `"none"` where there is none.
   */
  readonly settings: Source
  /** Logs the `text` of its parameters and answers with it. */
  readonly talk: Source
  /** Answers with nothing. */
  readonly nothing: Source
  /** Answers with the JSON text `"text"`. */
  readonly text: Source
  /** Answers with the application error `sorry`; where `{"act":"crash"}`, crashes. */
  readonly fail: Source
}

/** A runtime on which the contract `activation` works, with guests for it. */
export interface ActivationRuntime {
  readonly kind: 'wasm' | 'esm' | 'process'
  readonly guests: ActivationGuests
  /** What a crash of its guests is. */
  readonly crash: ErrorCode
  /** Whether Mortise reads requests, so that guests are told apart from callers who send none. */
  readonly reads: boolean
}

interface Activated extends AsyncDisposable {
  readonly main: (request: string) => Promise<string>
}

/** What every runtime promises of an activation. */
export function testActivation(name: string, { kind, guests, crash, reads }: ActivationRuntime): void {
  const plug = async (
    source: Source,
    config: Record<string, string> = {},
    log: (line: PluginLogLine) => void = () => {},
  ): Promise<Activated> => {
    const runtime =
      kind === 'wasm' ? wasm({ deadline: '20 s', memory: '64 MiB' }) : kind === 'esm' ? esm() : childProcess()
    const host = new Mortise<'wasm' | 'esm' | 'process'>({ runtimes: [runtime], log })
    const plugin = await host.plug('guest', source, activation, { config })
    return {
      main: async (request) => plugin.hooks.main(request),
      [Symbol.asyncDispose]: () => host.close(),
    }
  }

  describe(`an activation on ${name}`, () => {
    const parameters = {
      'an object': '{"string":"hello","numbers":[42,1],"nested":{"a":{"b":null}}}',
      'an empty object': '{}',
      'an array': '["a",{"b":[]}]',
      'text of many scripts': '{"delimiter":"❄ ☃ ❄ 🦆","escaped":"\\u2603\\ud83e\\udd86\\n\\"\\\\"}',
      'fields that look like those around': '{"value":{"value":1},"activation_id":"}","deadline":[",\\"value\\":"]}',
      'a parameter of a megabyte': JSON.stringify({ arg: 'a'.repeat(1_048_561) }),
    }
    for (const [what, value] of Object.entries(parameters)) {
      it(`gives ${what} to the guest, and its answer back`, async () => {
        await using guest = await plug(guests.echo)
        for (const request of [
          `{"value":${value}}`,
          ` {\n  "activation_id" : "1",\n  "value" : ${value} ,\n "deadline":12}\n`,
        ])
          assert.deepEqual(JSON.parse(await guest.main(request)), JSON.parse(value))
      })
    }

    it('has what a request says beside its parameters for this one, and for no other', async () => {
      await using guest = await plug(guests.settings, { OWN: 'a=b=c', EMPTY: '' })
      const own = { own: 'a=b=c', empty: '' }
      const ask = async (fields: object): Promise<unknown> =>
        JSON.parse(await guest.main(JSON.stringify({ ...fields, value: {} })))
      assert.deepEqual(await ask({ activation_id: 'one', api_key: 'secret', deadline: 123 }), {
        id: 'one',
        key: 'secret',
        deadline: '123',
        ...own,
      })
      assert.deepEqual(await ask({ activation_id: 'two' }), { id: 'two', key: 'none', deadline: 'none', ...own })
      assert.deepEqual(await ask({}), { id: 'none', key: 'none', deadline: 'none', ...own })
    })

    it('logs in the context of its call', async () => {
      const context = new AsyncLocalStorage<string>()
      const lines: string[] = []
      await using guest = await plug(guests.talk, {}, ({ text }) => lines.push(`${context.getStore()}: ${text}`))
      const talk = (text: string): Promise<string> =>
        context.run(`call ${text}`, () => guest.main(JSON.stringify({ value: { text } })))
      assert.deepEqual(JSON.parse(await talk('a')), { text: 'a' })
      await Promise.all([talk('b'), talk('c')])
      assert.deepEqual(lines.toSorted(), ['call a: a', 'call b: b', 'call c: c'])
    })

    it('answers with an application error as with any value', async () => {
      await using guest = await plug(guests.fail)
      assert.deepEqual(JSON.parse(await guest.main('{"value":{}}')), { error: 'sorry' })
    })

    it('ends with a typed error when the guest crashes, and the next one works', async () => {
      await using guest = await plug(guests.fail)
      await rejection(crash, guest.main('{"value":{"act":"crash"}}'))
      assert.deepEqual(JSON.parse(await guest.main('{"value":{}}')), { error: 'sorry' })
    })

    it('passes an answer on that is no object, for others to judge', async () => {
      await using guest = await plug(guests.text)
      assert.equal(await guest.main('{"value":{}}'), '"text"')
    })

    if (!reads) return

    it('answers with an empty object for nothing', async () => {
      await using guest = await plug(guests.nothing)
      assert.equal(await guest.main('{"value":{}}'), '{}')
    })

    it('has no parameters where the request has none', async () => {
      await using guest = await plug(guests.echo)
      for (const request of ['{}', '{ "activation_id": "1" }', '{"value":null}'])
        assert.equal(await guest.main(request), '{}')
    })

    it('takes the last of two fields with one name, however it is spelled', async () => {
      await using guest = await plug(guests.echo)
      for (const request of [
        '{"value":{"n":1},"value":{"n":2}}',
        String.raw`{"value":{"n":1},"v\u0061lue":{"n":2}}`,
        '{"value":1,"value":{"n":2}}',
        String.raw`{"\\":{"n":1},"value":{"n":2}}`,
      ])
        assert.equal(await guest.main(request), '{"n":2}')
    })

    for (const [what, request] of Object.entries({
      nothing: '',
      'no JSON': 'XXX',
      'an array': '[]',
      'a text': '"value"',
      null: 'null',
      'parameters that are a text': '{"value":"text"}',
      'parameters that are a number': '{"value":12}',
      'JSON and more': '{"value":{}} {}',
    })) {
      it(`refuses ${what} before the guest sees it`, async () => {
        await using guest = await plug(guests.echo)
        await rejection('EVENT_INVALID', guest.main(request))
        assert.equal(await guest.main('{"value":{"n":1}}'), '{"n":1}')
      })
    }
  })
}
