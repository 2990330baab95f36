import { memoryStorage, type QName, type Row, StateKind, type Storage } from 'mortise/extension'

/** What the storage for failures throws. */
export const ioError: Error = new Error('test i/o error')

const failing = (): never => {
  throw ioError
}
const name = (entity: string): QName => ({ pkg: 'testpkg1', entity })
const single = (value: number): number => Math.fround(value)

const rows: readonly (readonly [Row, Row])[] = [1, 2, 3].map((index) => [
  {
    i32: index,
    i64: BigInt(10 + index),
    f32: single(index + 0.1),
    f64: index + 0.01,
    str: `key${index}`,
    bytes: Uint8Array.of(index, 2, 3),
    qname: name(`e${index}`),
    bool: true,
  },
  {
    i32: 100 + index,
    i64: BigInt(1000 + index),
    f32: single(index + 0.001),
    f64: index + 0.0001,
    str: `value${index}`,
    bytes: Uint8Array.of(3, 2, 1),
    qname: name(`ee${index}`),
    bool: false,
  },
])

const event: Storage = {
  get: () => ({ qname: 'sys.InvitationAccepted', arg: { UserEmail: 'email@user.com' }, offs: 12_345 }),
  update: () => undefined,
}

/** The state that the reference engine's tests run on, as its specification says what is in it. */
export const mock: StateKind = new StateKind<undefined>({
  name: 'Mock',
  packages: { testpkg1: 'github.com/voedger/testpkg1', mypkg: 'mypkg' },
  storages: {
    'sys.IoErrorStorage': { get: failing, read: failing, insert: failing, update: failing },
    'foo.FakeStorage': {
      get: () => {
        throw new Error('unsupported storage: foo.FakeStorage')
      },
    },
    'sys.Event': event,
    'sys.Test': {
      get: () => ({ '500c': 'x'.repeat(500), bytes: new Uint8Array(2_000_000) }),
      *read() {
        yield* rows
      },
    },
    'sys.Test2': {
      get: () => Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`a${index + 10}`, 'x'.repeat(21)])),
    },
    'sys.Test3': { get: () => [123, 'test string', new Uint8Array(1024), name('test')] },
    'sys.TestQName': {
      get({ fields }) {
        const value = fields.get('qname')
        const known = typeof value === 'object' && value !== null && 'pkg' in value && value.pkg === 'testpkg1'
        if (!known) throw new Error('unexpected package')
        return {}
      },
    },
    'sys.SendMail': { get: () => ({}), insert: () => undefined },
    'sys.Record': { get: () => undefined },
    'sys.View': { keyFields: () => ({ pk: 'int32', cc: 'int32' }), get: () => undefined },
  },
})

const order: Row = {
  ArgumentObject: {
    Year: 2023,
    Month: 1,
    Day: 1,
    Items: [
      { Quantity: 1, SinglePrice: 100n },
      { Quantity: 2, SinglePrice: 50n },
    ],
  },
}

/** A kind of state with views, for the programs that add up. */
export function views(): { readonly kind: StateKind; readonly rows: (entity: string) => readonly Row[] } {
  const storage = memoryStorage({
    'mypkg.OrderedItems': { key: { Year: 'int32', Month: 'int32', Day: 'int32' }, value: { Amount: 'int64' } },
    'own.TestView': { key: { pk: 'int32', cc: 'int32' }, value: { vv: 'int32' } },
  })
  const kind = new StateKind<undefined>({
    name: 'AsyncActualizer',
    packages: { mypkg: 'github.com/untillpro/airs-bp3/packages/mypkg', own: 'mypkg' },
    storages: { 'sys.CommandContext': { get: () => order }, 'sys.Event': { get: () => order }, 'sys.View': storage },
    intents: 5,
  })
  return { kind, rows: storage.rows }
}
