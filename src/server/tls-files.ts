import { readFile } from 'node:fs/promises'
import type { ServerOptions } from 'node:http'
import type { TlsOptions } from 'node:tls'
import { MortiseError, reasonOf } from '../errors.ts'
import type { TlsFiles } from './listener.ts'

/** What `TlsFiles` are about, for a server: `LISTEN_FAILED`. */
export async function readTls({ cert, key, ca }: TlsFiles): Promise<ServerOptions & TlsOptions> {
  try {
    const pair = { cert: await readFile(cert), key: await readFile(key) }
    return ca === undefined ? pair : { ...pair, ca: await readFile(ca), requestCert: true, rejectUnauthorized: true }
  } catch (cause) {
    throw new MortiseError('LISTEN_FAILED', `Cannot read the certificate or its key: ${reasonOf(cause)}`, { cause })
  }
}
