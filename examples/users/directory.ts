import type { User, UserId } from './contract.ts'

/** A user, and its claim `uid`: the opaque entry of that name, where its decoder is `plain`. */
export interface Known {
  readonly user: User
  readonly uid: string | undefined
}

/** What the contract asks for. */
export interface Directory {
  readonly getUser: (params: { readonly id: UserId }) => User | undefined
  readonly getUserByClaim: (params: { readonly claim: string; readonly value: string }) => User | undefined
  readonly getUserGroups: (params: { readonly id: UserId }) => readonly string[] | undefined
  readonly findUsers: (params: { readonly query: string }) => readonly User[]
}

/** Answers from a list of users. The first one that fits counts. */
export function directory(known: readonly Known[]): Directory {
  const searched = known.map(({ user: { id, username, displayName, mail } }) => {
    return [username, displayName, mail, id.opaqueId].map(small)
  })

  function getUser({ id: { idp, opaqueId } }: { readonly id: UserId }): User | undefined {
    for (const { user } of known) {
      const { id, username } = user
      if ((id.opaqueId === opaqueId || username === opaqueId) && (idp === '' || idp === id.idp)) return user
    }
    return undefined
  }

  return {
    getUser,
    getUserByClaim({ claim, value }) {
      for (const { user, uid } of known) {
        if (claim === 'mail' && user.mail === value) return user
        if (claim === 'username' && user.username === value) return user
        if (claim === 'uid' && uid === value) return user
      }
      return undefined
    },
    getUserGroups: (params) => getUser(params)?.groups,
    findUsers({ query }) {
      const wanted = small(query)
      const found: User[] = []
      for (const [index, texts] of searched.entries()) {
        const user = known[index]?.user
        if (user !== undefined && texts.some((text) => text.includes(wanted))) found.push(user)
      }
      return found
    },
  }
}

/** Letters of ASCII in lower case, others as they are: the same in every language. */
function small(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
}
