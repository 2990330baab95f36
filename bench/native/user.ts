import { deepStrictEqual } from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { wrong } from '../engine/work.ts'

const types = ['invalid', 'primary', 'service'] as const

/** What `get_user` takes. */
export interface UserId {
  readonly idp: string
  readonly opaqueId: string
  readonly type: (typeof types)[number]
}

/** What it gives. */
export interface User {
  readonly id: UserId
  readonly name: string
  readonly mail: string
  readonly displayName: string
  readonly tenant: string
  readonly groups: readonly string[]
  readonly entries: readonly { readonly key: string; readonly value: Uint8Array }[]
  readonly number: number
  readonly verified: boolean
}

const first = 32

/** Lowers and lifts `get_user` in an arena, as code that is made for a contract would. */
export class UserCodec {
  readonly #bytes: Uint8Array
  readonly #words: Uint32Array
  readonly #buffer: Buffer
  /** All of the reply from its first text on, byte by byte. */
  #reply = ''
  #ascii = false
  #start = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#words = new Uint32Array(bytes.buffer, bytes.byteOffset)
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Writes the arguments, and how far they reach. */
  lower({ idp, opaqueId, type }: UserId): void {
    const words = this.#words
    const room = first + 20
    const end = room + this.#buffer.write(idp + opaqueId, room)
    // Together they take more bytes than units only where one is not ASCII.
    const length = end - room === idp.length + opaqueId.length ? idp.length : Buffer.byteLength(idp)
    words[first >>> 2] = room
    words[(first >>> 2) + 1] = length
    words[(first >>> 2) + 2] = room + length
    words[(first >>> 2) + 3] = end - room - length
    this.#bytes[first + 16] = types.indexOf(type)
    words[0] = end
  }

  lift(at: number): User | undefined {
    const bytes = this.#bytes
    if (bytes[at] === 0) return undefined
    const user = at + 4
    const groups = this.#word(user + 52)
    const entries = this.#word(user + 60)
    this.#decode(this.#word(user), this.#word(0))
    return {
      id: { idp: this.#text(user), opaqueId: this.#text(user + 8), type: types[bytes[user + 16] ?? 0] ?? wrong(at) },
      name: this.#text(user + 20),
      mail: this.#text(user + 28),
      displayName: this.#text(user + 36),
      tenant: this.#text(user + 44),
      groups: [this.#text(groups), this.#text(groups + 8), this.#text(groups + 16)],
      entries: [
        { key: this.#text(entries), value: this.#list(entries + 8) },
        { key: this.#text(entries + 16), value: this.#list(entries + 24) },
      ],
      number: this.#word(user + 68),
      verified: bytes[user + 72] !== 0,
    }
  }

  /** Cut by bytes, text is right only where all of it is ASCII: looked at by words, with up to three bytes more at both ends. */
  #decode(start: number, end: number): void {
    const words = this.#words
    let all = 0
    for (let index = start >>> 2; index <= (end - 1) >>> 2; index++) all |= words[index] ?? 0
    this.#ascii = (all & 0x80808080) === 0
    this.#reply = this.#buffer.toString('latin1', start, end)
    this.#start = start
  }

  #word(at: number): number {
    return this.#words[at >>> 2] ?? 0
  }

  #text(at: number): string {
    const start = this.#word(at)
    const end = start + this.#word(at + 4)
    if (!this.#ascii) return this.#buffer.toString('utf8', start, end)
    return this.#reply.slice(start - this.#start, end - this.#start)
  }

  #list(at: number): Uint8Array {
    const start = this.#word(at)
    const list = new Uint8Array(this.#word(at + 4))
    for (let index = 0; index < list.length; index++) list[index] = this.#bytes[start + index] ?? 0
    return list
  }
}

/** Identities, another one each time. */
export const ids: readonly UserId[] = Array.from({ length: 16 }, (_, index) => ({
  idp: `https://idp-${index.toString(16)}.example.org/realms/a`,
  opaqueId: `4c510ada-c86b-4815-8820-42cdf82c3d5${index.toString(16)}`,
  type: 'primary',
}))

/** Checks a whole answer, once; the loops check three of its texts. */
export function checkUser(user: User | undefined): void {
  deepStrictEqual(user, {
    id: ids[3],
    name: 'einstein-of-princeton',
    mail: 'albert.einstein@example.org',
    displayName: 'Albert Einstein, Princeton',
    tenant: 'the institute for advanced study',
    groups: ['sailing-lovers', 'violin-haters', 'physics-lovers'],
    entries: [
      { key: 'quota', value: new TextEncoder().encode('plain bytes 1234') },
      { key: 'color', value: new TextEncoder().encode('blue') },
    ],
    number: 1000,
    verified: true,
  })
}

/** Calls in a row, each answer checked. */
export function runUsers(count: number, getUser: (id: UserId) => User | undefined): void {
  for (let n = 0; n < count; n++) {
    const id = ids[n & 15] ?? wrong(n)
    const user = getUser(id)
    if (user?.id.opaqueId !== id.opaqueId || user.groups.length !== 3 || user.entries[1]?.value.length !== 4)
      wrong(user)
  }
}
