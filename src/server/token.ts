import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { MortiseError, reasonOf } from '../errors.ts'
import { checkOption } from '../options.ts'

/** What whoever posts code has to know. */
export class Token {
  readonly text: string
  readonly #digest: Buffer

  /** @param text - 16 characters or more, without spaces. Default: 32 random bytes */
  constructor(text: string = randomBytes(32).toString('base64url')) {
    // The value itself is nobody's business, so that an error shows none of it.
    checkOption(
      'token',
      'what was given',
      /^[\x21-\x7e]{16,1000}$/.test(text),
      '16 to 1,000 characters of ASCII, without spaces',
    )
    this.text = text
    this.#digest = digest(text)
  }

  /** Whether a request has the token as bearer. It takes as long for a wrong one as for the right one. */
  fits({ headers: { authorization } }: IncomingMessage): boolean {
    const [, given] = /^bearer +(\S+) *$/i.exec(authorization ?? '') ?? []
    return given !== undefined && timingSafeEqual(digest(given), this.#digest)
  }

  /**
   * Lets a request pass that has the token as bearer.
   *
   * @throws MortiseError `TOKEN_REFUSED`
   */
  check(request: IncomingMessage): void {
    if (this.fits(request)) return
    const { authorization } = request.headers
    const why = authorization === undefined ? "there is no header 'authorization: Bearer …'" : 'it is another one'
    throw new MortiseError('TOKEN_REFUSED', `Cannot do this without the token of this server: ${why}`)
  }
}

/** The token in a file, without the line break at its end. */
export async function readToken(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (cause) {
    throw new MortiseError('CONFIG_UNREADABLE', `Cannot read the token: ${reasonOf(cause)}`, { cause })
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
