// The guest for the runtime `esm`.
import { directory } from './directory.ts'
import { userOf } from './user.ts'
import rows from './users.json' with { type: 'json' }

const known = rows.map((row) => {
  const user = userOf(row)
  const entry = user.opaque.find(({ name, decoder }) => name === 'uid' && decoder === 'plain')
  return { user, uid: entry && Buffer.from(entry.value).toString() }
})

export const { getUser, getUserByClaim, getUserGroups, findUsers } = directory(known)
