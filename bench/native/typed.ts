import { Mortise } from 'mortise'
import { bool, contract, enumeration, list, option, record, string, u32, u8 } from 'mortise/contract'
import { native } from 'mortise/native'
import type { Bench } from '../harness/suite.ts'
import { library } from './library.ts'
import { bench } from './run.ts'

/** GetUser by a contract that is defined by its types. */
export async function typedBench(): Promise<Bench> {
  const UserId = record('user-id', {
    idp: string,
    opaqueId: string,
    type: enumeration('user-type', ['invalid', 'primary', 'service']),
  })
  const User = record('user', {
    id: UserId,
    name: string,
    mail: string,
    displayName: string,
    tenant: string,
    groups: list(string),
    entries: list(record('entry', { key: string, value: list(u8) })),
    number: u32,
    verified: bool,
  })
  const users = contract('users', { getUser: { params: { id: UserId }, result: option(User) } })
  const { hooks } = await new Mortise({ runtimes: [native()] }).plug('users', library(), users)
  return bench.user((id) => hooks.getUser({ id }))
}
