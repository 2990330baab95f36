import { connect, type Socket } from 'node:net'
import { createTransport, type SMTPTransportOptions } from 'nodemailer'
import { reasonOf } from '../errors.ts'

/** A mail, and the server that it goes to. */
export interface Mail {
  readonly host: string
  readonly port: number
  readonly auth: { readonly user: string; readonly pass: string } | undefined
  readonly from: string
  readonly to: readonly string[]
  readonly cc: readonly string[]
  readonly bcc: readonly string[]
  readonly subject: string
  readonly html: string
}

/** How mails are sent. */
export interface Sending {
  /** Nothing is said to a server that does not encrypt. */
  readonly encrypted: boolean
  /** Certificates of authorities in place of those that Node knows. */
  readonly ca: string | undefined
  /** Milliseconds for the whole of it. */
  readonly timeout: number
}

/** The port on which servers encrypt from the first byte. */
const securePort = 465

/**
 * Sends a mail: rejects where the server does not take it for every address in time.
 *
 * @param ended - gives it up
 */
export async function sendMail(mail: Mail, { encrypted, ca, timeout }: Sending, ended?: AbortSignal): Promise<void> {
  const { host, port, auth, to, cc, bcc, ...message } = mail
  const time = AbortSignal.timeout(timeout)
  const signal = ended === undefined ? time : AbortSignal.any([time, ended])
  const secure = port === securePort
  // A socket of our own, since nodemailer has nothing to stop a mail with that is on its way.
  let socket: Socket | undefined
  const aborted = Promise.withResolvers<never>()
  aborted.promise.catch(() => {})
  const stop = (): void => {
    socket?.destroy()
    aborted.reject(signal.reason)
  }
  signal.addEventListener('abort', stop)
  const options: SMTPTransportOptions = {
    host,
    port,
    secure,
    requireTLS: encrypted && !secure,
    ...(ca !== undefined && { tls: { ca } }),
    authMethod: 'PLAIN',
    ...(auth && { auth }),
    disableFileAccess: true,
    disableUrlAccess: true,
    // The time above ends it, which says so: these would come at the same moment, with other words.
    connectionTimeout: 2 * timeout,
    greetingTimeout: 2 * timeout,
    socketTimeout: 2 * timeout,
    getSocket(_options, callback) {
      const connection = connect({ host, port })
      socket = connection
      // It is listened to until the end: an error that nobody hears would end the process.
      connection.on('error', callback)
      connection.once('connect', () => callback(null, { connection }))
    },
  }
  const where = `${host}:${port}`
  try {
    signal.throwIfAborted()
    const addresses = { to: [...to], cc: [...cc], bcc: [...bcc] }
    const sent = createTransport(options).sendMail({ ...message, ...addresses })
    // nodemailer does not notice a socket that goes before it listens to it.
    const { rejected } = await Promise.race([sent, aborted.promise])
    if (rejected.length > 0) throw new Error(`it takes it, but not for ${rejected.map(String).join(', ')}`)
  } catch (cause) {
    ended?.throwIfAborted()
    const why = signal.aborted ? `it took longer than ${timeout} ms` : reasonOf(cause)
    throw new Error(`${where} did not take the mail: ${why}`, { cause })
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
}
