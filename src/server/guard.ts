import type { IncomingMessage } from 'node:http'
import { MortiseError } from '../errors.ts'

/** Whose requests a server takes, beside those that say `localhost` or its own address. */
export interface GuardOptions {
  /** Names that it may be called by in `Host`; `*` for any. */
  readonly hosts?: readonly string[]
  /** Origins of web pages that may send requests, such as `https://example.org`; `*` for any. */
  readonly origins?: readonly string[]
}

const loopback = ['localhost', '127.0.0.1', '[::1]']
const form = /^(\[[0-9a-f:.]+\]|[^:[\]]+?)\.?(?::\d{1,5})?$/i
/** Spellings of `Host` that are remembered as good ones. */
const remembered = 100

/**
 * Keeps web pages away from a server that runs code. A page of any site may post to `localhost`; one whose name was made to point here
 * may even read the answers. A browser says so in `Host`, `Origin` and `Sec-Fetch-Site`.
 */
export class Guard {
  readonly #hosts: ReadonlySet<string>
  readonly #origins: ReadonlySet<string>
  readonly #good = new Set<string>()

  /** @param own - the address that the server listens at */
  constructor({ hosts = [], origins = [] }: GuardOptions, own: string) {
    this.#hosts = new Set([...loopback, own, ...hosts].map((host) => host.toLowerCase()))
    this.#origins = new Set(origins.map((origin) => origin.toLowerCase()))
  }

  /**
   * Lets a request pass, or says why not.
   *
   * @param own - whether pages of this server itself may send it
   * @throws MortiseError `REQUEST_REFUSED`
   */
  check({ headers }: IncomingMessage, own = false): void {
    const { host = '', origin, 'sec-fetch-site': site } = headers
    if (!this.#good.has(host)) this.#learn(host)
    if (origin === undefined && site === undefined) return
    if (this.#origins.has('*') || (origin !== undefined && this.#origins.has(origin.toLowerCase()))) return
    if (origin !== undefined && !(own && isOwn(origin, host)))
      refuse(`it was sent by a web page of '${origin.slice(0, 100)}'`, '--allow-origin')
    if (site === 'cross-site') refuse('it was sent by a web page of another site', '--allow-origin')
  }

  #learn(host: string): void {
    const [, name] = form.exec(host) ?? []
    const known = name !== undefined && (this.#hosts.has('*') || this.#hosts.has(name.toLowerCase()))
    if (!known) refuse(`it is for the host '${host.slice(0, 100)}'`, '--allow-host')
    if (this.#good.size < remembered) this.#good.add(host)
  }
}

const isOwn = (origin: string, host: string): boolean => origin === `http://${host}` || origin === `https://${host}`

function refuse(why: string, option: string): never {
  throw new MortiseError('REQUEST_REFUSED', `Cannot take this request: ${why}. The option ${option} allows it`)
}
