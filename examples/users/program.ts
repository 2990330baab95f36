// The guest for the runtime `process` in TypeScript: the ES module, with bytes as JSON has them, in base64.
import type { User, UserId } from './contract.ts'
import * as guest from './module.ts'

interface JsonUser extends Omit<User, 'opaque'> {
  readonly opaque: readonly { readonly name: string; readonly decoder: string; readonly value: string }[]
}

export const getUser = (params: { readonly id: UserId }): JsonUser | null => json(guest.getUser(params))
export const getUserByClaim = (params: Parameters<typeof guest.getUserByClaim>[0]): JsonUser | null =>
  json(guest.getUserByClaim(params))
export const getUserGroups = (params: { readonly id: UserId }): readonly string[] | null =>
  guest.getUserGroups(params) ?? null
export const findUsers = (params: { readonly query: string }): readonly (JsonUser | null)[] =>
  guest.findUsers(params).map(json)

function json(user: User | undefined): JsonUser | null {
  if (user === undefined) return null
  const opaque = user.opaque.map((entry) => ({ ...entry, value: Buffer.from(entry.value).toString('base64') }))
  return { ...user, opaque }
}
