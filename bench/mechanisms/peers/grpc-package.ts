import { fileURLToPath } from 'node:url'
import { load } from '../../harness/peer.ts'

/** How a handler answers. */
export type Reply = (error: Error | null, result: object) => void

// What is used of it.
interface Client {
  close(): void
  readonly [method: string]: unknown
}
interface ServiceClient {
  new (address: string, credentials: object, options: object): Client
  readonly service: object
}
interface Grpc {
  readonly Server: new (options?: object) => {
    addService(service: object, handlers: object): void
    bindAsync(address: string, credentials: object, done: (error: Error | null) => void): void
  }
  readonly ServerCredentials: { createInsecure(): object }
  readonly credentials: { createInsecure(): object }
  loadPackageDefinition(definition: object): { readonly users: { readonly Directory: ServiceClient } }
}
interface ProtoLoader {
  loadSync(path: string, options: object): object
}

const proto = fileURLToPath(new URL('users.proto', import.meta.url))

/** gRPC, and the service of users.proto. What is not there comes as nothing, enums by name, lists always. */
export async function loadGrpc(): Promise<{ readonly grpc: Grpc; readonly definition: ServiceClient }> {
  const { default: grpc } = await load<{ readonly default: Grpc }>('@grpc/grpc-js')
  const { default: loader } = await load<{ readonly default: ProtoLoader }>('@grpc/proto-loader')
  const options = { enums: String, defaults: true, arrays: true }
  const { users } = grpc.loadPackageDefinition(loader.loadSync(proto, options))
  return { grpc, definition: users.Directory }
}
