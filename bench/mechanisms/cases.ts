import type { Case } from '../harness/suite.ts'

/** The rows' names, by which figures are quoted. */
export const cases = {
  load: 'load',
  getUser: 'GetUser',
  byClaim: 'GetUserByClaim',
  groups: 'GetUserGroups',
  find: 'FindUsers',
  missing: 'not found',
  thousand: 'FindUsers, all of 1,000 users',
  together: 'GetUser, 64 at a time',
} as const

/** Everything that is measured. */
export const described: readonly Case[] = [
  { name: cases.load, does: 'From nothing to the first answer: the mechanism, the guest and its four users.' },
  { name: cases.getUser, does: 'The first of four users, by its id and provider.' },
  { name: cases.byClaim, does: 'The same user by its mail address.' },
  { name: cases.groups, does: 'Its three groups.' },
  { name: cases.find, does: 'The one of four users that has a text somewhere, in any case.' },
  { name: cases.missing, does: 'GetUser with an id that nobody has: none, which is no error.' },
  { name: cases.thousand, does: 'A guest with 1,000 users, all of whom have the text: the result is 330 KB as JSON.' },
  {
    name: cases.together,
    does: 'Of what answers through a promise: 64 calls before the first answer is awaited, the time of all 64.',
  },
]
