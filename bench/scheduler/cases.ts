import type { Case } from '../harness/suite.ts'

/** Nodes of the cluster. */
export const nodeCount = 500

/** The rows, with what the reference took for each with a guest of TinyGo, in nanoseconds, on another machine of this kind. */
export const cases = {
  first: 'load, first time ever',
  cached: 'load, rewritten before',
  again: 'load again in a process',
  score: `prefilter, prescore, ${nodeCount} × score`,
  filter: `prefilter, ${nodeCount} × filter that reads the node`,
  threads: 'the same on two threads',
  cycle: '17 calls',
  lease: 'an attempt without calls',
  restored: 'an instance as new for one call',
  made: 'a new plugin for one call',
} as const

/** Nodes of the cluster of an extender. */
export const extenderNodes = 5000

/** The rows of the extender: each is one pod's filter and prioritize, one after the other. */
export const extenderCases = {
  names: `extender, ${extenderNodes} nodes by name`,
  full: `extender, ${extenderNodes} nodes in full`,
} as const

/** What the reference took, by the specification: nanoseconds, best round. */
export const reference: Readonly<Partial<Record<string, number>>> = {
  [cases.first]: 445e6,
  [cases.score]: 2.18e6,
  [cases.filter]: 23e6,
  [cases.cycle]: 58_700,
  [cases.restored]: 45_000,
}

export const described: readonly Case[] = [
  {
    name: cases.first,
    does: 'A fresh process plugs the guest in, with a deadline, and has it score: nothing of it is on the disk.',
  },
  { name: cases.cached, does: 'The same where the rewritten module is in the folder of `cache`.' },
  { name: cases.again, does: 'The guest is plugged in and unplugged in a process that has done so before.' },
  { name: cases.score, does: `One attempt at one of 64 pods, over ${nodeCount} nodes.` },
  { name: cases.filter, does: 'The guest asks for the node each time, and looks into its bytes.' },
  {
    name: cases.threads,
    does: 'One thread helps the one that asks; with `worth` at its default, so that what is quick anyway stays on one.',
  },
  { name: cases.cycle, does: 'Every hook once, and addpod and removepod twice, in one attempt at one of 64 pods.' },
  { name: cases.lease, does: 'A lease that ends at once.' },
  {
    name: cases.restored,
    does: "A lease, one call of score, and its end, under `restore: 'every-lease'`. The reference made a new instance.",
  },
  { name: cases.made, does: 'Plugged in, a lease, one call of score, and unplugged.' },
  {
    name: extenderCases.names,
    does: 'Filter and prioritize over HTTP; the extender, a process of its own, has the nodes from an API server. Every node is read.',
  },
  {
    name: extenderCases.full,
    does: 'The same with the nodes in both requests, about 30 MB each; so many of them have changed since the request before.',
  },
]
