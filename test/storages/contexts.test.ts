import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FieldValue } from 'mortise/extension'
import { commandKind, jobKind, queryKind, type Subject, syncProjectorKind } from 'mortise/storages'
import { key, plugExtensions } from '../contracts/extension/mock.ts'
import { failure } from '../support/wat.ts'
import { at, begin, copied, copy, out, readValue } from './copying.ts'

const storages = { 'test.Out': out }
const ada: Subject = { kind: 'device', name: 'ada', profile: 77n, token: 'token of ada' }
const argument = {
  Table: 5,
  Big: 2n ** 60n,
  Type: { pkg: 'app', entity: 'Bill' },
  Items: [{ Article: 'tea' }, { Article: 'cake', Extras: [{ Article: 'cream' }] }],
  Guest: { Name: 'grace' },
  None: [],
}

/** Copies what is in an argument object; `$a` holds what has it. */
const copyArgument = (object: string): string => {
  const items = readValue('Items', object)
  const extras = readValue('Extras', at(1, items))
  return `
    ${copy('Int32', 'Table', object)} ${copy('Int64', 'Big', object)} ${copy('QName', 'Type', object)}
    ${copy('String', 'Article', at(0, items), 'first')} ${copy('String', 'Article', at(1, items), 'second')}
    ${copy('String', 'Article', at(0, extras), 'extra')} ${copy('String', 'Name', at(0, readValue('Guest', object)))}
    (call $hostRowWriterPutInt32 (local.get $b) (i32.const 1) 'count' (call $hostValueLength ${items}))`
}
const copiedArgument: Readonly<Record<string, FieldValue>> = {
  Table: 5,
  Big: 2n ** 60n,
  Type: { pkg: 'app', entity: 'Bill' },
  first: 'tea',
  second: 'cake',
  extra: 'cream',
  Name: 'grace',
  count: 2,
}

const subject = `${begin('sys.RequestSubject')}
  ${copy('Int64', 'ProfileWSID')} ${copy('Int32', 'Kind')} ${copy('String', 'Name')} ${copy('String', 'Token')}`
const copiedSubject = { ProfileWSID: 77n, Kind: 2, Name: 'ada', Token: 'token of ada' }

describe('a command', () => {
  const commands = commandKind({ store: {}, storages })
  const context = { workspace: 12n, wlogOffset: 345n, subject: ada }

  test('reads what it was called with', async () => {
    await using guest = await plugExtensions({
      context: `${begin('sys.CommandContext')}
        ${copy('Int64', 'Workspace')} ${copy('Int64', 'WLogOffset')} ${copy('String', 'Origin')}
        ${copyArgument(readValue('ArgumentObject'))}
        ${copy('String', 'Password', readValue('ArgumentUnloggedObject'))}`,
      subject,
    })
    const state = commands.open({ ...context, argument, unlogged: { Password: 'quite secret' }, origin: 'desk' })
    guest.call('context', state)
    assert.deepEqual(copied(state), {
      Workspace: 12n,
      WLogOffset: 345n,
      Origin: 'desk',
      ...copiedArgument,
      Password: 'quite secret',
    })
    assert.deepEqual(copied(guest.call('subject', commands.open(context))), copiedSubject)
  })

  test('has each list of its argument once, however often it asks for that', async () => {
    const often = `${begin('sys.CommandContext')} (local.set $a ${readValue('ArgumentObject')})
      (loop $more (drop ${readValue('Items')})
        (local.set $n (i32.add (local.get $n) (i32.const 1))) (br_if $more (i32.lt_s (local.get $n) (i32.const 50000))))`
    await using guest = await plugExtensions({ often })
    const Items = Array.from({ length: 5000 }, (_, Price) => ({ Price }))
    // 250 million rows have no room anywhere.
    guest.call('often', commands.open({ ...context, argument: { Items } }))
  })

  test('without an argument has none, and a container that is empty or unknown is not there', async () => {
    const read = (name: string): string =>
      `${begin('sys.CommandContext')} (drop ${readValue(name, readValue('ArgumentObject'))})`
    await using guest = await plugExtensions({
      none: `${begin('sys.CommandContext')} (drop ${readValue('ArgumentObject')})`,
      empty: read('None'),
      unknown: read('Nothing'),
      scalar: read('Table'),
      inherited: read('__proto__'),
      text: `${begin('sys.CommandContext')} ${copy('String', 'Items', readValue('ArgumentObject'))}`,
    })
    assert.match(
      failure('EXTENSION_FIELD', () => guest.call('none', commands.open(context))).message,
      /undefined value field: ArgumentObject/,
    )
    for (const [hook, field] of [
      ['empty', 'None'],
      ['unknown', 'Nothing'],
      ['scalar', 'Table'],
      ['inherited', '__proto__'],
    ] as const) {
      const { message, details } = failure('EXTENSION_FIELD', () =>
        guest.call(hook, commands.open({ ...context, argument })),
      )
      assert.match(message, new RegExp(`undefined value field: ${field}`))
      assert.equal(details.storage, 'sys.CommandContext')
    }
    failure('EXTENSION_FIELD', () => guest.call('text', commands.open({ ...context, argument })))
  })

  test('has no storage of other kinds, and none that was not given', async () => {
    const asks = [
      'sys.QueryContext',
      'sys.JobContext',
      'sys.Event',
      'sys.Record',
      'sys.AppSecret',
      'sys.Logger',
      'sys.Http',
    ]
    await using guest = await plugExtensions(Object.fromEntries(asks.map((one) => [one, `(drop ${key(one)})`])))
    for (const one of asks) {
      const { message } = failure('EXTENSION_STORAGE', () => guest.call(one, commands.open(context)))
      assert.match(message, new RegExp(`${one}: unknown storage`))
    }
  })
})

