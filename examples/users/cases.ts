import type { Directory } from './directory.ts'

/** Questions, each with the users that are the answer by their names, or a list of groups. */
export interface Case {
  readonly says: string
  readonly ask: Question
  readonly finds: readonly string[] | undefined
}

/** A hook with its parameters. */
export type Question = {
  readonly [N in keyof Directory]: { readonly hook: N; readonly params: Parameters<Directory[N]>[0] }
}[keyof Directory]

const einstein = '4c510ada-c86b-4815-8820-42cdf82c3d51'
const id = (opaqueId: string, idp = ''): { readonly id: { idp: string; opaqueId: string; type: 'primary' } } => ({
  id: { idp, opaqueId, type: 'primary' },
})
const user = (opaqueId: string, idp?: string): Question => ({ hook: 'getUser', params: id(opaqueId, idp) })
const groups = (opaqueId: string, idp?: string): Question => ({ hook: 'getUserGroups', params: id(opaqueId, idp) })
const claim = (name: string, value: string): Question => ({ hook: 'getUserByClaim', params: { claim: name, value } })
const find = (query: string): Question => ({ hook: 'findUsers', params: { query } })

/** What every implementation has to answer over the four users. */
export const cases: readonly Case[] = [
  { says: 'a user by its id', ask: user(einstein, 'cernbox.cern.ch'), finds: ['einstein'] },
  { says: 'by its id, whatever the provider', ask: user(einstein), finds: ['einstein'] },
  { says: 'by its name in place of the id', ask: user('marie', 'cesnet.cz'), finds: ['marie'] },
  { says: 'the last one', ask: user('test'), finds: ['test'] },
  { says: 'nobody under another provider', ask: user(einstein, 'cesnet.cz'), finds: undefined },
  { says: 'nobody with an unknown id', ask: user('niels'), finds: undefined },
  { says: 'nobody in another case', ask: user('Einstein'), finds: undefined },
  { says: 'nobody without an id', ask: user(''), finds: undefined },
  { says: 'nobody with more after the name', ask: user('einstein\0'), finds: undefined },
  { says: 'a user by mail', ask: claim('mail', 'richard@example.org'), finds: ['richard'] },
  { says: 'by username', ask: claim('username', 'test'), finds: ['test'] },
  { says: 'by uid', ask: claim('uid', '456'), finds: ['marie'] },
  { says: 'nobody by another claim', ask: claim('gid', '987'), finds: undefined },
  { says: 'nobody by a claim that no one has', ask: claim('mail', 'nobody@example.org'), finds: undefined },
  { says: 'nobody by an empty claim', ask: claim('', ''), finds: undefined },
  { says: 'the groups of a user', ask: groups('marie'), finds: ['radium-lovers', 'polonium-lovers', 'physics-lovers'] },
  { says: 'no groups of nobody', ask: groups('niels'), finds: undefined },
  { says: 'users by a part of the display name, in any case', ask: find('CURIE'), finds: ['marie'] },
  { says: 'users by a part of the mail', ask: find('@example.'), finds: ['richard', 'test'] },
  { says: 'users by a part of the id', ask: find('-4815-'), finds: ['einstein', 'test'] },
  { says: 'all users, for what all have', ask: find(''), finds: ['einstein', 'marie', 'richard', 'test'] },
  { says: 'no users', ask: find('bohr'), finds: [] },
  { says: 'no users, for letters beyond ASCII', ask: find('é 😀'), finds: [] },
]

/** The contract's hooks, whether they wait or not. */
export type Hooks = {
  readonly [N in keyof Directory]: (
    params: Parameters<Directory[N]>[0],
  ) => ReturnType<Directory[N]> | Promise<ReturnType<Directory[N]>>
}

/** Asks a question of one implementation. */
export async function ask(hooks: Hooks, question: Question): Promise<unknown> {
  switch (question.hook) {
    case 'getUser':
      return hooks.getUser(question.params)
    case 'getUserByClaim':
      return hooks.getUserByClaim(question.params)
    case 'getUserGroups':
      return hooks.getUserGroups(question.params)
    case 'findUsers':
      return hooks.findUsers(question.params)
  }
}
