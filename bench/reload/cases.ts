import type { Case } from '../harness/suite.ts'

/** The rows, by which figures are quoted. */
export const cases = {
  quick: 'save, AssemblyScript',
  optimized: 'save, AssemblyScript, optimized',
  small: 'save, TypeScript, 3 KB',
  large: 'save, TypeScript, 200 KB',
  push: 'push, 20 KB',
  rollback: 'rollback',
} as const

const saved =
  'A file is written over, and a request is answered by the new code, of `mortise dev` in a process of its own'

/** Everything that is measured. */
export const described: readonly Case[] = [
  { name: cases.quick, does: `${saved}: by the build in a hurry, with a warm compiler.` },
  { name: cases.optimized, does: 'The same, by the optimized build that is swapped in behind it.' },
  { name: cases.small, does: `${saved}, on the runtime esm.` },
  { name: cases.large, does: 'The same.' },
  { name: cases.push, does: 'A module that was never seen is sent to a server, deployed, and answers a request.' },
  { name: cases.rollback, does: 'The version before is live again.' },
]
