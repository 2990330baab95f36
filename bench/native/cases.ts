import type { Case } from '../harness/suite.ts'

/** The rows' names, by which figures are quoted. */
export const cases = {
  none: 'C function without arguments',
  add: 'C function that adds two integers',
  textIn: '40-byte text in',
  textOut: '40-byte text out',
  user: 'GetUser',
  reload: 'another version',
} as const

/** Everything that is measured. */
export const described: readonly Case[] = [
  { name: cases.none, does: 'A call of `int32_t (void)`.' },
  { name: cases.add, does: 'A call of `int32_t (int32_t, int32_t)`.' },
  { name: cases.textIn, does: 'A call of `uint32_t (const char *)`, which returns the length of the text.' },
  { name: cases.textOut, does: 'A call of `const char *(void)`, and a string of JavaScript from what it returns.' },
  {
    name: cases.user,
    does: 'A record of two texts and an enum in; an optional record out of 11 texts, 2 lists of bytes, a number, a flag and an enum, through the arena.',
  },
  {
    name: cases.reload,
    does: 'From the bytes of a library that was never loaded to its first answer, the old one unloaded.',
  },
]
