import type { Protocol, ProtocolName } from './protocol.ts'

/** A protocol by its name, where nobody knows what it asks and answers: on a thread. */
export async function protocolOf(name: ProtocolName): Promise<Protocol<unknown, unknown>> {
  return name === 'http' ? (await import('./http.ts')).http : (await import('./activation.ts')).activation
}
