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
  readonly #words: Int32Array
  readonly #view: DataView
  readonly #buffer: Buffer
  /** All of the reply from its first text on, byte by byte. */
  #reply = ''
  #start = 0
  #ascii = false

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#words = new Int32Array(bytes.buffer, bytes.byteOffset)
    this.#view = new DataView(bytes.buffer, bytes.byteOffset)
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** @returns the end of the arguments */
  lower({ idp, opaqueId, type }: UserId): number {
    const view = this.#view
    const room = first + 20
    const middle = room + this.#buffer.write(idp, room)
    const end = middle + this.#buffer.write(opaqueId, middle)
    view.setUint32(first, room, true)
    view.setUint32(first + 4, middle - room, true)
    view.setUint32(first + 8, middle, true)
    view.setUint32(first + 12, end - middle, true)
    view.setUint32(first + 16, types.indexOf(type), true)
    return end
  }

  lift(at: number): User | undefined {
    const view = this.#view
    if (view.getUint8(at) === 0) return undefined
    const user = at + 4
    const groups = view.getUint32(user + 48, true)
    const entries = view.getUint32(user + 56, true)
    this.#start = view.getUint32(user, true)
    const end = view.getUint32(0, true)
    this.#reply = this.#buffer.toString('latin1', this.#start, end)
    this.#ascii = this.#isAscii(this.#start, end)
    return {
      id: { idp: this.#text(user), opaqueId: this.#text(user + 8), type: types[view.getUint8(user + 68)] ?? wrong(at) },
      name: this.#text(user + 16),
      mail: this.#text(user + 24),
      displayName: this.#text(user + 32),
      tenant: this.#text(user + 40),
      groups: [this.#text(groups), this.#text(groups + 8), this.#text(groups + 16)],
      entries: [
        { key: this.#text(entries), value: this.#list(entries + 8) },
        { key: this.#text(entries + 16), value: this.#list(entries + 24) },
      ],
      number: view.getUint32(user + 64, true),
      verified: view.getUint8(user + 69) !== 0,
    }
  }

  #text(at: number): string {
    const start = this.#view.getUint32(at, true)
    const end = start + this.#view.getUint32(at + 4, true)
    if (!this.#ascii) return this.#buffer.toString('utf8', start, end)
    return this.#reply.slice(start - this.#start, end - this.#start)
  }

  /** A word at a time, which looks at up to three bytes more at both ends. */
  #isAscii(start: number, end: number): boolean {
    const words = this.#words
    let all = 0
    for (let index = start >>> 2; index <= (end - 1) >>> 2; index++) all |= words[index] ?? 0
    return (all & 0x80808080) === 0
  }

  #list(at: number): Uint8Array {
    const start = this.#view.getUint32(at, true)
    const list = new Uint8Array(this.#view.getUint32(at + 4, true))
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
