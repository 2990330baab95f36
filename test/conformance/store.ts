import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ErrorCode } from 'mortise'
import type { FieldValue, Intent, Key, QName, Row } from 'mortise/extension'
import { schema, type Schema, type SchemaDefinition } from 'mortise/storages'
import type { EventDraft, LogEvent, Logged } from 'mortise/storages/sqlite'

type StorageName = 'record' | 'view' | 'wlog' | 'uniq'

/** Options that every store has. */
export interface OpenOptions {
  readonly workspaceKind?: (workspace: bigint) => string | undefined
}

/** A store as the suite uses it: one that answers at once is as one that answers later. */
export interface TestedStore extends AsyncDisposable {
  get(storage: StorageName, key: Key, workspace?: bigint): Promise<Row | undefined>
  getBatch(storage: 'record' | 'view', keys: readonly Key[]): Promise<readonly (Row | undefined)[]>
  /** All rows, or the first `most`. */
  read(storage: 'view' | 'wlog', key: Key, most?: number): Promise<readonly (readonly [Row, Row])[]>
  /** Validates and applies intents in one transaction. */
  write(intents: readonly Intent[], workspace?: bigint): Promise<void>
  /** The same, as works of one group; each settles for itself. */
  group(works: readonly (readonly Intent[])[]): Promise<readonly PromiseSettledResult<void>[]>
  append(draft: EventDraft, intents: readonly Intent[]): Promise<Logged>
  events(position?: bigint): Promise<readonly LogEvent[]>
  /** Runs a projector once; what `project` gives is applied. */
  project(name: string, project: (events: readonly LogEvent[]) => readonly Intent[], most?: number): Promise<number>
  position(name: string): Promise<bigint>
  restart(name: string, views: readonly string[]): Promise<void>
  /** Writes the first intents, then the second in an inner transaction that throws and is caught, then the third. */
  nested(first: readonly Intent[], second: readonly Intent[], third: readonly Intent[]): Promise<void>
}

/** A kind of store. */
export interface StoreTarget {
  readonly name: string
  /** A place for a database of its own. */
  place(): Promise<AsyncDisposable & { open(types: Schema, options?: OpenOptions): Promise<TestedStore> }>
}

const definition = {
  records: {
    'app.Order': {
      fields: { Waiter: 'string', Day: 'int32', Total: 'int64', Previous: 'RecordID' },
      containers: { Items: 'app.OrderItem' },
    },
    'app.OrderItem': { fields: { Quantity: 'int32', Price: 'int64' } },
    'app.Settings': { fields: { Name: 'string' }, singleton: true },
    'app.User': {
      fields: { Email: 'string', Country: 'string', Number: 'int32' },
      uniques: [['Email'], ['Country', 'Number']],
    },
    'app.Everything': {
      fields: {
        I32: 'int32',
        I64: 'int64',
        F32: 'float32',
        F64: 'float64',
        Bool: 'bool',
        Text: 'string',
        Bytes: 'bytes',
        Name: 'QName',
        Ref: 'RecordID',
      },
    },
  },
  views: {
    'app.Amounts': {
      partition: { Year: 'int32' },
      clustering: { Month: 'int32', Day: 'int32' },
      value: { Amount: 'int64', Note: 'string' },
    },
    'app.Names': {
      partition: { P: 'bool' },
      clustering: { Name: 'string', Type: 'QName', Bin: 'bytes', Big: 'int64' },
    },
  },
} as const satisfies SchemaDefinition

const types = schema(definition)
type Fields = Readonly<Record<string, FieldValue>>

const key = (storage: string, entity: string, fields: Fields = {}): Key => ({
  storage,
  entity,
  fields: new Map(Object.entries(fields)),
})
const recordKey = (entity: string, fields: Fields = {}): Key => key('sys.Record', entity, fields)
const viewKey = (entity: string, fields: Fields = {}): Key => key('sys.View', entity, fields)
const insert = (at: Key, fields: Fields = {}): Intent => ({
  operation: 'insert',
  key: at,
  row: undefined,
  fields: new Map(Object.entries(fields)),
})
const update = (at: Key, row: Row | undefined, fields: Fields): Intent => ({
  operation: 'update',
  key: at,
  row,
  fields: new Map(Object.entries(fields)),
})
const amount = (year: number, month: number, day: number, fields: Fields): Intent =>
  insert(viewKey('app.Amounts', { Year: year, Month: month, Day: day }), fields)
