import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { inspect } from 'node:util'
import { type FieldKind, type FieldValue, type Row, RowReader } from 'mortise/extension'
import { federationBlob, federationCommand, type FederationOptions } from 'mortise/storages'
import { failure } from '../support/wat.ts'
import { call, keyOf, startServer } from './asking.ts'
import { photo, startInstance, token } from './instance.ts'

type Fields = Readonly<Record<string, FieldValue>>

const options = (url: string): FederationOptions => ({ url, owner: 'owner', app: 'shop', token })
const command = { pkg: 'app', entity: 'NewOrder' }
const order: Fields = { Command: command, Body: 'ada' }
const here = { workspace: 12n }

/** Has a command carried out. */
async function ask(
  given: FederationOptions,
  fields: Fields,
  signal = call.signal,
): Promise<Readonly<Record<string, Row>>> {
  const row = await federationCommand(given).get?.(keyOf('sys.FederationCommand', fields), here, { signal })
  // oxlint-disable-next-line no-unsafe-type-assertion -- its fields are checked one by one
  return row as Readonly<Record<string, Row>>
}

/** Reads a blob. */
async function read(given: FederationOptions, fields: Fields): Promise<readonly Row[]> {
  const rows: Row[] = []
  const key = keyOf('sys.FederationBlob', fields)
  for await (const [row, value] of federationBlob(given).read?.(key, here, call) ?? []) {
    assert.deepEqual(row, fields)
    rows.push(value)
  }
  return rows
}

function fieldOf(row: Row | undefined, kind: FieldKind | 'value', name: string): FieldValue | undefined {
  assert.ok(row instanceof RowReader)
  return row.read(kind, name)
}

const bytesOf = (rows: readonly Row[]): readonly Uint8Array[] =>
  rows.map((row) => ('Body' in row && row['Body'] instanceof Uint8Array ? row['Body'] : assert.fail('no Body')))

