import { checkKeys, checkOption } from '../../options.ts'
import type { Place, SocketPlace, TlsFiles } from '../listener.ts'

/** Options of the deploy API. */
export interface DeployOptions {
  /** The folder of its store; its tokens are in `tokens.json` there. */
  readonly store: string
  /** A token of 16 characters or more that may do everything until the server ends, and is written nowhere. Default: none. */
  readonly token?: string
  /** The address to listen at. Default `127.0.0.1`. */
  readonly host?: string
  /** The port, 0 for any that is free. Default 8081. */
  readonly port?: number
  /** A socket in the file system, in place of host and port. */
  readonly socket?: string
  /** Files of a certificate, its key, and, for clients that have to show one, of whoever signs theirs (`ca`). Default: plain `http`. */
  readonly tls?: TlsFiles
  /** Files of public keys of Ed25519, in PEM: what none of them has signed is refused. Default: nothing has to be signed. */
  readonly trustedKeys?: readonly string[]
  /** Versions of each plugin that are kept ready for a rollback, each loaded. Default 3. */
  readonly keep?: number
}

/** The same, parsed. */
export interface DeploySettings {
  readonly store: string
  readonly token: string | undefined
  readonly place: Place | SocketPlace
  readonly tls: TlsFiles | undefined
  readonly trustedKeys: readonly string[]
  readonly keep: number
}

/** The one parser: `OPTION_UNKNOWN`, `OPTION_INVALID`. */
export function parseDeploy(options: DeployOptions): DeploySettings {
  checkKeys(options, ['store', 'token', 'host', 'port', 'socket', 'tls', 'trustedKeys', 'keep'], 'the deploy API')
  const { store, token, host = '127.0.0.1', port = 8081, socket, tls, trustedKeys = [], keep = 3 } = options
  checkOption('deploy.store', store, isName(store), 'the path of a folder')
  // The value itself is nobody's business, so that an error shows none of it.
  const secret = token === undefined || /^[\x21-\x7e]{16,1000}$/.test(token)
  checkOption('deploy.token', 'what was given', secret, '16 to 1,000 characters of ASCII, without spaces')
  checkOption('deploy.host', host, isName(host), 'an address, such as 127.0.0.1')
  checkOption('deploy.port', port, Number.isInteger(port) && port >= 0 && port <= 65_535, 'a whole number to 65535')
  checkOption('deploy.socket', socket, socket === undefined || isName(socket), 'the path of a socket')
  checkOption('deploy.keep', keep, Number.isInteger(keep) && keep >= 0 && keep <= 100, 'a whole number from 0 to 100')
  checkOption(
    'deploy.trustedKeys',
    trustedKeys,
    Array.isArray(trustedKeys) && trustedKeys.every(isName),
    'paths of files',
  )
  if (tls !== undefined) checkKeys(tls, ['cert', 'key', 'ca'], 'deploy.tls')
  return { store, token, place: socket === undefined ? { host, port } : { path: socket }, tls, trustedKeys, keep }
}

const isName = (value: unknown): value is string => typeof value === 'string' && value !== '' && !value.includes('\0')
