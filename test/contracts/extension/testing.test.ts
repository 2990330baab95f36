import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { MortiseError } from 'mortise'
import { build } from 'mortise/build'
import { commandTest, jobTest, projectorTest, queryTest } from 'mortise/extension/testing'
import { schema } from 'mortise/storages'
import { inFolder } from '../../support/guest.ts'
import { failure } from '../../support/wat.ts'

const source = await readFile(new URL('../../guests/extension/tested.ts', import.meta.url), 'utf8')
const { wasm: guest } = await inFolder({ 'index.ts': source }, (folder) => build(folder))

const types = schema({
  records: {
    'app.User': {
      fields: {
        Email: 'string',
        Greeting: 'string',
        By: 'string',
        Token: 'string',
        Share: 'float32',
        Bytes: 'bytes',
        Name: 'QName',
      },
      uniques: [['Email']],
    },
    'app.Config': { fields: { Greeting: 'string' }, singleton: true },
  },
  views: {
    'app.Counts': {
      partition: { Year: 'int32' },
      clustering: { Day: 'int32' },
      value: { Count: 'int64', Rows: 'int64' },
    },
  },
})

/** How a test fails, as its runner gets it. */
async function failed(test: { run(): Promise<unknown> }): Promise<assert.AssertionError> {
  const thrown = await test.run().then(
    () => assert.fail('it did not fail'),
    (error: unknown) => error,
  )
  assert.ok(thrown instanceof assert.AssertionError, String(thrown))
  return thrown
}

