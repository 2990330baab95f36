import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { schema } from 'mortise/storages'
import {
  type Fields,
  definition,
  recordKey,
  viewKey,
  insert,
  update,
  amount,
  name,
  field,
  code,
  fresh,
} from './fixture.ts'
import type { StoreTarget } from './target.ts'

/** `sys.View`: rows by their keys. */
export function testView(target: StoreTarget): void {
  describe(`sys.View on ${target.name}`, () => {
    it('puts rows in the place of others, and updates some fields of them', async () => {
      const { stack, store } = await fresh(target)
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
      const { stack, store } = await fresh(target)
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
      const { stack, store } = await fresh(target)
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
      const { stack, store } = await fresh(target)
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
      const { stack, store } = await fresh(target, given, {
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
}
