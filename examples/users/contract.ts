import { bool, contract, enumeration, list, option, record, string, u32, u8, type ValueOf } from 'mortise/contract'

const userType = enumeration('user-type', [
  'invalid',
  'primary',
  'secondary',
  'service',
  'application',
  'guest',
  'federated',
  'lightweight',
])

const userId = record('user-id', { idp: string, opaqueId: string, type: userType })

/** What other systems know of a user, each in a form that its decoder understands: a map, as the list of its entries. */
const opaqueEntry = record('opaque-entry', { name: string, decoder: string, value: list(u8) })

const user = record('user', {
  id: userId,
  username: string,
  mail: string,
  mailVerified: bool,
  displayName: string,
  groups: list(string),
  opaque: list(opaqueEntry),
  uidNumber: u32,
  gidNumber: u32,
})

/** A directory of users. Whoever is not found is `undefined`, which is no error. */
export const users = contract(
  'users',
  {
    getUser: { params: { id: userId }, result: option(user) },
    getUserByClaim: { params: { claim: string, value: string }, result: option(user) },
    getUserGroups: { params: { id: userId }, result: option(list(string)) },
    findUsers: { params: { query: string }, result: list(user) },
  },
  { pure: true },
)

export type UserId = ValueOf<typeof userId>
export type User = ValueOf<typeof user>
