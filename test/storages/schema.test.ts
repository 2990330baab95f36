import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ErrorCode, MortiseError } from 'mortise'
import { schema } from 'mortise/storages'

const code =
  (wanted: ErrorCode, text = /./) =>
  (thrown: unknown) =>
    MortiseError.is(thrown, wanted) && text.test(thrown.message)

describe('schema', () => {
  it('gives records and views with their fields in the order in which they were declared', () => {
    const { records, views, workspaces } = schema({
      records: { 'app.User': { fields: { Name: 'string', Age: 'int32' }, uniques: [['Name']] } },
      views: { 'app.V': { partition: { B: 'int32', A: 'int64' }, value: { Z: 'bool' } } },
    })
    assert.deepEqual(records.get('app.User')?.fields, [
      { name: 'Name', type: 'string' },
      { name: 'Age', type: 'int32' },
    ])
    assert.deepEqual(
      views.get('app.V')?.partition.map(({ name }) => name),
      ['B', 'A'],
    )
    assert.equal(workspaces, undefined)
  })

  it('refuses what it does not know by its name', () => {
    const unknown: readonly (readonly [object, RegExp])[] = [
      [{ tables: {} }, /tables/],
      [{ records: { 'app.A': { field: {} } } }, /field'/],
      [{ views: { 'app.A': { partition: { P: 'int32' }, values: {} } } }, /values/],
    ]
    for (const [given, text] of unknown) assert.throws(() => schema(given), code('OPTION_UNKNOWN', text))
  })

  it('refuses names, types and references that cannot be', () => {
    const record = (given: object): object => ({ records: { 'app.A': given } })
    const view = (given: object): object => ({ views: { 'app.A': given } })
    const wrong: readonly object[] = [
      { records: [] },
      { records: { Order: {} } },
      { records: { 'app."A"': {} } },
      { records: { 'sys.A': {} } },
      { records: { 'Sys.Log': {} } },
      { records: { 'sqlite_app.A': {} } },
      { records: { [`app.${'A'.repeat(50)}`]: {} } },
      { records: { 'app.A': {}, 'app.a': {} } },
      { records: { 'app.A': {} }, views: { 'app.A': { partition: { P: 'int32' } } } },
      record({ fields: { A: 'int' } }),
      record({ fields: { 'a b': 'int32' } }),
      record({ fields: { __proto__x: 'int32' } }),
      record({ fields: { A: 'int32', a: 'int32' } }),
      record({ singleton: 1 }),
      record({ containers: { Items: 'app.None' } }),
      record({ uniques: [[]] }),
      record({ uniques: ['A'] }),
      record({ fields: { A: 'int32' }, uniques: [['B']] }),
      record({ fields: { A: 'int32' }, uniques: [['A'], ['A']] }),
      record({ fields: { A: 'int32' }, uniques: [['A', 'A']] }),
      view({}),
      view({ partition: {} }),
      view({ partition: { P: 'int32' }, value: { P: 'int32' } }),
      view({ partition: { WSID: 'int64' } }),
      { workspaces: { 'app.W': ['app.None'] } },
    ]
    for (const given of wrong) assert.throws(() => schema(given), code('OPTION_INVALID'), JSON.stringify(given))
  })
})
