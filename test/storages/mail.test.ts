import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, test } from 'node:test'
import type { AsyncStorage, FieldValue, Intent } from 'mortise/extension'
import { mail } from 'mortise/storages/mail'
import { type MailServer, startExim } from '../support/exim.ts'
import { failure } from '../support/wat.ts'
import { call, keyOf } from './asking.ts'

interface Outcome {
  readonly Success: unknown
  readonly ErrorMessage: unknown
}
type Fields = Readonly<Record<string, FieldValue>>

const to = ['ben@example.com']
const letter = (port: number): Fields => ({
  Host: '127.0.0.1',
  Port: port,
  Username: 'ada',
  Password: 'quite secret',
  From: 'ada@example.com',
  To: to,
  Subject: 'Grüße',
  Body: '<b>hello</b>',
})
const storage = ({ port }: Pick<MailServer, 'port'>, tls: 'required' | 'offered' = 'offered'): AsyncStorage =>
  mail({ allow: [`127.0.0.1:${port}`], tls })
const sendNow = async (mails: AsyncStorage, fields: Fields): Promise<Outcome> => {
  const row = await mails.get?.(keyOf('sys.SendMail', fields), undefined, call)
  assert.ok(row !== undefined && 'Success' in row && 'ErrorMessage' in row)
  return { Success: row['Success'], ErrorMessage: row['ErrorMessage'] }
}
const intent = (fields: Fields): Intent => ({
  operation: 'insert',
  key: keyOf('sys.SendMail', fields),
  row: undefined,
  fields: new Map(),
})

describe('a mail', () => {
  test('is sent at once by a get, to all that it is for', async () => {
    await using server = await startExim()
    const fields = { ...letter(server.port), CC: ['cy@example.com'], BCC: ['di@example.com', 'ed@example.com'] }
    assert.deepEqual(await sendNow(storage(server), fields), { Success: true, ErrorMessage: '' })
    const mails = await server.mails(4)
    const receivers = mails
      .map((one) => /^Envelope-to: (.*)$/m.exec(one)?.[1])
      .toSorted((a = '', b = '') => (a < b ? -1 : 1))
    assert.deepEqual(receivers, ['ben@example.com', 'cy@example.com', 'di@example.com', 'ed@example.com'])
    for (const one of mails) {
      assert.match(one, /^From: ada@example.com$/m)
      assert.match(one, /^To: ben@example.com$/m)
      assert.match(one, /^Cc: cy@example.com$/m)
      assert.match(one, /^Subject: =\?UTF-8\?Q\?Gr=C3=BC=C3=9Fe\?=$/m)
      assert.match(one, /^Content-Type: text\/html; charset=utf-8$/m)
      assert.match(one, /<b>hello<\/b>/)
      assert.doesNotMatch(one, /^Bcc/im)
    }
  })

  test('is sent by an insert when it is applied, each of them', async () => {
    await using server = await startExim()
    const mails = storage(server)
    assert.deepEqual(mails.insert?.(keyOf('sys.SendMail', letter(server.port)), undefined), {})
    await mails.apply?.([intent(letter(server.port)), intent(letter(server.port))], undefined)
    assert.equal((await server.mails(2)).length, 2)
  })

  test('that the server does not take fails: with a row of a get, and an error of an insert', async () => {
    await using server = await startExim()
    const mails = storage(server)
    const cases: readonly (readonly [Fields, RegExp])[] = [
      [{ Password: 'guessed' }, /Incorrect authentication data/],
      [{ Username: '' }, /Administrative prohibition|rejected|550/i],
      [{ To: ['full@example.com'] }, /rejected|550/i],
      [{ To: [...to, 'full@example.com'] }, /it takes it, but not for full@example\.com/],
    ]
    for (const [change, message] of cases) {
      const fields = { ...letter(server.port), ...change }
      const row = await sendNow(mails, fields)
      assert.equal(row.Success, false)
      assert.match(String(row.ErrorMessage), message)
      await assert.rejects(mails.apply?.([intent(fields)], undefined) ?? Promise.resolve(), message)
    }
    const two = mails.apply?.([intent(letter(server.port)), intent({ ...letter(server.port), Password: 'guessed' })], 0)
    await assert.rejects(two ?? Promise.resolve(), /1 of 2 mails are sent and cannot be taken back/)
  })

  test('that is none is the fault of a field, in the order of the reference engine', async () => {
    const mails = mail({ allow: ['127.0.0.1:2525'], recipients: 2 })
    const whole = letter(2525)
    const without = (...names: readonly string[]): Fields =>
      Object.fromEntries(Object.entries(whole).filter(([name]) => !names.includes(name)))
    const cases: readonly (readonly [Fields, string, RegExp])[] = [
      [without('Host', 'Port', 'From', 'To'), 'Host', /'Host': not found/],
      [without('Port', 'From', 'To'), 'Port', /'Port': not found/],
      [without('From', 'To'), 'From', /'From': not found/],
      [without('To'), 'To', /'To': not found/],
      [{ ...whole, Port: 70_000 }, 'Port', /70000 is no port/],
      [{ ...whole, CC: ['a@example.com, b@example.com'] }, 'To', /goes to 3 addresses, and may go to 2/],
      [{ ...whole, From: 'a@example.com>\r\nRCPT TO:<b@example.com' }, 'From', /control character/],
      [{ ...whole, To: ['a@example.com\nBcc: b@example.com'] }, 'To', /control character/],
      [{ ...whole, BCC: ['a@example.com\u0000'] }, 'BCC', /control character/],
    ]
    for (const [fields, field, message] of cases) {
      await assert.rejects(sendNow(mails, fields), { code: 'EXTENSION_FIELD', details: { field }, message })
      assert.throws(() => mails.insert?.(keyOf('sys.SendMail', fields), undefined), { code: 'EXTENSION_FIELD' })
    }
    // @ts-expect-error -- a promise is true for whoever does not look at what it is
    const late = mail({ allow: async () => false })
    await assert.rejects(sendNow(late, letter(2525)), /'allow' gave a Promise, and says true or false/)
    await assert.rejects(sendNow(mails, letter(2526)), {
      code: 'EXTENSION_STORAGE',
      message: /may not send through 127\.0\.0\.1:2526: it is not allowed/,
    })
  })
})