for (const [said, app] of [
  ['without a schema', {}],
  ['with a schema', { schema: types }],
] as const) {
  describe(`a test of an extension, ${said},`, () => {
    const greeting = commandTest(guest, 'Greet', app)
      .argument({ User: 7 })
      .unlogged({ Password: 'x' })
      .record('app.User', 6)
      .record('app.User', 7, { Email: 'ada@example.com' })
      .singleton('app.Config', { Greeting: 'hello' })
      .secret('token', 'quite secret')
      .subject({ name: 'ann' })
    const changed = {
      Greeting: 'hello',
      By: 'ann',
      Token: 'quite secret',
      Share: 0.1,
      Bytes: Buffer.from('ab'),
      Name: { pkg: 'app', entity: 'User' },
    }

    it('gives a command its argument, records, singletons, secrets and subject', async () => {
      const { intents, logs, error } = await greeting
        .expectUpdate('sys.Record(app.User)', { ID: 7 }, changed)
        .expectResult({ WLogOffset: 1 })
        .expectResponse(200)
        .expectLog('info', 'greeted')
        .run()
      assert.deepEqual([intents.length, intents[0]?.fields['Greeting'], error], [1, 'hello', undefined])
      assert.deepEqual(logs, [{ level: 'info', message: 'greeted' }])
    })

    it('sees what a command answers, and where the log would go on', async () => {
      await greeting
        .unlogged({ Password: '' })
        .logged('app.Greet', {}, { wlogOffset: 41n })
        .expectResult({ WLogOffset: 42 })
        .expectResponse(403, 'no password')
        .run()
    })

    it('gives a query its argument, log, uniques and blobs, and gets its rows', async () => {
      const find = queryTest(guest, 'Find', app)
        .argument({ Email: 'ada@example.com' })
        .record('app.User', 6, { Email: 'eve@example.com' })
        .record('app.User', 7, { Email: 'ada@example.com' })
        .logged('app.Greet', { N: 1 })
        .logged('app.Greet', { N: 2 })
        .logged('app.Greet', { N: 3 })
        .logged('app.Greet', { N: 4 })
        .blob('app.User', 7, 'Photo', new Uint8Array(1500))
      await find.expectRows({ ID: 7 }, { Offset: 202 }, { Offset: 303 }, { Bytes: 1024 }, { Bytes: 476 }).run()
      await find.argument({ Email: 'nobody' }).expectNoIntents().run()
    })

    const follow = projectorTest(guest, 'Follow', app)
      .event('app.Greet', {}, { wlogOffset: 5n })
      .created('app.User', 70)
      .updated('app.User', 8, {})
      .view('app.Counts', { Year: 2026, Day: 1 }, { Count: 2n, Rows: 0 })
      .view('app.Counts', { Year: 2026, Day: 2 }, { Count: 5, Rows: 0 })
      .view('app.Counts', { Year: 2025, Day: 1 }, { Count: 5, Rows: 0 })
      .federation('app.Take', { status: 201, newIDs: { 1: 2n ** 60n }, result: { Said: 'yes' } })

    it('gives a projector its event with rows, views, and answers of servers', async () => {
      const { requests, commands, mails } = await follow
        .http('POST https://example.com/hook', ({ body, headers }) => ({
          body: body + headers['x-a'],
          headers: { 'x-b': 'c' },
        }))
        .expectInsert('sys.View(app.Counts)', { Day: 5, Year: 2026 }, { Count: 70, Rows: 307 })
        .expectLog('info', 'hibX-B: c')
        .expectLog('verbose', '1152921504606846976yes')
        .run()
      assert.deepEqual(requests, [
        { method: 'POST', url: 'https://example.com/hook', headers: { 'x-a': 'b' }, body: 'hi' },
      ])
      assert.deepEqual(
        commands.map(({ command, workspace, body }) => [command, workspace, body]),
        [['app.Take', 1n, '{}']],
      )
      assert.deepEqual(
        mails.map(({ To }) => To),
        [['b@example.com', 'c@example.com']],
      )
    })

    it('gives a projector servers that fail', async () => {
      const { mails } = await follow
        .http('https://example.com/hook', { error: 'connection refused' })
        .refusingMails('no such user')
        .expectLog('error', 'POST https://example.com/hook failed: connection refused'.repeat(2))
        .expectLog('error', 'no such user')
        .run()
      assert.deepEqual(mails, [])
    })

    it('has no answer that was not given', async () => {
      await follow
        .http('GET https://example.com/hook', {})
        .expectFailure('HOST_FUNCTION_FAILED', 'no answer for POST https://example.com/hook: it has those for GET')
        .run()
      await projectorTest(guest, 'Follow', app)
        .event('app.Greet')
        .http('https://example.com/hook', {})
        .expectFailure('HOST_FUNCTION_FAILED', 'no answer for the command app.Take')
        .run()
    })

    it('gives a job its time, and gets its mails', async () => {
      const remind = jobTest(guest, 'Remind', app)
      await remind.due(999).expectNoIntents().run()
      const mail = { Host: 'localhost', Port: 25, From: 'a@example.com', To: ['b@example.com'] }
      await remind.due(1000).expectInsert('sys.SendMail', mail, {}).run()
    })

    it('is a beginning that others do not change', async () => {
      await greeting.argument({ User: 5 }).expectNoIntents().expectFailure('EXTENSION_ABSENT').run()
      await greeting.expectUpdate('sys.Record(app.User)', { ID: 7 }, changed).run()
    })
  })
}

