import { deepStrictEqual } from 'node:assert/strict'
import type { User, UserId } from '../../examples/users/contract.ts'
import type { Known } from '../../examples/users/directory.ts'
import { rows } from '../../examples/users/rows.ts'
import { userOf } from '../../examples/users/user.ts'
import { wrong } from '../engine/work.ts'

/** A user whose bytes are an array of them, or base64 where all crosses as JSON. */
export interface AnyUser extends Omit<User, 'opaque'> {
  readonly opaque: readonly { readonly name: string; readonly decoder: string; readonly value: Uint8Array | string }[]
}

/** The contract as any mechanism offers it: in place, or through a promise. None is `undefined` or null. */
export interface Hooks<M extends 'sync' | 'async' = 'sync' | 'async'> {
  readonly getUser: (params: { readonly id: UserId }) => Answer<M, AnyUser | undefined | null>
  readonly getUserByClaim: (params: Claim) => Answer<M, AnyUser | undefined | null>
  readonly getUserGroups: (params: { readonly id: UserId }) => Answer<M, readonly string[] | undefined | null>
  readonly findUsers: (params: { readonly query: string }) => Answer<M, readonly AnyUser[]>
}
export interface Claim {
  readonly claim: string
  readonly value: string
}
type Answer<M, R> = M extends 'sync' ? R : Promise<R>

/** How many users a guest has. */
export type Size = 4 | 1000

/** The users of a guest, with their bytes as they are, or in base64. */
export function known(size: Size): readonly Known[] {
  return rows(size).map((row) => ({ user: userOf(row), uid: String(row.uid_number) }))
}

/** The same as JSON. */
export const knownJson = (size: Size): string => json(known(size))
export const usersJson = (size: Size): string => json(known(size).map(({ user }) => user))

const json = (value: object): string =>
  JSON.stringify(value, (_, held: unknown) => {
    return held instanceof Uint8Array ? Buffer.from(held).toString('base64') : held
  })

/** Texts of their own, which are not equal by their address. */
const own = (text: string): string => Buffer.from(text).toString()
const four = <T>(make: () => T): readonly T[] => Array.from({ length: 4 }, make)

/** Questions, four equal ones each. */
export const questions = {
  id: four(() => ({
    id: {
      idp: own('cernbox.cern.ch'),
      opaqueId: own('4c510ada-c86b-4815-8820-42cdf82c3d51'),
      type: 'primary' as const,
    },
  })),
  missing: four(() => ({ id: { idp: '', opaqueId: own('niels'), type: 'primary' as const } })),
  claim: four(() => ({ claim: own('mail'), value: own('einstein@cern.ch') })),
  query: four(() => ({ query: own('einstein') })),
  all: four(() => ({ query: own('e') })),
} as const

const mail = 'einstein@cern.ch'

/** Whether it is the first user: quick looks at what lies far apart in it. */
export function isFirst(user: AnyUser | undefined | null): boolean {
  return user?.mail === mail && user.groups.length === 3 && user.opaque[1]?.value.length !== 0
}

export const isGroups = (groups: readonly string[] | undefined | null): boolean => groups?.[2] === 'physics-lovers'
export const isNobody = (user: AnyUser | undefined | null): boolean => user === undefined || user === null
export const isOne = (users: readonly AnyUser[]): boolean => users.length === 1 && isFirst(users[0])

/** Whether it is all of 1,000 users. */
export function isThousand(users: readonly AnyUser[]): boolean {
  return users.length === 1000 && isFirst(users[0]) && users[999]?.mail === 'someone-0995@example.com'
}

/** Compares every hook's answer with the whole of what it should be, once. The loops look at less. */
export async function checkAll(hooks: Hooks, size: Size): Promise<void> {
  const users: readonly AnyUser[] = known(size).map(({ user }) => user)
  const [first = wrong(size)] = users
  const { id, missing, claim, query, all } = questions
  deepStrictEqual(plain(await hooks.getUser(id[0] ?? wrong(id))), first)
  deepStrictEqual(plain(await hooks.getUserByClaim(claim[1] ?? wrong(claim))), first)
  const groups = await hooks.getUserGroups(id[2] ?? wrong(id))
  deepStrictEqual(groups && [...groups], first.groups)
  const found = await hooks.findUsers(query[3] ?? wrong(query))
  deepStrictEqual(Array.from(found, plain), [first])
  if (!isNobody(await hooks.getUser(missing[0] ?? wrong(missing)))) wrong(missing)
  const everyone = await hooks.findUsers(all[0] ?? wrong(all))
  deepStrictEqual(Array.from(everyone, plain), users)
}

/** A user whose objects are of this realm and whose bytes are an array of them. */
function plain(user: AnyUser | undefined | null): AnyUser | undefined | null {
  if (user === undefined || user === null) return user
  const opaque = Array.from(user.opaque, ({ name, decoder, value }) => {
    return { name, decoder, value: Uint8Array.from(typeof value === 'string' ? Buffer.from(value, 'base64') : value) }
  })
  return { ...user, id: { ...user.id }, groups: [...user.groups], opaque }
}
