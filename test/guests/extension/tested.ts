import {
  Key,
  KeyBuilder,
  QName,
  Storage,
  Value,
  assert,
  keyBuilder,
  mustGet,
  newValue,
  query,
  read,
  updateValue,
} from 'tenon/extension'

function result(name: string, value: i64): void {
  newValue(keyBuilder(Storage.Result)).putInt64(name, value)
}

function log(level: i32, message: string): void {
  const key = keyBuilder(Storage.Logger)
  key.putInt32('LogLevel', level)
  newValue(key).putString('Message', message)
}

function record(id: i64): KeyBuilder {
  const key = keyBuilder(Storage.Record)
  key.putRecordID('ID', id)
  return key
}

/** Changes a user: by the argument's id, the singleton's greeting, the subject's name, and the token of the secret. */
export function Greet(): void {
  const context = mustGet(keyBuilder(Storage.CommandContext))
  const user = record(context.asValue('ArgumentObject').asInt64('User'))
  const single = keyBuilder(Storage.Record, 'app.Config')
  single.putBool('IsSingleton', true)
  const greeting = mustGet(single).asText('Greeting')
  const secret = keyBuilder(Storage.AppSecret)
  secret.putString('Secret', 'token')
  const intent = updateValue(user, mustGet(user))
  intent.putString('Greeting', greeting)
  intent.putString('By', mustGet(keyBuilder(Storage.RequestSubject)).asText('Name'))
  intent.putString('Token', mustGet(secret).asText(''))
  intent.putFloat32('Share', 0.1)
  intent.putBytes('Bytes', Uint8Array.wrap(String.UTF8.encode('ab')))
  intent.putQName('Name', QName.of('app', 'User'))
  const password = context.asValue('ArgumentUnloggedObject').asText('Password')
  if (password.equals('')) {
    const response = newValue(keyBuilder(Storage.Response))
    response.putInt32('StatusCode', 403)
    response.putString('ErrorMessage', 'no password')
  }
  log(3, 'greeted')
  result('WLogOffset', context.asInt64('WLogOffset'))
}

/** Finds a user by the address of the argument, and sums up the log. */
export function Find(): void {
  const argument = mustGet(keyBuilder(Storage.QueryContext)).asValue('ArgumentObject')
  const uniq = keyBuilder(Storage.Uniq, 'app.User')
  uniq.putString('Email', argument.asText('Email'))
  const found = query(uniq)
  result('ID', found === null ? 0 : found.asInt64('ID'))
  const events = keyBuilder(Storage.WLog)
  events.putInt64('Offset', 2)
  events.putInt64('Count', 2)
  read(events, (key: Key, value: Value) => {
    result('Offset', key.asInt64('Offset') * 100 + value.asValue('ArgumentObject').asInt64('N'))
  })
  const blob = keyBuilder(Storage.FederationBlob)
  blob.putQName('OwnerRecord', QName.of('app', 'User'))
  blob.putString('OwnerRecordField', 'Photo')
  blob.putRecordID('OwnerID', 7)
  read(blob, (_key: Key, value: Value) => {
    result('Bytes', value.asBytes('Body').length)
  })
}

let rows: i64 = 0

/** Counts the event's new rows, and asks two servers. */
export function Follow(): void {
  const event = mustGet(keyBuilder(Storage.Event))
  const cuds = event.asValue('CUDs')
  let created: i64 = 0
  for (let i = 0; i < cuds.length; i++) {
    const one = cuds.getAsValue(i)
    if (one.asBool('IsNew') && one.asQName('sys.QName').equals('app', 'User')) created += one.asInt64('sys.ID')
  }
  rows = 0
  const counts = keyBuilder(Storage.View, 'app.Counts')
  counts.putInt32('Year', 2026)
  read(counts, (key: Key, value: Value) => {
    rows = rows * 100 + value.asInt64('Count') + key.asInt32('Day')
  })
  const count = keyBuilder(Storage.View, 'app.Counts')
  count.putInt32('Year', 2026)
  count.putInt32('Day', <i32>event.asInt64('WLogOffset'))
  const intent = newValue(count)
  intent.putInt64('Count', created)
  intent.putInt64('Rows', rows)
  const http = keyBuilder(Storage.HTTP)
  http.putString('Method', 'POST')
  http.putString('Url', 'https://example.com/hook')
  http.putString('Header', 'X-A: b')
  http.putBytes('Body', Uint8Array.wrap(String.UTF8.encode('hi')))
  http.putBool('HandleErrors', true)
  read(http, (_key: Key, value: Value) => {
    log(value.asInt32('') == 200 ? 3 : 1, value.asString('Error') + value.asString('Body') + value.asString('Header'))
  })
  const command = keyBuilder(Storage.FederationCommand)
  command.putQName('Command', QName.of('app', 'Take'))
  command.putString('Body', '{}')
  command.putString('ExpectedCodes', '200, 201')
  const answer = mustGet(command)
  assert(answer.asInt32('StatusCode') == 201, 'created')
  log(4, answer.asValue('NewIDs').asInt64('1').toString() + answer.asValue('Result').asString('Said'))
  const mail = keyBuilder(Storage.SendMail)
  mail.putString('Host', 'localhost')
  mail.putInt32('Port', 25)
  mail.putString('From', 'a@example.com')
  mail.putString('To', 'b@example.com')
  mail.putString('To', 'c@example.com')
  const sent = mustGet(mail)
  if (!sent.asBool('Success')) log(1, sent.asString('ErrorMessage'))
}

/** Sends a mail when it is due. */
export function Remind(): void {
  const due = mustGet(keyBuilder(Storage.JobContext)).asInt64('UnixTime')
  if (due < 1000) return
  const mail = keyBuilder(Storage.SendMail)
  mail.putString('Host', 'localhost')
  mail.putInt32('Port', 25)
  mail.putString('From', 'a@example.com')
  mail.putString('To', 'b@example.com')
  newValue(mail)
}

/** Writes a row whose key lacks a field. */
export function Hole(): void {
  const key = keyBuilder(Storage.View, 'app.Counts')
  key.putInt32('Year', 2026)
  newValue(key).putInt64('Count', 1)
}
