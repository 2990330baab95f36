import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { MortiseError } from '../../errors.ts'
import type { Token } from '../token.ts'

/**
 * Lets requests pass that know what an action requires.
 *
 * @param required - a secret, which `x-require-whisk-auth` has to carry; `true` for the token of the server; `false` for nothing
 * @returns who asks: `_`, the owner of the server, where that was proved
 * @throws MortiseError `TOKEN_REFUSED`
 */
export function checkAuth(required: string | boolean, request: IncomingMessage, token: Token): string | undefined {
  if (required === false) return undefined
  if (required === true) {
    token.check(request)
    return '_'
  }
  const { 'x-require-whisk-auth': given } = request.headers
  if (typeof given === 'string' && timingSafeEqual(digest(given), digest(required))) return undefined
  throw new MortiseError('TOKEN_REFUSED', "Cannot call this web action without its secret in 'x-require-whisk-auth'")
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
