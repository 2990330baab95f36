import type { ServerResponse } from 'node:http'
import { resultOf, commandKind, queryKind, schema, type Subject } from 'mortise/storages'
import { openSqlite } from 'mortise/storages/sqlite'
import { key, plugExtensions } from '../contracts/extension/mock.ts'
import { startServer, type TestRequest, type TestServer } from './asking.ts'
import { at, copy, readValue } from './copying.ts'

/** What is in every field of a record that has one. */
export const photo: Uint8Array = Uint8Array.from({ length: 5000 }, (_, index) => index % 251)

/** The token that the instance lets in. */
export const token = 'token of the system'

const subject: Subject = { kind: 'user', name: 'system', profile: 0n, token }

const unlogged = readValue('ArgumentUnloggedObject', `(call $hostGetValue ${key('sys.CommandContext')})`)

/** Inserts a record of what the argument says, and answers with every kind of value. */
const newOrder = `
  (local.set $a ${readValue('ArgumentObject', `(call $hostGetValue ${key('sys.CommandContext')})`)})
  (local.set $b (call $hostNewValue ${key('sys.Record', 'app.Order')}))
  (call $hostRowWriterPutInt64 (local.get $b) (i32.const 1) 'sys.ID' (i64.const 1))
  ${copy('String', 'Waiter')}
  ${copy('Bytes', 'Photo', at(0, readValue('Files', unlogged)))}
  (local.set $b (call $hostNewValue ${key('sys.Result')}))
  (call $hostRowWriterPutInt64 (local.get $b) (i32.const 1) 'Big' (i64.const 1152921504606846977))
  (call $hostRowWriterPutInt32 (local.get $b) (i32.const 1) 'Small' (i32.const 7))
  (call $hostRowWriterPutBool (local.get $b) (i32.const 1) 'Done' (i32.const 1))
  ${copy('String', 'Waiter')}`

/** Gives the photo of the record that the argument names, as rows. */
const readPhoto = `
  (local.set $a ${readValue('ArgumentObject', `(call $hostGetValue ${key('sys.QueryContext')})`)})
  (local.set $b ${key('sys.Record')})
  (call $hostRowWriterPutInt64 (local.get $b) (i32.const 0) 'ID' (call $hostValueAsInt64 (local.get $a) 'ID'))
  (local.set $a (call $hostGetValue (local.get $b)))
  (local.set $b (call $hostNewValue ${key('sys.Result')}))
  ${copy('Bytes', 'Photo')}`

/** Another instance: a server that runs commands and queries of extensions over a store of its own. */
export interface OtherInstance extends AsyncDisposable {
  readonly server: TestServer
  readonly records: () => readonly unknown[]
}

/** Starts one that has the application `owner/shop`. */
export async function startInstance(): Promise<OtherInstance> {
  const store = openSqlite({
    file: ':memory:',
    schema: schema({ records: { 'app.Order': { fields: { Waiter: 'string', Photo: 'bytes' } } } }),
  })
  const guest = await plugExtensions({ NewOrder: newOrder, ReadPhoto: readPhoto })
  const commands = commandKind({ store })
  const queries = queryKind({ store })

  const command = (workspace: bigint, { body }: TestRequest): string => {
    const Waiter = body.toString()
    const files = { Files: [{ Photo: photo }] }
    const state = commands.open({ workspace, wlogOffset: 0n, subject, argument: { Waiter }, unlogged: files })
    guest.call('NewOrder', state)
    const result = resultOf(state)
    const { newIDs, event } = store.log.append({ workspace, name: { pkg: 'app', entity: 'NewOrder' } }, () =>
      state.apply(),
    )
    const ids = Object.fromEntries(Array.from(newIDs, ([raw, id]) => [String(raw), id] as const))
    return json({ newIDs: ids, currentWLogOffset: event.wlogOffset, result })
  }
  const blob = (workspace: bigint, id: bigint): Uint8Array => {
    const rows: unknown[] = []
    guest.call(
      'ReadPhoto',
      queries.open({ workspace, subject, argument: { ID: id }, onRow: ({ Photo }) => rows.push(Photo) }),
    )
    const [bytes] = rows
    return bytes instanceof Uint8Array ? bytes : new Uint8Array()
  }
  const answer = (request: TestRequest, response: ServerResponse): void => {
    const { method, path, headers } = request
    if (headers.authorization !== `Bearer ${token}`) return void response.writeHead(401).end()
    const [, wsid] = /^\/api\/owner\/shop\/(\d+)\/c\.app\.NewOrder$/.exec(path) ?? []
    if (method === 'POST' && wsid !== undefined) return void response.end(command(BigInt(wsid), request))
    const [, workspace, id] =
      /^\/api\/v2\/apps\/owner\/shop\/workspaces\/(\d+)\/docs\/app\.Order\/(\d+)\/blobs\/Photo$/.exec(path) ?? []
    if (method === 'GET' && workspace !== undefined && id !== undefined)
      return void response.end(blob(BigInt(workspace), BigInt(id)))
    response.writeHead(404).end()
  }
  const server = await startServer(answer)
  return {
    server,
    records: () => [...store.log.after()].flatMap(({ cuds }) => cuds.map(({ fields }) => fields['Waiter'])),
    async [Symbol.asyncDispose]() {
      await server.stop()
      await guest[Symbol.asyncDispose]()
      store.close()
    },
  }
}

/** JSON in which bigints are numbers. */
const json = (value: unknown): string =>
  JSON.stringify(value, (_name, one: unknown) => (typeof one === 'bigint' ? `bigint ${one}` : one)).replaceAll(
    /"bigint (\d+)"/g,
    '$1',
  )
