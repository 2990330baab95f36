import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { MortiseError, reasonOf } from '../../errors.ts'
import { checkKeys, checkOption } from '../../options.ts'

/** What a token may be used for: to change what is live, to run it, to look at it. */
export type Role = 'deploy' | 'invoke' | 'read'

export const roles: readonly Role[] = ['deploy', 'invoke', 'read']

/** The runtimes whose code a token may deploy. */
export type TokenRuntime = 'wasm' | 'esm' | 'process'

export const tokenRuntimes: readonly TokenRuntime[] = ['wasm', 'esm', 'process']

/** A token as it is kept: its secret is not in it. */
export interface KnownToken {
  readonly name: string
  /** SHA-256 of the secret, in hexadecimal. The secret is random and long, so that nothing slower is needed. */
  readonly hash: string
  readonly roles: readonly Role[]
  /** What code it may deploy. */
  readonly runtimes: readonly TokenRuntime[]
  /** Milliseconds since 1970. */
  readonly created: number
  readonly expires?: number
}

/** What a new token is for. */
export interface TokenOptions {
  /** 1 to 100 letters, digits, `.`, `_`, `-`. It stands in the audit. */
  readonly name: string
  readonly roles: readonly Role[]
  /** Default: `wasm` alone. */
  readonly runtimes?: readonly TokenRuntime[]
  /** Milliseconds since 1970. Default: it does not expire. */
  readonly expires?: number
}

const nameForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/
const most = 1000

/**
 * The tokens of a server, in a file that only its user can read. Whoever can write it may deploy: a command line adds and revokes
 * tokens there while the server runs, which reads the file again when it has changed.
 */
export class TokenFile {
  readonly #path: string
  readonly #more: readonly KnownToken[]
  #tokens: readonly KnownToken[] = []
  #seen = ''

  /** @param more - tokens that are in no file */
  constructor(path: string, more: readonly KnownToken[] = []) {
    this.#path = path
    this.#more = more
  }

  /**
   * The tokens that there are.
   *
   * @throws MortiseError `CONFIG_UNREADABLE`
   */
  async all(): Promise<readonly KnownToken[]> {
    const found = await stat(this.#path, { bigint: true }).catch(missing)
    const now = found === undefined ? '' : `${found.mtimeNs} ${found.size} ${found.ino}`
    if (now !== this.#seen) {
      this.#tokens = found === undefined ? [] : await this.#read()
      this.#seen = now
    }
    return this.#tokens
  }

  /**
   * Makes a token.
   *
   * @returns its secret, which is kept nowhere
   * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`, also where there is one of this name; `CONFIG_UNREADABLE`
   */
  async add(options: TokenOptions): Promise<string> {
    const { name, ...rest } = parse(options)
    const tokens = await this.all()
    checkOption(
      'name',
      name,
      tokens.every((token) => token.name !== name),
      'a name that no other token has',
    )
    checkOption('name', name, tokens.length < most, `no more than ${most} tokens: revoke some`)
    const secret = randomBytes(32).toString('base64url')
    await this.#write([...tokens, { name, hash: hashOf(secret).toString('hex'), ...rest, created: Date.now() }])
    return secret
  }

  /**
   * Makes a token worth nothing.
   *
   * @returns whether there was one of this name
   */
  async revoke(name: string): Promise<boolean> {
    const tokens = await this.all()
    const others = tokens.filter((token) => token.name !== name)
    if (others.length < tokens.length) await this.#write(others)
    return others.length < tokens.length
  }

  /** The token of a secret, if it is one that has not expired. It takes as long for a wrong one as for a right one. */
  async find(secret: string): Promise<KnownToken | undefined> {
    const hash = hashOf(secret)
    let found: KnownToken | undefined
    for (const token of [...this.#more, ...(await this.all())])
      if (timingSafeEqual(Buffer.from(token.hash, 'hex'), hash)) found = token
    return found?.expires !== undefined && found.expires <= Date.now() ? undefined : found
  }

  async #read(): Promise<readonly KnownToken[]> {
    try {
      const parsed: unknown = JSON.parse(await readFile(this.#path, 'utf8'))
      if (!Array.isArray(parsed)) throw new Error('it is no list')
      return parsed.map(known)
    } catch (cause) {
      throw new MortiseError('CONFIG_UNREADABLE', `Cannot read the tokens in '${this.#path}': ${reasonOf(cause)}`, {
        cause,
      })
    }
  }

  /** A reader finds the old file or the new one. */
  async #write(tokens: readonly KnownToken[]): Promise<void> {
    const next = `${this.#path}.${randomBytes(6).toString('hex')}`
    try {
      await writeFile(next, `${JSON.stringify(tokens, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' })
      await rename(next, this.#path)
    } catch (cause) {
      await rm(next, { force: true })
      throw new MortiseError('CONFIG_UNREADABLE', `Cannot write the tokens to '${this.#path}': ${reasonOf(cause)}`, {
        cause,
      })
    }
  }
}

/** A token that may do everything, by a name that none in a file has. */
export function ownToken(secret: string): KnownToken {
  const hash = hashOf(secret).toString('hex')
  return { name: '(server)', hash, roles, runtimes: tokenRuntimes, created: Date.now() }
}

function parse(options: TokenOptions): Required<Omit<TokenOptions, 'expires'>> & Pick<TokenOptions, 'expires'> {
  checkKeys(options, ['name', 'roles', 'runtimes', 'expires'], 'a token')
  const { name, roles: wanted, runtimes: kinds = ['wasm'], expires } = options
  checkOption('name', name, typeof name === 'string' && nameForm.test(name), 'letters, digits, dots, dashes')
  checkOption('roles', wanted, isListOf(wanted, roles) && wanted.length > 0, `some of ${roles.join(', ')}`)
  checkOption('runtimes', kinds, isListOf(kinds, tokenRuntimes), `some of ${tokenRuntimes.join(', ')}`)
  const future = expires === undefined || (Number.isSafeInteger(expires) && expires > Date.now())
  checkOption('expires', expires, future, 'a time that is to come, in milliseconds since 1970')
  return { name, roles: wanted, runtimes: kinds, ...(expires !== undefined && { expires }) }
}

function known(value: unknown): KnownToken {
  const { name, hash, roles: may, runtimes: kinds, created, expires } = fieldsOf(value)
  const whole =
    typeof name === 'string' &&
    typeof hash === 'string' &&
    /^[0-9a-f]{64}$/.test(hash) &&
    isListOf(may, roles) &&
    isListOf(kinds, tokenRuntimes) &&
    typeof created === 'number'
  if (!whole || !(expires === undefined || typeof expires === 'number'))
    throw new Error('there is more in it than tokens')
  return { name, hash, roles: may, runtimes: kinds, created, ...(expires !== undefined && { expires }) }
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

const isListOf = <T extends string>(value: unknown, all: readonly T[]): value is readonly T[] =>
  Array.isArray(value) && value.every((item) => all.some((one) => one === item))

const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()

function missing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}
