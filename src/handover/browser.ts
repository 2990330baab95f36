import type { IncomingMessage } from 'node:http'

const own = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i

/**
 * Why a request is refused that a web page may have sent, or undefined. A page of any site may post to a server on this machine, and a
 * name that was made to point here lets it read the answers; a browser says so in these headers.
 *
 * @param loopback - the server listens on the loopback, where it has no other names than these
 */
export function refusal({ headers }: IncomingMessage, loopback: boolean): string | undefined {
  const { host = '', origin, 'sec-fetch-site': site } = headers
  if (origin !== undefined || (site !== undefined && site !== 'none')) return 'requests of web pages are refused'
  if (loopback && !own.test(host)) return `requests for the host '${host.slice(0, 100)}' are refused`
  return undefined
}
