import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type ErrorCode, type Kind, type Mortise, MortiseError, type PluginLogLine, type Source } from 'mortise'
import { action, type Json, type JsonObject } from 'mortise/action'

/** Guests that do the same on every runtime. */
export interface ActionGuests {
  /** Answers with its event. */
  readonly echo: Source
  /** Logs its event at each level, from `debug` to `error`, and answers with it. */
  readonly talk: Source
  /**
   * Counts its calls: `{"count":1}` up to 9. After counting, `{"act":"fail"}` is answered with the error 'no', and
   * `{"act":"crash"}` crashes.
   */
  readonly count: Source
  /** Answers with what the setting `key` says, else with `{}`. */
  readonly configured: Source
  /** Answers with a lone surrogate of either half that it makes itself: `{"high":"\ud800","low":"\udc00"}`. */
  readonly surrogates: Source
}

/** A runtime on which the contract `action` works, with guests for it. */
export interface ActionRuntime {
  readonly kind: Kind
  readonly guests: ActionGuests
  /** A guest and an event that make it answer with a JSON text. */
  readonly answers: (text: string) => readonly [Source, JsonObject]
  /** What a crash of its guests is. */
  readonly crash: ErrorCode
  /** Whether a crash puts the guest back as it was after its initialisation. */
  readonly restores: boolean
  /** A host that has the runtime. */
  host(log?: (line: PluginLogLine) => void): Mortise<'wasm'> | Mortise<'esm'> | Mortise<'process'>
}

interface ActionPlugin {
  readonly main: (event: JsonObject) => Promise<JsonObject>
  readonly plugin: Awaited<ReturnType<Mortise<Kind>['plug']>>
}

/** Settings that have a name only by inheritance. */
class Inheriting {
  [name: string]: string
  get key(): string {
    return '{"inherited":1}'
  }
}