const name = (entity: string): QName => ({ pkg: 'app', entity })
const field = (row: Row | undefined, wanted: string): FieldValue | undefined => {
  assert.ok(typeof row === 'object' && !Array.isArray(row) && !('read' in row), 'a row of fields')
  return Object.entries(row).find(([known]) => known === wanted)?.[1]
}
const draft = (extra: Partial<EventDraft> = {}): EventDraft => ({ workspace: 1n, name: name('NewOrder'), ...extra })
const code =
  (wanted: ErrorCode, text = /./) =>
  (thrown: unknown) => {
    assert.ok(thrown instanceof Error, String(thrown))
    assert.ok('code' in thrown && thrown.code === wanted, thrown.stack ?? thrown.message)
    assert.match(thrown.message, text)
    return true
  }

/** Every storage of a store, with its log and its projectors, on a real database. */
export function testStore(target: StoreTarget): void {
  const fresh = async (given: Schema = types, options?: OpenOptions) => {
    const stack = new AsyncDisposableStack()
    const place = stack.use(await target.place())
    return { stack, store: stack.use(await place.open(given, options)), place }
  }

  describe(`sys.Record on ${target.name}`, () => {
    it('keeps every type of field, and gives it back as it was', async () => {
      const { stack, store } = await fresh()
      await using _ = stack
      const values = {
        I32: -(2 ** 31),
        I64: -(2n ** 63n),
        F32: Math.fround(0.1),
        F64: Number.MIN_VALUE,
        Bool: true,
        Text: 'Grüße 🦀 \u{10ffff}',
        Bytes: Uint8Array.of(0, 255, 7),
        Name: { pkg: 'app', entity: 'Order' },
        Ref: 2n ** 63n - 1n,
      }
      const { newIDs } = await store.append(draft(), [insert(recordKey('app.Everything'), { 'sys.ID': 1n, ...values })])
      const id = newIDs.get(1n)
      assert.ok(id !== undefined && id > 65_535n)
      assert.deepEqual(await store.get('record', recordKey('app.Everything', { ID: id })), {
        'sys.QName': name('Everything'),
        'sys.ID': id,
        'sys.ParentID': null,
        'sys.Container': '',
        'sys.IsActive': true,
        ...values,
        Bytes: values.Bytes,
      })
    })

    it('gives null for fields that were never written, and nothing for records that are not there', async () => {
      const { stack, store } = await fresh()
      await using _ = stack
      const { newIDs } = await store.append(draft(), [insert(recordKey('app.Order'), { 'sys.ID': 5n })])
      const id = newIDs.get(5n) ?? 0n
      assert.equal(field(await store.get('record', recordKey('', { ID: id })), 'Waiter'), null)
      assert.equal(await store.get('record', recordKey('', { ID: id + 1n })), undefined)
      assert.equal(await store.get('record', recordKey('app.User', { ID: id })), undefined)
      assert.equal(await store.get('record', recordKey('', { ID: id }), 2n), undefined)
      assert.equal(field(await store.get('record', recordKey('', { ID: id, WSID: 1n }), 2n), 'sys.ID'), id)
    })

    it('gives rows of several keys in their order', async () => {
      const { stack, store } = await fresh()
      await using _ = stack
      const orders = [1n, 2n, 3n].map((id) => insert(recordKey('app.Order'), { 'sys.ID': id, Day: Number(id) }))
      const { newIDs } = await store.append(draft(), orders)
      const keys = [3n, 9n, 1n].map((raw) => recordKey('', { ID: newIDs.get(raw) ?? 99_999_999n }))
      const rows = await store.getBatch('record', keys)
      assert.deepEqual(
        rows.map((row) => row && field(row, 'Day')),
        [3, undefined, 1],
      )
    })

    it('updates the fields that were written, and deactivates', async () => {
      const { stack, store } = await fresh()
      await using _ = stack
      const { newIDs } = await store.append(draft(), [
        insert(recordKey('app.Order'), { 'sys.ID': 1n, Waiter: 'Ann', Day: 3 }),
      ])
      const at = recordKey('', { ID: newIDs.get(1n) ?? 0n })
      await store.write([update(at, await store.get('record', at), { Day: 4 })])
      await store.write([update(at, await store.get('record', at), { 'sys.IsActive': false })])
      const row = await store.get('record', at)
      assert.deepEqual([field(row, 'Waiter'), field(row, 'Day'), field(row, 'sys.IsActive')], ['Ann', 4, false])
    })

    it('puts identifiers of new records in the place of those that stood for them', async () => {
      const { stack, store } = await fresh()
      await using _ = stack
      const { newIDs, event } = await store.append(draft(), [
        insert(recordKey('app.Order'), { 'sys.ID': 1n, Previous: 2n }),
        insert(recordKey('app.Order'), { 'sys.ID': 2n }),
        insert(recordKey('app.OrderItem'), { 'sys.ParentID': 1n, 'sys.Container': 'Items', Quantity: 2 }),
      ])
      const [first, second] = [newIDs.get(1n), newIDs.get(2n)]
      assert.ok(first !== undefined && second !== undefined && first !== second)
      assert.equal(field(await store.get('record', recordKey('', { ID: first })), 'Previous'), second)
      assert.equal(event.cuds[2]?.fields['sys.ParentID'], first)
      await assert.rejects(
        store.write([insert(recordKey('app.Order'), { Previous: 7n })]),
        code('EXTENSION_FIELD', /Previous is 7/),
      )
      await assert.rejects(
        store.write([insert(recordKey('app.Order'), { 'sys.ID': 70_000n })]),
        code('EXTENSION_FIELD', /from 1 to 65535/),
      )
      await assert.rejects(
        store.write([insert(recordKey('app.Order'), { Previous: -1n })]),
        code('EXTENSION_FIELD', /out of range/),
      )
    })

    it('refuses a parent that is not there, or holds no such records', async () => {
      const { stack, store } = await fresh()
      await using _ = stack
      const item = { 'sys.ParentID': 99_999n, 'sys.Container': 'Items' }
      await assert.rejects(store.write([insert(recordKey('app.OrderItem'), item)]), code('EXTENSION_ABSENT'))
      await assert.rejects(
        store.write([
          insert(recordKey('app.Order'), { 'sys.ID': 1n }),
          insert(recordKey('app.User'), { 'sys.ParentID': 1n, 'sys.Container': 'Items' }),
        ]),
        code('EXTENSION_FIELD', /no container/),
      )
    })

    it('has one singleton in a workspace, which is found without an identifier', async () => {
      const { stack, store } = await fresh()
      await using _ = stack
      const at = recordKey('app.Settings', { IsSingleton: true })
      assert.equal(await store.get('record', at), undefined)
      await store.write([insert(recordKey('app.Settings'), { Name: 'one' })])
      await store.write([insert(recordKey('app.Settings'), { Name: 'other' })], 2n)
      assert.equal(field(await store.get('record', at), 'Name'), 'one')
      assert.equal(field(await store.get('record', recordKey('', { Singleton: name('Settings') })), 'Name'), 'one')
      await assert.rejects(store.write([insert(recordKey('app.Settings'), { Name: 'two' })]), code('STORE_CONFLICT'))
      await assert.rejects(store.get('record', recordKey('app.Order', { IsSingleton: true })), code('EXTENSION_NAME'))
      await assert.rejects(
        store.get('record', recordKey('', { IsSingleton: true })),
        code('EXTENSION_NAME', /entity undefined/),
      )
    })

    it('refuses keys and names that nothing can have', async () => {
      const { stack, store } = await fresh()
      await using _ = stack
      await assert.rejects(
        store.get('record', recordKey('')),
        code('EXTENSION_FIELD', /RecordID fields is 0: not found/),
      )
      await assert.rejects(store.get('record', recordKey('', { ID: -1n })), code('EXTENSION_FIELD', /out of range:-1/))
      await assert.rejects(store.get('record', recordKey('', { ID: 1n, WSID: -1n })), code('EXTENSION_FIELD', /wsid/))
      await assert.rejects(store.get('record', recordKey('app.None', { ID: 1n })), code('EXTENSION_NAME', /app\.None/))
      await assert.rejects(store.write([insert(recordKey(''))]), code('EXTENSION_NAME'))
      await assert.rejects(
        store.write([insert(recordKey('app.Order', { WSID: 2n }))]),
        code('EXTENSION_FIELD', /another workspace/),
      )
      await assert.rejects(
        store.write([insert(recordKey('app.Everything'), { F64: NaN })]),
        code('EXTENSION_FIELD', /NaN/),
      )
      const gone = { 'sys.QName': name('Order'), 'sys.ID': 999_999n }
      await assert.rejects(store.write([update(recordKey(''), gone, { Day: 1 })]), code('EXTENSION_ABSENT'))
    })
  })

  describe(`sys.Uniq on ${target.name}`, () => {
    const user = (fields: Fields): Intent => insert(recordKey('app.User'), fields)

    it('finds active records by their uniques', async () => {
      const { stack, store } = await fresh()
      await using _ = stack
      const { newIDs } = await store.append(draft(), [
        user({ 'sys.ID': 1n, Email: 'ann@example.com', Country: 'fr', Number: 7 }),
      ])
      const ID = newIDs.get(1n) ?? 0n
      assert.deepEqual(await store.get('uniq', key('sys.Uniq', 'app.User', { Email: 'ann@example.com' })), { ID })
      assert.deepEqual(await store.get('uniq', key('sys.Uniq', 'app.User', { Number: 7, Country: 'fr' })), { ID })
      assert.equal(await store.get('uniq', key('sys.Uniq', 'app.User', { Email: 'bob@example.com' })), undefined)
      assert.equal(await store.get('uniq', key('sys.Uniq', 'app.User', { Email: 'ann@example.com' }), 2n), undefined)
      await assert.rejects(
        store.get('uniq', key('sys.Uniq', 'app.User', { Number: 7 })),
        code('EXTENSION_FIELD', /provided set of fields does not match any known unique of app\.User/),
      )
      await store.write([
        update(recordKey(''), await store.get('record', recordKey('', { ID })), { 'sys.IsActive': false }),
      ])
      assert.equal(await store.get('uniq', key('sys.Uniq', 'app.User', { Email: 'ann@example.com' })), undefined)
    })

    it('refuses a second active record, an update to it, and fields that nobody wrote twice', async () => {
      const { stack, store } = await fresh()
      await using _ = stack
      const { newIDs } = await store.append(draft(), [
        user({ 'sys.ID': 1n, Email: 'ann@example.com', Country: 'fr', Number: 1 }),
        user({ 'sys.ID': 2n, Email: 'bob@example.com', Country: 'fr', Number: 2 }),
      ])
      await assert.rejects(
        store.write([user({ Email: 'ann@example.com', Country: 'de', Number: 1 })]),
        code('STORE_CONFLICT'),
      )
      const bob = recordKey('', { ID: newIDs.get(2n) ?? 0n })
      await assert.rejects(
        store.write([update(bob, await store.get('record', bob), { Number: 1 })]),
        code('STORE_CONFLICT'),
      )
      await store.write([user({ Email: 'eve@example.com' })])
      await assert.rejects(store.write([user({ Email: 'joe@example.com' })]), code('STORE_CONFLICT'))
      await store.write([user({ Email: 'ann@example.com', Country: 'fr', Number: 1 })], 2n)
    })
  })

  describe(`sys.View on ${target.name}`, () => {
    it('puts rows in the place of others, and updates some fields of them', async () => {
      const { stack, store } = await fresh()
      await using _ = stack
      const at = viewKey('app.Amounts', { Year: 2023, Month: 1, Day: 1 })
      assert.equal(await store.get('view', at), undefined)
      await store.write([insert(at, { Amount: 200n, Note: 'first' })])
      await store.write([update(at, await store.get('view', at), { Amount: 400n })])
      assert.deepEqual(await store.get('view', at), { Amount: 400n, Note: 'first' })
      await store.write([insert(at, { Amount: 1n })])
      assert.deepEqual(await store.get('view', at), { Amount: 1n, Note: null })
      const other = viewKey('app.Amounts', { Year: 2024, Month: 1, Day: 1 })
      await assert.rejects(store.write([update(other, {}, { Amount: 1n })]), code('EXTENSION_ABSENT'))
    })

    it('reads in the order of the key, by the partition and by what of the rest is given', async () => {
      const { stack, store } = await fresh()
      await using _ = stack
      const days = [
        [2023, 2, 1],
        [2023, 1, 31],
        [2023, 1, 2],
        [2024, 1, 1],
      ] as const
      await store.write(days.map(([year, month, day]) => amount(year, month, day, { Amount: BigInt(day) })))
      const read = async (fields: Fields): Promise<readonly unknown[]> =>
        (await store.read('view', viewKey('app.Amounts', fields))).map(([k, v]) => [
          field(k, 'Month'),
          field(k, 'Day'),
          field(v, 'Amount'),
        ])
      assert.deepEqual(await read({ Year: 2023 }), [
        [1, 2, 2n],
        [1, 31, 31n],
        [2, 1, 1n],
      ])
      assert.deepEqual(await read({ Year: 2023, Month: 1 }), [
        [1, 2, 2n],
        [1, 31, 31n],
      ])
      assert.deepEqual(await read({ Year: 2023, Month: 1, Day: 31 }), [[1, 31, 31n]])
      assert.deepEqual(await read({ Year: 2023, WSID: 2n }), [])
      await assert.rejects(read({ Month: 1 }), code('EXTENSION_FIELD', /needs the field Year/))
      await assert.rejects(read({ Year: 2023, Day: 1 }), code('EXTENSION_FIELD', /needs the field Month/))
      await assert.rejects(
        store.get('view', viewKey('app.Amounts', { Year: 2023, Month: 1 })),
        code('EXTENSION_FIELD', /needs the field Day/),
      )
    })

    it('orders keys of texts, names and bytes by their bytes', async () => {
      const { stack, store } = await fresh()
      await using _ = stack
      const texts = ['', 'B', 'a', 'b', 'ä', '\u{ffff}', '\u{10000}']
      const bytes = [Uint8Array.of(), Uint8Array.of(0), Uint8Array.of(0, 0), Uint8Array.of(1), Uint8Array.of(255)]
      const rows = texts.flatMap((text) =>
        bytes.map((bin) => ({ P: true, Name: text, Type: name('X'), Bin: bin, Big: -(2n ** 62n) })),
      )
      await store.write(rows.toReversed().map((row) => insert(viewKey('app.Names', row))))
      const found = await store.read('view', viewKey('app.Names', { P: true }))
      const plain = (fields: Fields): readonly unknown[] => [
        fields['Name'],
        fields['Bin'] instanceof Uint8Array && [...fields['Bin']],
        fields['Big'],
      ]
      assert.deepEqual(
        found.map(([at]) => plain(Object.fromEntries(Object.entries(at)))),
        rows.map(plain),
      )
    })

    it('reads many rows a page at a time, and stops where its reader stops', async () => {
      const { stack, store } = await fresh()
      await using _ = stack
      const count = 700
      const rows = Array.from({ length: count }, (__, index) =>
        amount(2023, 1 + (index % 12), index, { Amount: BigInt(index) }),
      )
      await store.write(rows)
      const all = await store.read('view', viewKey('app.Amounts', { Year: 2023 }))
      assert.equal(new Set(all.map(([, value]) => field(value, 'Amount'))).size, count)
      const sorted = all.map(([at]) => Number(field(at, 'Month')) * 1000 + Number(field(at, 'Day')))
      assert.deepEqual(
        sorted,
        sorted.toSorted((a, b) => a - b),
      )
      assert.equal((await store.read('view', viewKey('app.Amounts', { Year: 2023 }), 300)).length, 300)
    })

    it('refuses types that the kind of the workspace does not have', async () => {
      const given = schema({ ...definition, workspaces: { 'app.Restaurant': ['app.Amounts', 'app.Order'] } })
      const { stack, store } = await fresh(given, {
        workspaceKind: (workspace) => (workspace === 1n ? 'app.Restaurant' : undefined),
      })
      await using _ = stack
      await store.write([amount(2023, 1, 1, { Amount: 1n }), insert(recordKey('app.Order'))])
      const wanted = code('EXTENSION_NAME', /app\.Names qname is not defined in workspace app\.Restaurant/)
      await assert.rejects(store.read('view', viewKey('app.Names', { P: true })), wanted)
      await assert.rejects(store.write([insert(recordKey('app.User'))]), code('EXTENSION_NAME'))
      await assert.rejects(store.write([amount(2023, 1, 1, {})], 2n), code('EXTENSION_NAME', /in workspace 2/))
    })
  })

  describe(`the log on ${target.name}`, () => {
    it('puts an event behind the last one of its workspace, with what it wrote', async () => {
      const { stack, store } = await fresh()
      await using _ = stack
      const argument = {
        Table: 5,
        Big: 2n ** 60n,
        Bin: Uint8Array.of(1, 2),
        Kind: name('X'),
        Items: [{ $Price: 1.5, No: null }],
      }
      const synced = { device: 3n, at: 4n }
      const first = await store.append(draft({ argument, synced, registeredAt: 12n }), [
        insert(recordKey('app.Order'), { 'sys.ID': 1n, Waiter: 'Ann' }),
      ])
      const second = await store.append(draft(), [])
      const elsewhere = await store.append(draft({ workspace: 2n }), [])
      assert.deepEqual(
        [first, second, elsewhere].map(({ event }) => [event.position, event.wlogOffset]),
        [
          [1n, 1n],
          [2n, 2n],
          [3n, 1n],
        ],
      )
      const [logged, ...rest] = await store.events()
      assert.equal(rest.length, 2)
      const id = first.newIDs.get(1n)
      assert.deepEqual(logged, {
        workspace: 1n,
        name: name('NewOrder'),
        position: 1n,
        wlogOffset: 1n,
        registeredAt: 12n,
        synced,
        argument,
        cuds: [
          {
            isNew: true,
            fields: {
              'sys.ID': id,
              'sys.QName': name('Order'),
              'sys.IsActive': true,
              'sys.Container': '',
              Waiter: 'Ann',
            },
          },
        ],
      })
      assert.deepEqual(await store.events(1n), rest)
    })

    it('has neither an event nor a record where one of its intents fails', async () => {
      const { stack, store } = await fresh()
      await using _ = stack
      const twice = insert(recordKey('app.Settings'), { Name: 'one' })
      await assert.rejects(
        store.append(draft(), [twice, amount(2023, 1, 1, { Amount: 1n }), twice]),
        code('STORE_CONFLICT'),
      )
      assert.deepEqual(await store.events(), [])
      assert.equal(await store.get('record', recordKey('app.Settings', { IsSingleton: true })), undefined)
      assert.equal(await store.get('view', viewKey('app.Amounts', { Year: 2023, Month: 1, Day: 1 })), undefined)
      const { event } = await store.append(draft(), [])
      assert.equal(event.wlogOffset, 1n)
    })

    it('refuses an argument that is no data', async () => {
      const { stack, store } = await fresh()
      await using _ = stack
      // @ts-expect-error -- a date is no value of a field
      await assert.rejects(store.append(draft({ argument: { At: new Date() } }), []), code('INPUT_INVALID', /class/))
      assert.deepEqual(await store.events(), [])
    })

    it('is read by extensions as sys.WLog', async () => {
      const { stack, store } = await fresh()
      await using _ = stack
      for (let index = 0; index < 300; index++) await store.append(draft({ argument: { Index: index } }), [])
      const at = (fields: Fields): Key => key('sys.WLog', '', fields)
      const offsets = async (fields: Fields, most?: number): Promise<readonly unknown[]> =>
        (await store.read('wlog', at(fields), most)).map(([k]) => field(k, 'Offset'))
      assert.equal((await offsets({ Offset: 1n })).length, 300)
      assert.deepEqual(await offsets({ Offset: 7n, Count: 2n }), [7n, 8n])
      assert.equal((await offsets({ Offset: 2n, Count: 200n })).length, 200)
      assert.deepEqual(await offsets({ Offset: 300n, Count: 5n }), [300n])
      assert.deepEqual(await offsets({ Offset: 1n, WSID: 2n }), [])
      assert.deepEqual(await offsets({ Offset: 1n, Count: 0n }), [])
      assert.equal((await offsets({ Offset: 1n }, 130)).length, 130)
      const row = await store.get('wlog', at({ Offset: 3n }))
      assert.ok(row !== undefined && 'read' in row && typeof row.read === 'function')
      assert.equal(row.read('int64', 'Offset'), 3n)
      assert.deepEqual(row.read('QName', 'QName'), name('NewOrder'))
      assert.equal(row.read('bool', 'Synced'), false)
      assert.equal(row.read('int64', 'None'), undefined)
      assert.equal(await store.get('wlog', at({ Offset: 301n })), undefined)
      await assert.rejects(store.get('wlog', at({ Offset: -1n })), code('EXTENSION_FIELD', /out of range/))
    })
  })

  describe(`a projector on ${target.name}`, () => {
    const year = 2023
    const at = viewKey('app.Amounts', { Year: year, Month: 1, Day: 1 })
    const total = async (store: TestedStore): Promise<unknown> => {
      const row = await store.get('view', at)
      return row && field(row, 'Amount')
    }

    it('has each event once, in the order of the log, and its place is written with what it writes', async () => {
      const { stack, store } = await fresh()
      await using _ = stack
      for (let index = 1; index <= 5; index++) await store.append(draft({ argument: { N: index } }), [])
      const seen: bigint[] = []
      const project = (events: readonly LogEvent[]): readonly Intent[] => {
        seen.push(...events.map(({ position }) => position))
        return [insert(at, { Amount: events.at(-1)?.position ?? 0n })]
      }
      assert.equal(await store.project('totals', project, 3), 3)
      await assert.rejects(
        store.project('totals', () => {
          throw new Error('not this one')
        }),
        /not this one/,
      )
      await assert.rejects(
        store.project('totals', () => [
          insert(at, { Amount: 99n }),
          amount(2023, 1, 1, { None: 1n }),
          insert(viewKey('app.Amounts')),
        ]),
        code('EXTENSION_FIELD'),
      )
      assert.equal(await store.position('totals'), 3n)
      assert.equal(await total(store), 3n)
      assert.equal(await store.project('totals', project), 2)
      assert.equal(await store.project('totals', project), 0)
      assert.deepEqual(seen, [1n, 2n, 3n, 4n, 5n])
      assert.equal(await total(store), 5n)
      assert.equal(await store.position('others'), 0n)
    })

    it('starts again with empty views', async () => {
      const { stack, store } = await fresh()
      await using _ = stack
      await store.append(draft(), [])
      await store.project('totals', () => [insert(at, { Amount: 1n })])
      await store.restart('totals', ['app.Amounts'])
      assert.equal(await total(store), undefined)
      assert.equal(await store.position('totals'), 0n)
      assert.equal(await store.project('totals', () => []), 1)
      await assert.rejects(store.restart('totals', ['app.Order']), code('EXTENSION_NAME'))
    })
  })

  describe(`transactions on ${target.name}`, () => {
    it('undo an inner one alone', async () => {
      const { stack, store } = await fresh()
      await using _ = stack
      await store.nested(
        [amount(2023, 1, 1, { Amount: 1n })],
        [amount(2023, 1, 2, { Amount: 2n })],
        [amount(2023, 1, 3, { Amount: 3n })],
      )
      const rows = await store.read('view', viewKey('app.Amounts', { Year: 2023 }))
      assert.deepEqual(
        rows.map(([, value]) => field(value, 'Amount')),
        [1n, 3n],
      )
    })

    it('commit several works together, each of which fails alone', async () => {
      const { stack, store } = await fresh()
      await using _ = stack
      const works = Array.from({ length: 200 }, (__, index) => [
        amount(2023, 1, index, { Amount: 1n }),
        ...(index === 7 ? [update(viewKey('app.Amounts', { Year: 1, Month: 1, Day: 1 }), {}, { Amount: 1n })] : []),
      ])
      const outcomes = await store.group(works)
      assert.deepEqual(
        outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : [])),
        [7],
      )
      assert.equal((await store.read('view', viewKey('app.Amounts', { Year: 2023 }))).length, 199)
    })
  })

  describe(`the schema on ${target.name}`, () => {
    it('grows: records, views, fields and uniques are added, and what is gone from it stays', async () => {
      await using place = await target.place()
      const before = schema({
        records: { 'app.User': { fields: { Email: 'string' } }, 'app.Old': { fields: { A: 'int32' } } },
        views: { 'app.V': { partition: { P: 'int32' }, value: { A: 'int32' } } },
      })
      {
        await using store = await place.open(before)
        await store.append(draft(), [
          insert(recordKey('app.User'), { Email: 'ann@example.com' }),
          insert(recordKey('app.User'), {}),
          insert(viewKey('app.V', { P: 1 }), { A: 1 }),
        ])
      }
      {
        await using store = await place.open(
          schema({
            records: {
              'app.User': { fields: { Email: 'string', Age: 'int32' }, uniques: [['Email']] },
              'app.New': {},
            },
            views: {
              'app.V': { partition: { P: 'int32' }, value: { A: 'int32', B: 'string' } },
              'app.W': { partition: { P: 'int32' } },
            },
          }),
        )
        const found = await store.get('uniq', key('sys.Uniq', 'app.User', { Email: 'ann@example.com' }))
        const row = await store.get('record', recordKey('app.User', { ID: field(found, 'ID') ?? 0n }))
        assert.equal(field(row, 'Age'), null)
        await assert.rejects(store.write([insert(recordKey('app.User'), {})]), code('STORE_CONFLICT'))
        await store.write([insert(recordKey('app.New'))])
        assert.deepEqual(await store.get('view', viewKey('app.V', { P: 1 })), { A: 1, B: null })
        await store.write([insert(viewKey('app.W', { P: 1 }))])
        await store.write([insert(viewKey('app.W', { P: 1 }))])
        assert.deepEqual(await store.get('view', viewKey('app.W', { P: 1 })), {})
      }
      await using again = await place.open(before)
      await again.write([insert(recordKey('app.User'), { Email: 'ann@example.com' })])
    })

    it('is refused where a type has changed, or a unique that records break', async () => {
      await using place = await target.place()
      {
        await using store = await place.open(types)
        const user = insert(recordKey('app.User'), { Email: 'a', Country: 'b', Number: 1 })
        await store.write([
          user,
          insert(recordKey('app.Order'), { Day: 1 }),
          insert(recordKey('app.Order'), { Day: 1 }),
        ])
      }
      const { records, views } = definition
      const changed: readonly (readonly [SchemaDefinition, RegExp])[] = [
        [
          { records: { ...records, 'app.OrderItem': { fields: { Quantity: 'int64' } } } },
          /Quantity of app\.OrderItem is int32/,
        ],
        [{ records: { ...records, 'app.OrderItem': { singleton: true } } }, /app\.OrderItem is a record there/],
        [{ views: { ...views, 'app.Names': { partition: { P: 'bool' } } } }, /app\.Names is a view \(P bool; /],
        [{ views: { 'app.Order': { partition: { P: 'bool' } } } }, /app\.Order is a record there/],
        [{ records: { 'app.Order': { fields: { Day: 'int32' }, uniques: [['Day']] } } }, /have the same Day/],
      ]
      for (const [one, text] of changed) await assert.rejects(place.open(schema(one)), code('STORE_SCHEMA', text))
      await using store = await place.open(types)
      await store.write([insert(recordKey('app.OrderItem'), { Quantity: 1 })])
    })
  })
}
