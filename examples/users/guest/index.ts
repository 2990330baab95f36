// The guest for the runtime `wasm`. The users are compiled in: rows.ts is made from users.json.
import { rows } from './rows'
import { User, UserId } from './users-bindings'

const users = rows()
const searched = users.map<string[]>((user) => [
  small(user.username),
  small(user.displayName),
  small(user.mail),
  small(user.id.opaqueId),
])
const uids = users.map<string>((user) => uidOf(user))

export function getUser(id: UserId): User | null {
  for (let i = 0; i < users.length; i++) {
    const user = users[i]
    if (user.id.opaqueId != id.opaqueId && user.username != id.opaqueId) continue
    if (id.idp.length == 0 || id.idp == user.id.idp) return user
  }
  return null
}

export function getUserByClaim(claim: string, value: string): User | null {
  const mail = claim == 'mail'
  const username = claim == 'username'
  const uid = claim == 'uid' && value.length > 0
  for (let i = 0; i < users.length; i++) {
    const user = users[i]
    if ((mail && user.mail == value) || (username && user.username == value) || (uid && uids[i] == value)) return user
  }
  return null
}

export function getUserGroups(id: UserId): string[] | null {
  const user = getUser(id)
  return user === null ? null : user.groups
}

export function findUsers(query: string): User[] {
  const wanted = small(query)
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

/** The claim `uid`: the opaque entry of that name, where its decoder is `plain`. */
function uidOf(user: User): string {
  for (let i = 0; i < user.opaque.length; i++) {
    const entry = user.opaque[i]
    if (entry.name == 'uid' && entry.decoder == 'plain') return String.UTF8.decode(entry.value.buffer)
  }
  return ''
}

/** Letters of ASCII in lower case, others as they are: the same in every language. */
function small(text: string): string {
  let upper = false
  for (let i = 0; i < text.length; i++) upper = upper || isUpper(text.charCodeAt(i))
  if (!upper) return text
  let result = ''
  for (let i = 0; i < text.length; i++) {
    const letter = text.charCodeAt(i)
    result += String.fromCharCode(isUpper(letter) ? letter + 32 : letter)
  }
  return result
}

@inline
function isUpper(letter: i32): bool {
  return letter >= 65 && letter <= 90
}