/** What every runtime promises of an action. */
export function testAction(name: string, runtime: ActionRuntime): void {
  const { guests } = runtime

  describe(`an action on ${name}`, () => {
    const plug = async (
      host: ReturnType<ActionRuntime['host']>,
      source: Source,
      config: Record<string, string> = {},
      as = 'guest',
    ): Promise<ActionPlugin> => {
      // One call for each, since a host's type says which runtimes it has.
      const plugin = isWasm(host)
        ? await host.plug(as, source, action, { config })
        : isEsm(host)
          ? await host.plug(as, source, action, { config })
          : await host.plug(as, source, action, { config })
      const { main } = plugin.hooks
      return { plugin, main: async (event) => main(event) }
    }
    const isWasm = (_host: ReturnType<ActionRuntime['host']>): _host is Mortise<'wasm'> => runtime.kind === 'wasm'
    const isEsm = (_host: ReturnType<ActionRuntime['host']>): _host is Mortise<'esm'> => runtime.kind === 'esm'

    /** Runs with one plugin on a host of its own. */
    const using = async (
      source: Source,
      run: (main: ActionPlugin['main'], plugin: ActionPlugin['plugin']) => Promise<void>,
      config?: Record<string, string>,
    ): Promise<void> => {
      await using host = runtime.host()
      const { main, plugin } = await plug(host, source, config)
      await run(main, plugin)
    }

    const crashes = (main: ActionPlugin['main']): Promise<void> =>
      assert.rejects(main({ act: 'crash' }), (error) => {
        assert(MortiseError.is(error, runtime.crash), String(error))
        assert.deepEqual({ plugin: error.details.plugin, hook: error.details.hook }, { plugin: 'guest', hook: 'main' })
        return true
      })

    describe('results', () => {
      const events: Readonly<Record<string, JsonObject>> = {
        'an empty object': {},
        'an empty key': { '': '' },
        'every kind of value': { a: [1, -1.5, 1e300, true, false, null, 'text', {}, []] },
        'text beyond the first plane': { 'schlüssel 🔑': 'naïve 🦀 日本 \u{10ffff}' },
        'control characters': { text: '\u0000\u0001\b\t\n\r"\\/\u007f\u2028\u2029\ufeff\ufffe' },
        'lone surrogates in values and keys': { 'key \udfff': 'high \ud800, low \udc00, swapped \udc00\ud800' },
        'a key of the prototype': { nested: Object.fromEntries([['__proto__', { polluted: true }]]), constructor: 1 },
        'deep nesting': nested(1000),
        'a megabyte in one text': { text: 'é'.repeat(2 ** 20) },
        'many small values': { list: Array.from({ length: 50_000 }, (_, index) => index) },
      }
      for (const [what, event] of Object.entries(events)) {
        it(`come back with ${what}`, () =>
          using(guests.echo, async (main) => {
            assert.deepEqual(await main(event), event)
          }))
      }

      it('come back whatever the event says', () =>
        using(guests.echo, (main) =>
          fc.assert(
            fc.asyncProperty(
              fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' })),
              async (given) => {
                const text = JSON.stringify(given)
                assert.equal(JSON.stringify(await applied(main, given)), text)
              },
            ),
            { numRuns: 200 },
          ),
        ))

      it('keep lone surrogates that the guest made', () =>
        using(guests.surrogates, async (main) => {
          assert.deepEqual(await main({}), { high: '\ud800', low: '\udc00' })
        }))

      it('belong to the caller: changing one changes no other', () =>
        using(guests.echo, async (main) => {
          const first = await main({ list: [1] })
          Object.assign(first, { list: null, more: 1 })
          assert.deepEqual(await main({ list: [1] }), { list: [1] })
        }))

      for (const text of ['[]', '[{}]', '"text"', '1', 'true', 'null']) {
        it(`are refused where they are ${text}, and the next call works`, async () => {
          const [source, event] = runtime.answers(text)
          await using(source, async (main, plugin) => {
            for (let time = 0; time < 3; time++) await assert.rejects(main(event), { code: 'GUEST_RESULT' })
            await plugin.swap(guests.echo)
            assert.deepEqual(await main({ fine: true }), { fine: true })
          })
        })
      }
    })

    describe('application errors', () => {
      it('are values, and the guest keeps its state', () =>
        using(guests.count, async (main, plugin) => {
          assert.deepEqual(await main({}), { count: 1 })
          assert.deepEqual(await main({ act: 'fail' }), { error: 'no' })
          assert.deepEqual(await main({}), { count: 3 })
          const { errors, restores, lastError } = plugin.stats()
          assert.deepEqual({ errors, restores, lastError }, { errors: 0, restores: 0, lastError: undefined })
        }))
    })

    describe('crashes', () => {
      it('are errors that name plugin and hook, and the next call works', () =>
        using(guests.count, async (main) => {
          assert.deepEqual(await main({}), { count: 1 })
          await crashes(main)
          assert.deepEqual(await main({}), { count: runtime.restores ? 1 : 3 })
          assert.deepEqual(await main({}), { count: runtime.restores ? 2 : 4 })
        }))

      it('in a row leave a plugin that works', () =>
        using(guests.count, async (main, plugin) => {
          for (let time = 0; time < 100; time++) await crashes(main)
          if (runtime.restores) assert.deepEqual(await main({}), { count: 1 })
          await plugin.swap(guests.count)
          assert.deepEqual(await main({}), { count: 1 })
        }))

      it('are counted, and the last one is kept', () =>
        using(guests.count, async (main, plugin) => {
          assert.deepEqual(plugin.stats(), {
            calls: 0,
            errors: 0,
            restores: 0,
            instances: 1,
            starts: 1,
            fuel: 0,
            lastFuel: 0,
            swaps: 0,
            lastError: undefined,
            p50: undefined,
            p99: undefined,
            hooks: { main: { calls: 0, errors: {}, seconds: undefined } },
          })
          await main({})
          await main({ act: 'fail' })
          const thrown: unknown = await main({ act: 'crash' }).catch((error: unknown) => error)
          await main({})
          const { calls, errors, restores, swaps, lastError, p50, p99, hooks } = plugin.stats()
          assert.deepEqual({ calls, errors, swaps }, { calls: 4, errors: 1, swaps: 0 })
          assert.equal(restores, runtime.restores ? 1 : 0)
          assert(thrown instanceof MortiseError)
          assert.equal(lastError, thrown)
          assert.deepEqual(hooks['main'], { calls: 4, errors: { [thrown.code]: 1 }, seconds: undefined })
          assert(p50 !== undefined && p99 !== undefined && p50 <= p99)
        }))
    })

    describe('events', () => {
      const circular: Record<string, unknown> = {}
      circular['self'] = [circular]
      const throwing = (thrown: unknown): object => ({
        toJSON() {
          throw thrown
        },
      })
      const invalid: Readonly<Record<string, unknown>> = {
        undefined,
        null: null,
        'a text': '{}',
        'a number': 1,
        'a BigInt': 1n,
        'a symbol': Symbol('event'),
        'an array': [],
        'a function': () => ({}),
        'an object with a cycle': circular,
        'an object with a BigInt': { a: [1n] },
        'an object whose toJSON throws': throwing(new Error('mine')),
        'an object whose toJSON throws no error': throwing('mine'),
        'an object that throws nothing': throwing(undefined),
        'an object deep inside of which toJSON throws': { a: [{ b: throwing(new TypeError('mine')) }] },
        'an object that JSON spells as a text': new Date(0),
        'an object that JSON spells as an array': { toJSON: () => [] },
        'an object that JSON spells as null': { toJSON: () => null },
        'an object that JSON leaves out': { toJSON: () => undefined },
        'an object that hides its keys': new Proxy({}, { ownKeys: () => assert.fail('hidden') }),
      }
      for (const [what, event] of Object.entries(invalid)) {
        it(`are refused where they are ${what}, and the next call works`, () =>
          using(guests.echo, async (main) => {
            await assert.rejects(applied(main, event), { name: 'MortiseError', code: 'EVENT_INVALID' })
            assert.deepEqual(await main({ fine: true }), { fine: true })
          }))
      }

      it('nested deeper than the stack come back, or are refused', () =>
        using(guests.echo, async (main) => {
          const event = nested(200_000)
          await main(event).catch((error: unknown) => assert(MortiseError.is(error), String(error)))
          assert.deepEqual(await main({ fine: true }), { fine: true })
        }))

      it('keep what their toJSON threw as the cause', () =>
        using(guests.echo, async (main) => {
          const mine = new Error('mine')
          await assert.rejects(applied(main, throwing(mine)), { cause: mine })
        }))

      it('do not touch the state of the guest when they are refused', () =>
        using(guests.count, async (main) => {
          await main({})
          await assert.rejects(applied(main, null), { code: 'EVENT_INVALID' })
          assert.deepEqual(await main({}), { count: 2 })
        }))

      it('may call the same hook while they are turned into JSON', () =>
        using(guests.echo, async (main) => {
          let inner: Promise<JsonObject> | undefined
          const event = {
            get text() {
              inner = main({ inner: true })
              return 'outer'
            },
          }
          assert.deepEqual(await main(event), { text: 'outer' })
          assert.deepEqual(await inner, { inner: true })
        }))
    })

    describe('configuration', () => {
      it('is what the host gave, and nothing else', async () => {
        await using(guests.configured, async (main) => assert.deepEqual(await main({}), {}))
        await using(guests.configured, async (main) => assert.deepEqual(await main({}), {}), { other: '{"a":1}' })
        await using(guests.configured, async (main) => assert.deepEqual(await main({}), { 'é🦀': '\ud800' }), {
          key: '{"é🦀":"\ud800"}',
        })
      })

      it('is read when the plugin is plugged in, and stays through crashes of others', async () => {
        await using host = runtime.host()
        const config = { key: '{"is":"before"}' }
        const one = await plug(host, guests.configured, config, 'one')
        config.key = '{"is":"after"}'
        const two = await plug(host, guests.configured, config, 'two')
        assert.deepEqual([await one.main({}), await two.main({})], [{ is: 'before' }, { is: 'after' }])
      })

      it('does not have what the settings only inherit', () =>
        using(guests.configured, async (main) => assert.deepEqual(await main({}), {}), new Inheriting()))
    })

    describe('logs', () => {
      it('come with plugin, level, source and text, one number for each call', async () => {
        const lines: PluginLogLine[] = []
        await using host = runtime.host((line) => lines.push(line))
        const { main } = await plug(host, guests.talk)
        await main({ id: 1 })
        await main({ id: 2 })
        const levels = ['debug', 'info', 'warn', 'error'] as const
        assert.deepEqual(
          lines.map(({ plugin, level, source, text }) => ({ plugin, level, source, text })),
          [1, 2].flatMap((id) =>
            levels.map((level) => ({ plugin: 'guest', level, source: 'log', text: `{"id":${id}}` })),
          ),
        )
        assert.deepEqual(new Set(lines.slice(0, 4).map(({ call }) => call)).size, 1)
        assert.deepEqual(new Set(lines.slice(4).map(({ call }) => call)).size, 1)
        assert.notEqual(lines[0]?.call, lines[4]?.call)
      })

      it('keep every character', async () => {
        const texts: string[] = []
        await using host = runtime.host(({ text }) => texts.push(text))
        const { main } = await plug(host, guests.talk)
        await main({ text: 'naïve 🦀 \ufeff' })
        assert.deepEqual(
          texts,
          Array.from({ length: 4 }, () => '{"text":"naïve 🦀 \ufeff"}'),
        )
      })

      it('may be dropped', () => using(guests.talk, async (main) => assert.deepEqual(await main({ a: 1 }), { a: 1 })))
    })

    describe('plugins', () => {
      it('made from one artifact share nothing', async () => {
        await using host = runtime.host()
        const one = await plug(host, guests.count, {}, 'one')
        const two = await plug(host, guests.count, {}, 'two')
        assert.equal(one.plugin.digest, two.plugin.digest)
        await one.main({})
        await one.main({})
        assert.deepEqual(await two.main({}), { count: 1 })
        await assert.rejects(two.main({ act: 'crash' }), { code: runtime.crash })
        assert.deepEqual(await one.main({}), { count: 3 })
        assert.deepEqual([one.plugin.stats().calls, one.plugin.stats().errors], [3, 0])
        assert.deepEqual([two.plugin.stats().calls, two.plugin.stats().errors], [2, 1])
        await two.plugin.unplug()
        assert.deepEqual(await one.main({}), { count: 4 })
      })

      it('say what they are', () =>
        using(guests.echo, async (_main, plugin) => {
          assert.deepEqual([plugin.name, plugin.runtime], ['guest', runtime.kind])
          assert.match(plugin.digest, /^[0-9a-f]{64}$/)
        }))

      it('start afresh when they are swapped, and a hook that was kept follows', () =>
        using(guests.count, async (main, plugin) => {
          const before = plugin.digest
          await main({})
          await main({})
          assert.equal(await plugin.swap(guests.count), before)
          assert.deepEqual(await main({}), { count: 1 })
          const digest = await plugin.swap(guests.echo)
          assert.equal(plugin.digest, digest)
          assert.notEqual(digest, before)
          assert.deepEqual(await main({ act: 'crash' }), { act: 'crash' })
          const { calls, swaps } = plugin.stats()
          assert.deepEqual({ calls, swaps }, { calls: 4, swaps: 2 })
        }))

      it('keep their configuration when they are swapped', () =>
        using(
          guests.echo,
          async (main, plugin) => {
            await plugin.swap(guests.configured)
            assert.deepEqual(await main({}), { kept: true })
          },
          { key: '{"kept":true}' },
        ))

      it('refuse calls and swaps once they are unplugged', () =>
        using(guests.echo, async (main, plugin) => {
          await main({})
          await plugin.unplug()
          await plugin.unplug()
          await assert.rejects(main({}), { code: 'PLUGIN_UNPLUGGED' })
          await assert.rejects(plugin.swap(guests.echo), { code: 'PLUGIN_UNPLUGGED' })
          assert.equal(plugin.stats().calls, 1)
        }))
    })

    describe('calls that overlap', () => {
      it('see only their own input, output and logs', async () => {
        const deepest = 5
        const lines: PluginLogLine[] = []
        const calls: Promise<void>[] = []
        const answers: { readonly id: Json | undefined; readonly answer: JsonObject }[] = []
        let begun = 0
        const begin = (): void => {
          const event = { id: begun++ }
          calls.push(
            main(event).then((answer) => {
              answers.push({ id: event.id, answer })
            }),
          )
        }
        await using host = runtime.host((line) => {
          lines.push(line)
          if (line.level === 'info' && begun < deepest) begin()
        })
        const { main, plugin } = await plug(host, guests.talk)
        begin()
        // Each call begins the next one from inside itself.
        for (let index = 0; index < deepest; index++) await calls[index]
        assert.equal(answers.length, deepest)
        for (const { id, answer } of answers) assert.deepEqual(answer, { id })
        const texts = Map.groupBy(lines, ({ text }) => text)
        assert.equal(texts.size, deepest)
        for (const own of texts.values()) {
          assert.deepEqual(
            own.map(({ level }) => level),
            ['debug', 'info', 'warn', 'error'],
          )
        }
        const numbers = [...texts.values()].map((own) => new Set(own.map(({ call }) => call)))
        assert(numbers.every((set) => set.size === 1))
        assert.equal(new Set(numbers.flatMap((set) => Array.from(set))).size, deepest)
        assert.equal(plugin.stats().calls, deepest)
      })

      it('are not disturbed by one among them that is refused', async () => {
        const inner: Promise<unknown>[] = []
        await using host = runtime.host(({ level }) => {
          if (level !== 'warn' || inner.length > 0) return
          inner.push(applied(main, null).catch((error: unknown) => error))
        })
        const { main } = await plug(host, guests.talk)
        assert.deepEqual(await main({ outer: 1 }), { outer: 1 })
        assert.equal(inner.length, 1)
        assert(MortiseError.is(await inner[0], 'EVENT_INVALID'))
      })

      it('by the hundred all get their own answer', () =>
        using(guests.echo, async (main) => {
          const answers = await Promise.all(Array.from({ length: 100 }, (_, id) => main({ id })))
          assert.deepEqual(
            answers,
            Array.from({ length: 100 }, (_, id) => ({ id })),
          )
        }))

      it('finish on the version that they began on when it is swapped or unplugged under them', async () => {
        const changes: Promise<unknown>[] = []
        const seen: string[] = []
        await using host = runtime.host(({ level, text }) => {
          seen.push(level)
          if (level === 'debug' && text.includes('swap')) changes.push(plugin.swap(guests.count))
          if (level === 'debug' && text.includes('unplug')) changes.push(plugin.unplug())
        })
        const { main, plugin } = await plug(host, guests.talk)
        assert.deepEqual(await main({ do: 'swap' }), { do: 'swap' })
        await Promise.all(changes)
        assert.deepEqual(await main({}), { count: 1 })
        await plugin.swap(guests.talk)
        assert.deepEqual(await main({ do: 'unplug' }), { do: 'unplug' })
        await Promise.all(changes)
        assert.deepEqual(seen, ['debug', 'info', 'warn', 'error', 'debug', 'info', 'warn', 'error'])
        await assert.rejects(main({}), { code: 'PLUGIN_UNPLUGGED' })
      })
    })
  })
}

function nested(depth: number): JsonObject {
  let inner: JsonObject = {}
  for (let level = 0; level < depth; level++) inner = { inner }
  return inner
}

/** Calls a hook with what its type does not allow. */
async function applied(main: ActionPlugin['main'], event: unknown): Promise<unknown> {
  const result: unknown = await Reflect.apply(main, undefined, [event])
  return result
}
