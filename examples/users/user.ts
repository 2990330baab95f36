import type { User } from './contract.ts'
import type { Row } from './rows.ts'

const types = [
  'invalid',
  'primary',
  'secondary',
  'service',
  'application',
  'guest',
  'federated',
  'lightweight',
] as const

/** A user as the contract has it, from a row of users.json. */
export function userOf(row: Row): User {
  const opaque = Object.entries(row.opaque.map).map(([name, { decoder, value }]) => ({
    name,
    decoder,
    value: Uint8Array.from(Buffer.from(value, 'base64')),
  }))
  return {
    id: { idp: row.id.idp, opaqueId: row.id.opaque_id, type: types[row.id.type] ?? 'invalid' },
    username: row.username,
    mail: row.mail,
    mailVerified: row.mail_verified,
    displayName: row.display_name,
    groups: row.groups,
    opaque,
    uidNumber: row.uid_number,
    gidNumber: row.gid_number,
  }
}
