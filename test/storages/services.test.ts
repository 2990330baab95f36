import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Mortise } from 'mortise'
import { asyncExtensions, type AsyncState, type State } from 'mortise/extension'
import {
  asyncProjectorKind,
  federationBlob,
  federationCommand,
  http,
  jobKind,
  type LogLine,
  schema,
} from 'mortise/storages'
import { mail } from 'mortise/storages/mail'
import { openSqlite } from 'mortise/storages/sqlite'
import { wasm } from 'mortise/wasm'
import { key } from '../contracts/extension/mock.ts'
import { startExim } from '../support/exim.ts'
import { extensionGuest } from '../support/extension-guest.ts'
import { rejection } from '../support/wat.ts'
import { startServer } from './asking.ts'
import { copied, copy, out, putText, readValue } from './copying.ts'
import { photo, startInstance, token } from './instance.ts'

/** What a row is copied into: an intent of `test.Out` for each. */
const onRow = (...copies: readonly string[]): string => `
  (func (export "WasmOnReadValue") (param $key i64) (param $a i64) (local $b i64)
    (local.set $b (call $hostNewValue ${key('test.Out')})) ${copies.join(' ')})`

const read = (storageKey: string): string => `${storageKey} (call $hostReadValues (local.get $a))`
const storages = { 'test.Out': out }
const job = { workspace: 12n, unixTime: 0n }

/** Runs one extension on a state. */
async function run(body: string, state: State | AsyncState, more = ''): Promise<void> {
  await using host = new Mortise({ runtimes: [wasm({ deadline: '20 s' })] })
  const guest = extensionGuest({ run: body }, { more })
  const plugin = await host.plug('guest', guest, asyncExtensions({ run: {} }, { wait: '20 s' }))
  await plugin.hooks.run(state)
}

/** Instructions that make a key with texts, in `$a`. */
const keyWith = (storage: string, texts: Readonly<Record<string, string>>): string =>
  `(local.set $a ${key(storage)}) ${Object.entries(texts)
    .map(([name, text]) => putText('(local.get $a)', name, text))
    .join(' ')}`

const put = (kind: string, name: string, value: string): string =>
  `(call $hostRowWriterPut${kind} (local.get $a) (i32.const 0) '${name}' ${value})`

