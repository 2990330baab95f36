import type { AsyncStorage, Key } from '../contracts/extension/storage.ts'
import { reasonOf } from '../errors.ts'
import { GuestFault } from '../fault.ts'
import { parseDeadline } from '../limits.ts'
import { checkKeys, checkOption } from '../options.ts'
import { integerOf, textOf, textsOf, wrong } from './key-fields.ts'
import { mailFields } from './mail-fields.ts'
import { type Mail, type Sending, sendMail } from './smtp.ts'
import { decided } from './web.ts'

/** Options of {@link mail}. */
export interface MailOptions {
  /** Which servers guests may send through: hosts with ports, such as `mail.example.com:587`, or a function that decides. */
  readonly allow: readonly string[] | ((host: string, port: number) => boolean)
  /**
   * `required` (the default): a server that does not encrypt gets nothing. `offered`: it is encrypted where the server can, which one
   * who sits in between can prevent. A certificate has to be valid in either case.
   */
  readonly tls?: 'required' | 'offered'
  /** Certificates of the authorities that may vouch for servers, as PEM. Default: those that Node knows. */
  readonly ca?: string
  /** Milliseconds, or text like `'20 s'`, that one mail may take; default 20 s. */
  readonly timeout?: number | string
  /** How many addresses one mail may go to; default 100. */
  readonly recipients?: number
}

interface Parsed extends Sending {
  readonly allowed: (host: string, port: number) => boolean
  readonly recipients: number
}

/**
 * The storage `sys.SendMail`: mails in HTML, sent by SMTP through the package `nodemailer`.
 *
 * A `get` sends at once, and says how it went: `Success` and `ErrorMessage`. An insert is sent when the intents are applied: where
 * the server does not take it, none of them is. A mail that was sent cannot be undone, so that a storage that fails after it, or
 * the commit, leaves it sent.
 *
 * @param options - `allow`: which servers; `tls` (`required`), `ca` (those that Node knows), `timeout` (20 s a mail), `recipients` (100 a mail)
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
 * @example
 * ```ts
 * import { mail } from 'mortise/storages/mail'
 *
 * const mails = mail({ allow: ['mail.example.com:587'], timeout: '10 s' })
 * console.log(mails.async)
 * ```
 */
export function mail(options: MailOptions): AsyncStorage {
  const parsed = parse(options)
  return {
    async: true,
    appends: true,
    keyFields: () => mailFields,
    acts: () => true,
    async get(key, _context, { signal }) {
      const wanted = mailOf(key, parsed)
      try {
        await sendMail(wanted, parsed, signal)
        return { Success: true, ErrorMessage: '' }
      } catch (thrown) {
        signal.throwIfAborted()
        return { Success: false, ErrorMessage: reasonOf(thrown) }
      }
    },
    insert(key) {
      mailOf(key, parsed)
      return {}
    },
    async apply(intents) {
      for (const [sent, { key }] of intents.entries()) {
        try {
          await sendMail(mailOf(key, parsed), parsed)
        } catch (cause) {
          const before = sent === 0 ? '' : `; ${sent} of ${intents.length} mails are sent and cannot be taken back`
          throw new Error(`${reasonOf(cause)}${before}`, { cause })
        }
      }
      return undefined
    },
  }
}

function parse(options: MailOptions): Parsed {
  checkKeys(options, ['allow', 'tls', 'ca', 'timeout', 'recipients'], 'mail()')
  const { allow, tls = 'required', ca, timeout = '20 s', recipients = 100 } = options
  checkOption('tls', tls, tls === 'required' || tls === 'offered', "'required' or 'offered'")
  checkOption('ca', ca, ca === undefined || typeof ca === 'string', 'certificates as PEM')
  checkOption('recipients', recipients, Number.isSafeInteger(recipients) && recipients > 0, 'a whole number above 0')
  return {
    allowed: parseServers(allow),
    encrypted: tls === 'required',
    ca,
    timeout: parseDeadline(timeout),
    recipients,
  }
}

function parseServers(allow: MailOptions['allow']): Parsed['allowed'] {
  if (typeof allow === 'function') return (host, port) => decided(allow(host, port))
  const wanted = "a list such as ['mail.example.com:587'], or a function"
  checkOption('allow', allow, Array.isArray(allow), wanted)
  const form = /^[^\s:]+:\d{1,5}$|^\[[\da-f:]+\]:\d{1,5}$/i
  for (const server of allow) checkOption('allow', server, typeof server === 'string' && form.test(server), wanted)
  const all = new Set(allow.map((server) => server.toLowerCase()))
  return (host, port) => all.has(`${host.includes(':') ? `[${host}]` : host}:${port}`.toLowerCase())
}

/** The mail that a key describes. */
function mailOf(key: Key, { allowed, recipients }: Parsed): Mail {
  const host = textOf(key, 'Host') || missing('Host')
  const port = integerOf(key, 'Port') ?? missing('Port')
  if (port < 1 || port > 65_535) wrong('Port', `${port} is no port`)
  const from = textOf(key, 'From') || missing('From')
  const to = textsOf(key, 'To')
  if (to.length === 0) missing('To')
  const cc = textsOf(key, 'CC')
  const bcc = textsOf(key, 'BCC')
  for (const [field, addresses] of Object.entries({ From: [from], To: to, CC: cc, BCC: bcc }))
    for (const address of addresses) if (control.test(address)) wrong(field, 'an address has no control characters')
  // A text may have several addresses.
  const count = [...to, ...cc, ...bcc]
    .join(',')
    .split(/[,;]/)
    .filter((address) => address.trim() !== '').length
  if (count > recipients) wrong('To', `it goes to ${count} addresses, and may go to ${recipients}`)
  if (!allowed(host, port)) {
    const { storage } = key
    throw new GuestFault('EXTENSION_STORAGE', `${storage} may not send through ${host}:${port}: it is not allowed`, {
      storage,
    })
  }
  const user = textOf(key, 'Username')
  return {
    host,
    port,
    auth: user === '' ? undefined : { user, pass: textOf(key, 'Password') },
    from,
    to,
    cc,
    bcc,
    subject: textOf(key, 'Subject'),
    html: textOf(key, 'Body'),
  }
}

/** Lines and the like, of which nodemailer makes other addresses. */
const control = /\p{Cc}/u

const missing = (field: string): never => wrong(field, `'${field}': not found`)