describe('a test of an extension that fails', () => {
  const remind = jobTest(guest, 'Remind').due(1000)
  const key = { Host: 'localhost', Port: 25, From: 'a@example.com', To: ['b@example.com'] }

  it('shows what differs, by what is written where', async () => {
    const { message, actual, expected } = await failed(
      remind.expectInsert('sys.SendMail', { ...key, Port: 26 }, {}).expectUpdate('sys.View(app.Counts)', {}, { N: 1 }),
    )
    assert.match(message, /^Remind creates other intents\n/)
    assert.match(message, /^\+ +"insert sys\.SendMail .*Port:25/m)
    assert.match(message, /^- +"insert sys\.SendMail .*Port:26/m)
    assert.match(message, /^- +'update sys\.View\(app\.Counts\)': \{/m)
    assert.ok(typeof actual === 'object' && typeof expected === 'object')
    assert.equal(message.match(/Port:25/g)?.length, 1)
  })

  it('shows only the fields that differ, each intent counted', async () => {
    const greeting = commandTest(guest, 'Greet')
      .argument({ User: 7 })
      .unlogged({ Password: 'x' })
      .record('app.User', 7)
      .singleton('app.Config', { Greeting: 'hello' })
      .secret('token', 't')
    const expected = { Greeting: 'hi', By: 'test', Token: 't', Share: 0.1, Bytes: Uint8Array.of(97, 98) }
    const name = { pkg: 'app', entity: 'User' }
    const { message } = await failed(
      greeting.expectUpdate('sys.Record(app.User)', { ID: 7 }, { ...expected, Name: name }),
    )
    assert.deepEqual(
      message.split('\n').filter((line) => /^[+-] /.test(line) && !line.includes('actual')),
      ["+     Greeting: 'hello',", "-     Greeting: 'hi',"],
    )
    assert.match((await failed(remind.expectNoIntents())).message, /^\+ .*insert sys\.SendMail/m)
    const twice = await failed(remind.expectInsert('sys.SendMail', key, {}).expectInsert('sys.SendMail', key, {}))
    assert.equal(twice.message.match(/insert sys\.SendMail/g)?.length, 1)
  })

  it('says what else came of the call', async () => {
    const find = queryTest(guest, 'Find').argument({ Email: '' }).blob('app.User', 7, 'Photo', new Uint8Array(1))
    assert.match((await failed(find.expectRows({ ID: 1 }))).message, /^Find gives another result\n/)
    assert.match((await failed(find.expectResponse(404))).message, /404/)
    assert.match((await failed(find.expectLog('info', 'x'))).message, /^Find does not log that\n/)
    assert.match((await failed(find.expectFailure('DEADLINE'))).message, /^Find does not fail/)
  })

  it('throws how the call failed, or what is different about it', async () => {
    const find = queryTest(guest, 'Find').argument({})
    await assert.rejects(find.run(), (error) => MortiseError.is(error, 'EXTENSION_FIELD'))
    const { message, cause } = await failed(find.expectFailure('EXTENSION_FIELD', 'undefined string field: Mail'))
    assert.match(message, /^-   message: 'undefined string field: Mail'/m)
    assert.ok(MortiseError.is(cause, 'EXTENSION_FIELD'))
    assert.match((await failed(find.expectFailure('DEADLINE', /./))).message, /^- {3}code: 'DEADLINE'/m)
  })
})

describe('the application of a test', () => {
  it('holds an extension to what it declares', async () => {
    const extensions = { Remind: { state: ['sys.JobContext'], intents: [] } }
    await jobTest(guest, 'Remind', { extensions }).due(1000).expectFailure('EXTENSION_STORAGE').run()
  })

  it('has the limits that it says', async () => {
    const test = jobTest(guest, 'Remind', { limits: { fuel: 1 } })
    await assert.rejects(test.run(), (error) => MortiseError.is(error, 'FUEL'))
  })

  it('refuses what its schema does not have', () => {
    const command = commandTest(guest, 'Greet', { schema: types })
    for (const wrong of [
      () => command.record('app.Usr', 1),
      () => command.record('app.User', 1, { Emial: 'x' }),
      () => command.record('app.User', 0),
      () => command.view('app.Cunts', {}, {}),
      () => command.view('app.Counts', { Year: 1 }, {}),
      () => command.view('app.Counts', { Year: 1, Day: 1, Hour: 1 }, {}),
      () => command.view('app.Counts', { Year: 1, Day: 1 }, { Sum: 1 }),
    ])
      failure('OPTION_INVALID', wrong)
    // @ts-expect-error there is no such option
    failure('OPTION_UNKNOWN', () => commandTest(guest, 'Greet', { package: {} }))
  })

  it('orders the rows of a view as a store does', async () => {
    await projectorTest(guest, 'Follow', { schema: types })
      .event('app.Greet')
      .view('app.Counts', { Year: 2026, Day: 10 }, { Count: 3 })
      .view('app.Counts', { Year: 2026, Day: 9 }, { Count: 2 })
      .http('https://example.com/hook', {})
      .federation('app.Take', { status: 201, newIDs: { 1: 1 }, result: { Said: '' } })
      .expectInsert('sys.View(app.Counts)', { Year: 2026, Day: 1 }, { Count: 0, Rows: 1113 })
      .run()
  })

  it('refuses what a store would refuse of intents', async () => {
    const hole = jobTest(guest, 'Hole', { schema: types })
    await hole.expectFailure('INTENTS_NOT_APPLIED', 'the key of app.Counts needs the field Day').run()
  })

  it('gives a projector an event', async () => {
    await assert.rejects(projectorTest(guest, 'Follow').run(), (error) => MortiseError.is(error, 'OPTION_INVALID'))
  })
})
