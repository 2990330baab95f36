import type { IncomingMessage } from 'node:http'

/** Who may read the answers of web actions: everybody whom the server lets ask. */
export function corsHeaders({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  const { 'access-control-request-headers': asked } = headers
  return {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'OPTIONS, GET, DELETE, POST, PUT, HEAD, PATCH',
    'access-control-allow-headers':
      asked ?? 'Authorization, Origin, X-Requested-With, Content-Type, Accept, User-Agent',
  }
}