test('a query reads what it was called with, and who asks', async () => {
  const queries = queryKind({ store: {}, storages })
  const context = { workspace: 12n, subject: ada, argument, onRow: () => {} }
  await using guest = await plugExtensions({
    context: `${begin('sys.QueryContext')} ${copy('Int64', 'Workspace')} ${copyArgument(readValue('ArgumentObject'))}`,
    subject,
  })
  assert.deepEqual(copied(guest.call('context', queries.open(context))), { Workspace: 12n, ...copiedArgument })
  assert.deepEqual(copied(guest.call('subject', queries.open(context))), copiedSubject)
})

test('a job reads where and when it runs', async () => {
  const jobs = jobKind({ store: {}, storages })
  await using guest = await plugExtensions({
    context: `${begin('sys.JobContext')} ${copy('Int64', 'Workspace')} ${copy('Int64', 'UnixTime')}`,
  })
  assert.deepEqual(copied(guest.call('context', jobs.open({ workspace: 12n, unixTime: 1_800_000_000n }))), {
    Workspace: 12n,
    UnixTime: 1_800_000_000n,
  })
})

describe('a projector', () => {
  const projectors = syncProjectorKind({ store: {}, storages })
  const name = { pkg: 'app', entity: 'NewOrder' }
  const event = { name, workspace: 12n, wlogOffset: 345n, registeredAt: 1_800_000_000_000n, cuds: [] }
  const scalars = ['WLogOffset', 'Workspace', 'RegisteredAt', 'DeviceID', 'SyncedAt', 'Offset']
    .map((field) => copy('Int64', field))
    .join(' ')
  const error = readValue('Error')
  const both = `${begin('sys.Event')} ${scalars} ${copy('QName', 'QName')} ${copy('Bool', 'Synced')}
    ${copy('String', 'ErrStr', error)} ${copy('Bool', 'ValidEvent', error)} ${copy('QName', 'QNameFromParams', error)}
    (call $hostRowWriterPutInt32 (local.get $b) (i32.const 1) 'CUDs' (call $hostValueLength ${readValue('CUDs')}))`
  const cud = (index: number): string => {
    const row = at(index, readValue('CUDs'))
    return `${copy('Bool', 'IsNew', row, `new ${index}`)} ${copy('Int64', 'sys.ID', row, `id ${index}`)}
      ${copy('QName', 'sys.QName', row, `name ${index}`)} ${copy('Int32', 'Amount', row, `amount ${index}`)}`
  }

  test('reads its event, whole', async () => {
    await using guest = await plugExtensions({
      all: `${both} ${copyArgument(readValue('ArgumentObject'))} ${cud(0)} ${cud(1)}`,
    })
    const order = { pkg: 'app', entity: 'Order' }
    const state = projectors.open({
      workspace: 12n,
      event: {
        ...event,
        synced: { device: 9n, at: 1_800_000_000_001n },
        argument,
        cuds: [
          { isNew: true, fields: { 'sys.ID': 200_001n, 'sys.QName': order, Amount: 3 } },
          { isNew: false, fields: { 'sys.ID': 200_000n, 'sys.QName': order, Amount: 4 } },
        ],
        error: { text: 'it is closed', valid: false, name: { pkg: 'app', entity: 'Other' } },
      },
    })
    assert.deepEqual(copied(guest.call('all', state)), {
      WLogOffset: 345n,
      Workspace: 12n,
      RegisteredAt: 1_800_000_000_000n,
      DeviceID: 9n,
      SyncedAt: 1_800_000_000_001n,
      Offset: 345n,
      QName: name,
      Synced: true,
      ErrStr: 'it is closed',
      ValidEvent: false,
      QNameFromParams: { pkg: 'app', entity: 'Other' },
      CUDs: 2,
      ...copiedArgument,
      'new 0': true,
      'id 0': 200_001n,
      'name 0': order,
      'amount 0': 3,
      'new 1': false,
      'id 1': 200_000n,
      'name 1': order,
      'amount 1': 4,
    })
  })

  test('reads an event that has only what every event has', async () => {
    await using guest = await plugExtensions({ all: both })
    assert.deepEqual(copied(guest.call('all', projectors.open({ workspace: 12n, event }))), {
      WLogOffset: 345n,
      Workspace: 12n,
      RegisteredAt: 1_800_000_000_000n,
      DeviceID: 0n,
      SyncedAt: 0n,
      Offset: 345n,
      QName: name,
      Synced: false,
      ErrStr: '',
      ValidEvent: true,
      QNameFromParams: name,
      CUDs: 0,
    })
  })
})