describe('a command of another instance', () => {
  test('is carried out there, and what came of it is here', async () => {
    await using other = await startInstance()
    const { StatusCode, NewIDs, Result } = await ask(options(other.server.url), order)
    assert.equal(StatusCode, 200)
    const id = fieldOf(NewIDs, 'int64', '1')
    assert.ok(typeof id === 'number' && id > 65_535)
    assert.equal(fieldOf(NewIDs, 'int64', '2'), undefined)
    assert.equal(fieldOf(Result, 'int64', 'Big'), 1_152_921_504_606_846_977n)
    assert.equal(fieldOf(Result, 'int32', 'Small'), 7)
    assert.equal(fieldOf(Result, 'bool', 'Done'), true)
    assert.equal(fieldOf(Result, 'string', 'Waiter'), 'ada')
    assert.deepEqual(other.records(), ['ada'])
    await ask(options(`${other.server.url}/`), { ...order, WSID: 77n, Owner: 'owner', AppName: 'shop', Token: token })
    const [first, second] = other.server.requests
    assert.equal(first?.path, '/api/owner/shop/12/c.app.NewOrder')
    assert.equal(second?.path, '/api/owner/shop/77/c.app.NewOrder')
  })

  test('that is refused ends the call, unless the status is expected', async () => {
    await using other = await startInstance()
    const given = { ...options(other.server.url), token: async () => 'another token' }
    await assert.rejects(ask(given, order), /answered with 401, and 200 is expected/)
    assert.equal((await ask(given, { ...order, ExpectedCodes: '200, 401' }))['StatusCode'], 401)
    await assert.rejects(
      ask(options(other.server.url), { ...order, AppName: 'else', ExpectedCodes: '201,202' }),
      /404, and 201, 202/,
    )
    assert.deepEqual(other.records(), [])
  })

  test('is not carried out where the instance is stopped', async () => {
    await using other = await startInstance()
    await other.server.stop()
    await assert.rejects(ask(options(other.server.url), order), /POST .* failed: fetch failed: connect ECONNREFUSED/)
    assert.deepEqual(other.records(), [])
  })

  test('is given up after a time, and where the call has ended, and an answer may not be too long', async () => {
    const ended = new AbortController()
    await using slow = await startServer(({ body }) => {
      if (body.toString() === 'end') ended.abort(new Error('the plugin was unplugged'))
    })
    await assert.rejects(ask({ ...options(slow.url), timeout: '50 ms' }, order), /took longer than 50 ms/)
    await assert.rejects(ask(options(slow.url), { ...order, Body: 'end' }, ended.signal), /the plugin was unplugged/)
    await using long = await startServer((_request, response) => void response.end('x'.repeat(2000)))
    await assert.rejects(ask({ ...options(long.url), answer: 1000 }, order), /more than 1000 bytes/)
  })

  test('does not lead elsewhere', async () => {
    await using other = await startInstance()
    await using away = await startServer((_request, response) => {
      response.writeHead(307, { location: other.server.url }).end()
    })
    await assert.rejects(ask(options(away.url), order), /which is not allowed/)
    await assert.rejects(ask(options(other.server.url), { ...order, Owner: '../..' }), /404/)
    assert.equal(other.server.requests[0]?.path, '/api/..%2F../shop/12/c.app.NewOrder')
    await assert.rejects(ask(options(other.server.url), { ...order, Owner: '..' }), { code: 'EXTENSION_FIELD' })
  })

  test('does not show tokens, not even those that are none', async () => {
    const quiet = (thrown: unknown): boolean => thrown instanceof Error && !inspect(thrown).includes('hidden')
    const given = options('http://localhost/')
    for (const bad of ['hidden\r\nx', 'hidden\u0000', 'hidden€']) {
      await assert.rejects(ask({ ...given, token: bad }, order), quiet)
      await assert.rejects(ask({ ...given, token: async () => bad }, order), quiet)
      await assert.rejects(ask(given, { ...order, Token: bad }), {
        code: 'EXTENSION_FIELD',
        details: { field: 'Token' },
      })
      await assert.rejects(ask(given, { ...order, Token: bad }), quiet)
    }
    for (const url of ['http://user:hidden@localhost/', 'mysql://user:hidden@localhost/'])
      assert.ok(quiet(failure('OPTION_INVALID', () => federationCommand({ ...given, url }))))
  })

  test('needs a name, and statuses that are some', async () => {
    await assert.rejects(ask(options('http://localhost/'), {}), {
      code: 'EXTENSION_FIELD',
      message: 'command not specified',
      details: { field: 'Command' },
    })
    await assert.rejects(ask(options('http://localhost/'), { ...order, ExpectedCodes: '200,ok' }), {
      code: 'EXTENSION_FIELD',
      details: { field: 'ExpectedCodes' },
    })
    await assert.rejects(ask(options('http://localhost/'), { ...order, WSID: -1n }), /wsid value is out of range: -1/)
  })

  test('answers in JSON of every kind', async () => {
    const result =
      '{"i":5,"l":9007199254740993,"f":0.5,"t":true,"s":"text","b":"AAEC","q":"app.Order","n":null,"a":[1,9007199254740993,true,"x",{"i":6},[7]],"o":{"i":8}}'
    await using server = await startServer(
      (_request, response) => void response.end(`{"Result":${result},"NewIDs":{"1":9007199254740993}}`),
    )
    const { NewIDs, Result } = await ask(options(server.url), order)
    assert.equal(fieldOf(NewIDs, 'int64', '1'), 9_007_199_254_740_993n)
    assert.equal(fieldOf(Result, 'int32', 'i'), 5)
    assert.equal(fieldOf(Result, 'int64', 'l'), 9_007_199_254_740_993n)
    assert.equal(fieldOf(Result, 'float64', 'l'), 9_007_199_254_740_992)
    assert.equal(fieldOf(Result, 'float32', 'f'), 0.5)
    assert.equal(fieldOf(Result, 'bool', 't'), true)
    assert.equal(fieldOf(Result, 'string', 's'), 'text')
    assert.deepEqual(fieldOf(Result, 'bytes', 'b'), Uint8Array.of(0, 1, 2))
    assert.equal(fieldOf(Result, 'bytes', 'q'), undefined)
    assert.deepEqual(fieldOf(Result, 'QName', 'q'), { pkg: 'app', entity: 'Order' })
    assert.equal(fieldOf(Result, 'string', 'n'), null)
    assert.equal(fieldOf(Result, 'string', 'toString'), undefined)
    const list = fieldOf(Result, 'value', 'a')
    assert.ok(Array.isArray(list))
    assert.deepEqual(list.slice(0, 4), [1, 9_007_199_254_740_993n, true, 'x'])
    const rows: readonly Row[] = list.slice(4)
    const [item, inner] = rows
    assert.equal(fieldOf(item, 'int64', 'i'), 6)
    assert.deepEqual(inner, [7])
  })

  test('answers with nothing where there is no JSON', async () => {
    await using server = await startServer((_request, response) => void response.end('fine'))
    const { StatusCode, Result } = await ask(options(server.url), order)
    assert.equal(StatusCode, 200)
    assert.equal(fieldOf(Result, 'string', 'any'), undefined)
  })
})

