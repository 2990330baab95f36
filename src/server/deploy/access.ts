import type { IncomingMessage } from 'node:http'
import { MortiseError } from '../../errors.ts'
import type { Store } from '../../store/store.ts'
import { Attempts } from './attempts.ts'
import type { KnownToken, Role, TokenFile } from './tokens.ts'

/** Who asks for something, and from where. */
export interface Caller {
  readonly token: KnownToken
  /** An address, or `socket`. */
  readonly from: string
}

/** Lets those in who have a token that is for what they want to do. */
export class Access {
  readonly #tokens: TokenFile
  readonly #store: Store
  readonly #attempts = new Attempts()

  constructor(tokens: TokenFile, store: Store) {
    this.#tokens = tokens
    this.#store = store
  }

  /**
   * Says who sent a request.
   *
   * @param roles - one of them is enough
   * @throws MortiseError `TOKEN_REFUSED`, `ATTEMPTS_LIMIT`, `ROLE_REFUSED`
   */
  async enter(request: IncomingMessage, roles: readonly Role[]): Promise<Caller> {
    const from = request.socket.remoteAddress ?? 'socket'
    const { authorization } = request.headers
    const [, secret] = /^bearer +(\S{1,1000}) *$/i.exec(authorization ?? '') ?? []
    const token = secret === undefined ? undefined : await this.#tokens.find(secret)
    if (token === undefined) return this.#refuse(request, from, authorization !== undefined)
    if (token.roles.some((role) => roles.includes(role))) return { token, from }
    await this.#note(token.name, request, from, 'ROLE_REFUSED')
    throw new MortiseError(
      'ROLE_REFUSED',
      `Cannot do this with the token '${token.name}': it is for ${token.roles.join(', ')}, and this takes ${roles.join(' or ')}`,
    )
  }

  async #refuse(request: IncomingMessage, from: string, shown: boolean): Promise<never> {
    const seconds = this.#attempts.failed(from)
    if (seconds !== undefined) {
      throw new MortiseError(
        'ATTEMPTS_LIMIT',
        `Cannot do this without a token: too many requests from ${from} had none, or a wrong one. Wait for ${seconds} s`,
        { limit: seconds },
      )
    }
    // Beyond the limit nothing is written down: who has no token fills no disk.
    await this.#note('', request, from, 'TOKEN_REFUSED')
    const why = shown ? 'it is none of this server, or has expired' : "there is no header 'authorization: Bearer …'"
    throw new MortiseError('TOKEN_REFUSED', `Cannot do this without a token: ${why}. 'mortise token add' makes one`)
  }

  async #note(by: string, { method = '', url = '' }: IncomingMessage, from: string, outcome: string): Promise<void> {
    const action = `${method} ${url.slice(0, 200)}`
    await this.#store.audit({ at: Date.now(), by, from, action, plugin: undefined, digest: undefined, outcome })
  }
}
