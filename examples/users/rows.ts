import { readFileSync } from 'node:fs'

/** One user as users.json has it. */
export interface Row {
  readonly id: { readonly idp: string; readonly opaque_id: string; readonly type: number }
  readonly username: string
  readonly mail: string
  readonly mail_verified: boolean
  readonly display_name: string
  readonly groups: readonly string[]
  readonly opaque: { readonly map: Readonly<Record<string, Entry>> }
  readonly uid_number: number
  readonly gid_number: number
}

interface Entry {
  readonly decoder: string
  /** In base64. */
  readonly value: string
}

const file = new URL('users.json', import.meta.url)

/**
 * The four users of users.json, and as many more as are wanted, who are made up: the same ones every time.
 *
 * @param count - how many in all
 */
export function rows(count = 4): readonly Row[] {
  // oxlint-disable-next-line no-unsafe-type-assertion -- the file is ours
  const first = JSON.parse(readFileSync(file, 'utf8')) as readonly Row[]
  return [...first, ...Array.from({ length: count }, (_, index) => madeUp(index))].slice(0, count)
}

const idps = ['cernbox.cern.ch', 'cesnet.cz', 'example.org', 'example.com']
const groups = ['sailing', 'violin', 'radium', 'polonium', 'quantum', 'philosophy', 'physics']

function madeUp(index: number): Row {
  const number = String(index).padStart(4, '0')
  const username = `someone-${number}`
  const pick = (list: readonly string[], step: number): string => list[(index + step) % list.length] ?? ''
  return {
    id: { idp: pick(idps, 0), opaque_id: `0000${number}-5eed-4000-8000-00000000${number}`, type: 1 },
    username,
    mail: `${username}@${pick(idps, 0)}`,
    mail_verified: index % 2 === 0,
    display_name: `Someone Number ${number}`,
    groups: [`${pick(groups, 0)}-lovers`, `${pick(groups, 3)}-haters`, `${pick(groups, 5)}-lovers`],
    opaque: { map: { gid: plain(100 + (index % 7)), uid: plain(10_000 + index) } },
    uid_number: 10_000 + index,
    gid_number: 100 + (index % 7),
  }
}

const plain = (number: number): Entry => ({ decoder: 'plain', value: Buffer.from(String(number)).toString('base64') })