describe('a blob of another instance', () => {
  const blob = (id: FieldValue): Fields => ({
    OwnerRecord: { pkg: 'app', entity: 'Order' },
    OwnerRecordField: 'Photo',
    OwnerID: id,
  })

  test('comes in parts of at most 1024 bytes, each of which stays what it is', async () => {
    await using other = await startInstance()
    const { NewIDs } = await ask(options(other.server.url), order)
    const id = fieldOf(NewIDs, 'int64', '1') ?? assert.fail('no identifier')
    const parts = bytesOf(await read(options(other.server.url), blob(id)))
    assert.ok(parts.length >= 5 && parts.every(({ length }) => length > 0 && length <= 1024))
    assert.deepEqual(new Uint8Array(Buffer.concat(parts)), photo)
    await other.server.stop()
    await assert.rejects(read(options(other.server.url), blob(id)), /GET .* failed: fetch failed/)
  })

  test('may be left before its end', async () => {
    const closed = Promise.withResolvers<void>()
    await using server = await startServer((_request, response) => {
      response.on('close', () => closed.resolve())
      response.write(Buffer.alloc(3000))
    })
    const rows = federationBlob(options(server.url)).read?.(keyOf('sys.FederationBlob', blob(1n)), here, call) ?? []
    for await (const row of rows) {
      assert.equal(row.length, 2)
      break
    }
    await closed.promise
  })

  test('is of a record that is named whole', async () => {
    const given = options('http://localhost/')
    const whole = blob(1n)
    const cases: readonly (readonly [Fields, string, string])[] = [
      [{}, 'OwnerID', 'owner ID not specified'],
      [{ OwnerID: 1n }, 'OwnerRecord', 'owner record not specified'],
      [{ ...whole, OwnerRecordField: '' }, 'OwnerRecordField', 'owner record field not specified'],
      [{ ...whole, OwnerID: -1n }, 'OwnerID', 'record ID value is out of range:-1'],
    ]
    for (const [fields, field, message] of cases)
      await assert.rejects(read(given, fields), { code: 'EXTENSION_FIELD', message, details: { field } })
  })
})

test('options are checked', () => {
  const given = options('http://localhost/')
  failure('OPTION_INVALID', () => federationCommand({ ...given, url: 'ftp://localhost/' }))
  failure('OPTION_INVALID', () => federationCommand({ ...given, owner: '' }))
  // @ts-expect-error -- callers without a type checker
  failure('OPTION_INVALID', () => federationBlob({ ...given, token: 7 }))
  // @ts-expect-error -- the same
  failure('OPTION_UNKNOWN', () => federationBlob({ ...given, workspace: 7n }))
})
