import type { Case } from '../harness/suite.ts'

/** The cases' names. */
export const cases = {
  noop: 'no-op hook',
  add: 'add two integers',
  pass: 'an object in and out',
  small: 'reload of 3 KB, JavaScript',
  smallTyped: 'reload of 3 KB, TypeScript',
  large: 'reload of 200 KB, JavaScript',
  largeTyped: 'reload of 200 KB, TypeScript',
} as const

const changed = 'A changed module takes the place of the one before, and is called once.'

export const described: readonly Case[] = [
  { name: cases.noop, does: 'A function of the module that does nothing.' },
  { name: cases.add, does: 'A function of the module that adds two numbers of an object.' },
  {
    name: cases.pass,
    does: 'A function of the module that gives back the object that it is given: the same, not a copy.',
  },
  { name: cases.small, does: changed },
  { name: cases.smallTyped, does: changed },
  { name: cases.large, does: changed },
  { name: cases.largeTyped, does: changed },
]
