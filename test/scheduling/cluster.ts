import { builtIn, type SchedulerPlugin } from 'mortise/scheduling'

/** What a hook of the contract is, as far as tests answer with it. */
export const success = { code: 0, reason: '' }
export const unschedulable = (reason: string): { code: number; reason: string } => ({ code: 2, reason })
export const unresolvable = (reason: string): { code: number; reason: string } => ({ code: 3, reason })

/** Nodes that say nothing but their names. */
export const nodesNamed = (...names: readonly string[]): { kind: string; metadata: { name: string } }[] =>
  names.map((name) => ({ kind: 'Node', metadata: { name } }))

/** A pod that asks for nothing. */
export const podNamed = (
  name: string,
  spec: object = {},
): { kind: string; metadata: { name: string }; spec: object } => ({
  kind: 'Pod',
  metadata: { name },
  spec,
})

/** A plugin that gives nodes the scores of a table, and 0 to all others. */
export function scoring(name: string, scores: Readonly<Record<string, number>>): SchedulerPlugin {
  return builtIn(name, ['score'], () => ({ score: (node) => ({ status: success, score: scores[node] ?? 0 }) }))
}
