// The guest of the gRPC row: node grpc-server.ts <socket> <users>. Says `ready` on its standard output.
import { rmSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type { Hooks } from '../work.ts'
import { loadGrpc, type Reply } from './grpc-package.ts'

const [socket = '', module = ''] = process.argv.slice(2)
// oxlint-disable-next-line no-unsafe-type-assertion -- it is the example's module
const guest = (await import(pathToFileURL(module).href)) as Hooks<'sync'>
const { grpc, definition } = await loadGrpc()
const answer =
  <P>(call: (params: P) => object) =>
  ({ request }: { readonly request: P }, reply: Reply): void =>
    reply(null, call(request))

const server = new grpc.Server()
server.addService(definition.service, {
  GetUser: answer((params: Parameters<typeof guest.getUser>[0]) => ({ user: guest.getUser(params) })),
  GetUserByClaim: answer((params: Parameters<typeof guest.getUserByClaim>[0]) => ({
    user: guest.getUserByClaim(params),
  })),
  GetUserGroups: answer((params: Parameters<typeof guest.getUserGroups>[0]) => {
    const groups = guest.getUserGroups(params)
    return groups === undefined ? {} : { groups: { groups } }
  }),
  FindUsers: answer((params: Parameters<typeof guest.findUsers>[0]) => ({ users: guest.findUsers(params) })),
})
server.bindAsync(`unix:${socket}`, grpc.ServerCredentials.createInsecure(), (error) => {
  if (error !== null) throw error
  console.log('ready')
})
process.stdin.resume().once('end', () => {
  rmSync(socket, { force: true })
  process.exit()
})