describe('a mail server', () => {
  test('that is stopped takes nothing', async () => {
    await using server = await startExim()
    const mails = storage(server)
    await sendNow(mails, letter(server.port))
    await server.stop()
    const row = await sendNow(mails, letter(server.port))
    assert.equal(row.Success, false)
    assert.match(String(row.ErrorMessage), /did not take the mail: (connect ECONNREFUSED|read ECONNRESET)/)
    await assert.rejects(
      mails.apply?.([intent(letter(server.port))], undefined) ?? Promise.resolve(),
      /ECONN(REFUSED|RESET)/,
    )
    assert.equal((await server.mails(1)).length, 1)
  })

  test('that does not encrypt gets nothing, unless that is offered only', async () => {
    await using server = await startExim()
    const row = await sendNow(storage(server, 'required'), letter(server.port))
    assert.match(String(row.ErrorMessage), /STARTTLS/)
  })

  test('that encrypts has to prove who it is', async () => {
    await using server = await startExim({ encrypts: true })
    for (const tls of ['required', 'offered'] as const) {
      const row = await sendNow(storage(server, tls), letter(server.port))
      assert.match(String(row.ErrorMessage), /self-signed certificate/)
    }
    const mails = mail({ allow: (host, port) => host === '127.0.0.1' && port === server.port, ca: server.ca })
    assert.deepEqual(await sendNow(mails, letter(server.port)), { Success: true, ErrorMessage: '' })
    const [delivered] = await server.mails(1)
    assert.match(delivered ?? '', /with esmtpsa/)
  })

  test('that says nothing is given up, and at once where the call has ended', async (context) => {
    const silent = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1')
    context.after(() => silent.close())
    await once(silent, 'listening')
    const address = silent.address()
    assert.ok(typeof address === 'object' && address !== null)
    const { port } = address
    const mails = mail({ allow: [`127.0.0.1:${port}`], tls: 'offered', timeout: '100 ms' })
    const row = await sendNow(mails, letter(port))
    assert.match(String(row.ErrorMessage), /took longer than 100 ms/)
    const ended = new AbortController()
    silent.once('connection', () => ended.abort(new Error('the plugin was unplugged')))
    const slow = mail({ allow: [`127.0.0.1:${port}`], tls: 'offered' })
    const sent = slow.get?.(keyOf('sys.SendMail', letter(port)), undefined, { signal: ended.signal })
    await assert.rejects(sent ?? Promise.resolve(), /the plugin was unplugged/)
  })
})

test('options are checked', () => {
  // @ts-expect-error -- callers without a type checker
  failure('OPTION_INVALID', () => mail({}))
  failure('OPTION_INVALID', () => mail({ allow: ['example.com'] }))
  failure('OPTION_INVALID', () => mail({ allow: [], recipients: 0 }))
  // @ts-expect-error -- the same
  failure('OPTION_INVALID', () => mail({ allow: [], tls: 'no' }))
  // @ts-expect-error -- the same
  failure('OPTION_UNKNOWN', () => mail({ allow: [], host: 'example.com' }))
})
