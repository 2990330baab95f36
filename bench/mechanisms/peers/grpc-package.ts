import { fileURLToPath } from 'node:url'
import { load } from '../../harness/peer.ts'

/** How a handler answers. */
export type Reply = (error: Error | null, result: object) => void

// What is used of it.
interface Client {
  close(): void
  makeUnaryRequest<Q, A>(
    path: string,
    serialize: (request: Q) => Buffer,
    deserialize: (bytes: Buffer) => A,
    request: Q,
    options: { readonly deadline: number },
    done: (error: Error | null, answer: A) => void,
  ): void
}
interface Method {
  readonly path: string
  readonly requestSerialize: (request: object) => Buffer
  readonly responseDeserialize: (bytes: Buffer) => Answer
}
/** An answer: a user, users, or groups in a message of their own. */
export interface Answer {
  readonly user?: object | null
  readonly users?: readonly object[]
  readonly groups?: { readonly groups: readonly string[] } | null
}
interface ServiceClient {
  new (address: string, credentials: object, options: object): Client
  readonly service: Readonly<Record<string, Method>>
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