describe('guests', () => {
  test('ask a server, with several headers', async () => {
    await using server = await startServer(({ headers }, response) => {
      response.writeHead(202).end([headers['x-a'], headers['x-b']].join(' '))
    })
    const kind = jobKind({ store: {}, storages, http: http({ allow: [server.host] }) })
    const state = kind.open(job)
    const asked = `${keyWith('sys.Http', { Url: server.url, Method: 'POST' })}
      ${putText('(local.get $a)', 'Header', 'X-A: 1')} ${putText('(local.get $a)', 'Header', 'X-B: 2')}`
    await run(
      read(asked),
      state,
      onRow(
        copy('Int32', 'StatusCode'),
        copy('String', 'Body'),
        copy('String', 'Url', '(local.get $key)').replaceAll('hostValueAs', 'hostKeyAs'),
      ),
    )
    assert.deepEqual(copied(state), { StatusCode: 202, Body: '1 2', Url: server.url })
    await server.stop()
    const { details } = await rejection('HOST_FUNCTION_FAILED', run(read(asked), kind.open(job), onRow()))
    assert.equal(details.storage, 'sys.Http')
    const handled = kind.open(job)
    await run(read(`${asked} ${put('Bool', 'HandleErrors', '(i32.const 1)')}`), handled, onRow(copy('String', 'Error')))
    assert.match(JSON.stringify(copied(handled)['Error']), /failed/)
  })

  test('learn which server they may not ask', async () => {
    const kind = jobKind({ store: {}, storages, http: http({ allow: ['example.com'] }) })
    const asked = keyWith('sys.Http', { Url: 'http://localhost/' })
    const { details, message } = await rejection('EXTENSION_STORAGE', run(read(asked), kind.open(job), onRow()))
    assert.match(message, /may not ask http:\/\/localhost: it is not allowed/)
    assert.match(details.key ?? '', /Url:http:\/\/localhost\//)
  })

  test('have another instance carry out a command, and read a blob there', async () => {
    await using other = await startInstance()
    const options = { url: other.server.url, owner: 'owner', app: 'shop', token }
    const kind = jobKind({
      store: {},
      storages,
      federationCommand: federationCommand(options),
      federationBlob: federationBlob(options),
    })
    const name = (field: string, pkg: string, entity: string): string =>
      `(call $hostRowWriterPutQName (local.get $a) (i32.const 0) '${field}' '${pkg}' '${entity}')`
    const state = kind.open(job)
    const result = readValue('Result')
    await run(
      `${keyWith('sys.FederationCommand', { Body: 'ada' })} ${name('Command', 'app', 'NewOrder')}
        (local.set $a (call $hostGetValue (local.get $a)))
        (local.set $b (call $hostNewValue ${key('test.Out')}))
        ${copy('Int32', 'StatusCode')} ${copy('Int64', '1', readValue('NewIDs'), 'ID')}
        ${copy('Int64', 'Big', result)} ${copy('Bool', 'Done', result)} ${copy('String', 'Waiter', result)}`,
      state,
    )
    const { ID, ...rest } = copied(state)
    assert.deepEqual(rest, { StatusCode: 200, Big: 1_152_921_504_606_846_977n, Done: true, Waiter: 'ada' })
    assert.deepEqual(other.records(), ['ada'])
    const read1 = kind.open(job)
    const blob = `${keyWith('sys.FederationBlob', { OwnerRecordField: 'Photo' })}
      ${name('OwnerRecord', 'app', 'Order')} ${put('Int64', 'OwnerID', `(i64.const ${Number(ID)})`)}`
    await run(read(blob), read1, onRow(copy('Bytes', 'Body')))
    const parts = read1.intents.map(({ fields }) => fields.get('Body'))
    assert.deepEqual(new Uint8Array(Buffer.concat(parts.filter((part) => part instanceof Uint8Array))), photo)
  })
})

describe('a projector that sends mails', () => {
  const letter = (port: number): string => `
    ${keyWith('sys.SendMail', {
      Host: '127.0.0.1',
      Username: 'ada',
      Password: 'quite secret',
      From: 'ada@example.com',
      Subject: 'hello',
      Body: 'hello',
    })}
    ${put('Int32', 'Port', `(i32.const ${port})`)}
    ${putText('(local.get $a)', 'To', 'ben@example.com')} ${putText('(local.get $a)', 'To', 'cy@example.com')}`
  const row = `(local.set $a ${key('sys.View', 'app.Sent')}) ${put('Int32', 'Day', '(i32.const 1)')}
    (local.set $b (call $hostNewValue (local.get $a)))
    (call $hostRowWriterPutInt32 (local.get $b) (i32.const 1) 'Count' (i32.const 7))`
  const line = `(local.set $a ${key('sys.Logger')}) ${put('Int32', 'LogLevel', '(i32.const 3)')}
    (local.set $b (call $hostNewValue (local.get $a)))
    (call $hostRowWriterPutString (local.get $b) (i32.const 1) 'Message' 'sent')`
  const name = { pkg: 'app', entity: 'NewOrder' }
  const event = { name, workspace: 12n, wlogOffset: 1n, registeredAt: 0n, cuds: [] }
  const context = { workspace: 12n, event }

  test('writes to its store when the server has them, and nothing where it has not', async () => {
    await using server = await startExim()
    using store = openSqlite({
      file: ':memory:',
      schema: schema({ views: { 'app.Sent': { partition: { Day: 'int32' }, value: { Count: 'int32' } } } }),
    })
    const lines: LogLine[] = []
    const mails = mail({ allow: [`127.0.0.1:${server.port}`], tls: 'offered' })
    const log = (one: LogLine): void => void lines.push(one)
    const kind = asyncProjectorKind({ store, storages, mail: mails, log })
    const all = `${line} ${row} ${letter(server.port)} (drop (call $hostNewValue (local.get $a)))`
    const rows = (): number =>
      [
        ...(store.view.read?.({ storage: 'sys.View', entity: 'app.Sent', fields: new Map([['Day', 1]]) }, context) ??
          []),
      ].length

    const stopped = kind.open(context)
    await run(all, stopped)
    await server.stop()
    await rejection('INTENTS_NOT_APPLIED', stopped.apply())
    assert.deepEqual([rows(), lines, stopped.intents], [0, [], []])

    await using again = await startExim()
    const allowed = mail({ allow: [`127.0.0.1:${again.port}`], tls: 'offered' })
    const working = asyncProjectorKind({ store, storages, mail: allowed, log })
    const state = working.open(context)
    await run(`${line} ${row} ${letter(again.port)} (drop (call $hostNewValue (local.get $a)))`, state)
    assert.equal(rows(), 0)
    await state.apply()
    assert.deepEqual([rows(), lines], [1, [{ level: 'info', message: 'sent' }]])
    assert.equal((await again.mails(2)).length, 2)
  })

  test('has a bundle that keeps workspaces apart, and applies it in one transaction', async () => {
    using store = openSqlite({
      file: ':memory:',
      schema: schema({ views: { 'app.Sent': { partition: { Day: 'int32' }, value: { Count: 'int32' } } } }),
    })
    const kind = asyncProjectorKind({ store, mail: mail({ allow: [] }) })
    const bundle = kind.bundle()
    for (const workspace of [1n, 2n, 1n]) {
      const state = kind.open({ workspace, event }, bundle)
      await run(row, state)
      await state.apply()
    }
    assert.equal(bundle.size, 2)
    await bundle.flush()
    const key1 = { storage: 'sys.View', entity: 'app.Sent', fields: new Map([['Day', 1]]) }
    for (const workspace of [1n, 2n]) assert.ok(store.view.get?.(key1, { workspace }) !== undefined)
    assert.equal(store.view.get?.(key1, context), undefined)
  })

  test('learns at once how it went where it gets', async () => {
    await using server = await startExim()
    const mails = mail({ allow: [`127.0.0.1:${server.port}`], tls: 'offered' })
    const kind = asyncProjectorKind({ store: {}, storages, mail: mails })
    const now = `${letter(server.port)} (local.set $a (call $hostGetValue (local.get $a)))
      (local.set $b (call $hostNewValue ${key('test.Out')})) ${copy('Bool', 'Success')} ${copy('String', 'ErrorMessage')}`
    const sent = kind.open(context)
    await run(now, sent)
    assert.deepEqual(copied(sent), { Success: true, ErrorMessage: '' })
    assert.equal((await server.mails(2)).length, 2)
    await server.stop()
    const failed = kind.open(context)
    await run(now, failed)
    assert.equal(copied(failed)['Success'], false)
  })
})
