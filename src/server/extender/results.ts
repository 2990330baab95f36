import { statusCode } from '../../contracts/scheduler/status.ts'
import type { Filtered } from '../../scheduling/filtering.ts'
import type { Refusal } from '../../scheduling/member.ts'
import type { Scored } from '../../scheduling/scoring.ts'
import type { ExtenderArgs, Victims } from './protocol.ts'

/** The text of an answer, in one piece or several. */
export type Answer = string | readonly Buffer[]

/** Pieces that are sent one by one; more of them are put together first. */
const mostPieces = 100

/** The highest score of a plugin, and that of an extender. */
const highest = 100
const highestOfExtender = 10

/**
 * `ExtenderFilterResult`, in the form of the request: nodes as they were sent, byte for byte, or names.
 *
 * @param unknown - nodes that were named and that the cluster does not have yet
 */
export function filterResult(
  args: ExtenderArgs,
  { feasible, refused, rest }: Filtered,
  unknown: readonly string[],
): Answer {
  const failed = new Map<string, string>()
  const unresolvable = new Map<string, string>()
  const left = new Set(feasible)
  for (const name of unknown) failed.set(name, 'the extender has not heard of this node yet')
  for (const name of args.names) {
    if (left.has(name) || failed.has(name)) continue
    const refusal = refused.get(name) ?? rest
    const map = refusal?.code === statusCode.unschedulableAndUnresolvable ? unresolvable : failed
    map.set(name, refusal === undefined ? 'no plugin was asked' : reasonOf(refusal))
  }
  const after = `"FailedNodes":${textOf(failed)},"FailedAndUnresolvableNodes":${textOf(unresolvable)},"Error":""}\n`
  if (args.sent === undefined) return `{"Nodes":null,"NodeNames":${JSON.stringify(feasible)},${after}`
  const pieces = [
    Buffer.from('{"Nodes":{"metadata":{},"items":['),
    ...sentNodes(args.sent, left),
    Buffer.from(`]},"NodeNames":null,${after}`),
  ]
  return pieces.length > mostPieces ? [Buffer.concat(pieces)] : pieces
}

const textOf = (reasons: ReadonlyMap<string, string>): string => JSON.stringify(Object.fromEntries(reasons))

const comma = Buffer.from(',')

/** The texts of nodes, neighbours in one piece. */
function sentNodes({ nodes, body }: NonNullable<ExtenderArgs['sent']>, left: ReadonlySet<string>): Buffer[] {
  const pieces: Buffer[] = []
  let [start, end] = [-1, -1]
  const flush = (): void => {
    if (start >= 0) pieces.push(...(pieces.length > 0 ? [comma] : []), body.subarray(start, end))
    start = -1
  }
  for (const sent of nodes) {
    if (!left.has(sent.node.metadata.name)) {
      flush()
      continue
    }
    if (start < 0) start = sent.start
    end = sent.end
  }
  flush()
  return pieces
}

/** `HostPriorityList`: the mean of the plugins' scores by their weights, from 0 to 10. */
export function priorities(names: readonly string[], { plugins, totals }: Scored): string {
  const weights = plugins.reduce((sum, { weight }) => sum + weight, 0)
  const scale = weights === 0 ? 0 : highestOfExtender / highest / weights
  const list = names.map((name) => ({ Host: name, Score: Math.round((totals.get(name) ?? 0) * scale) }))
  return `${JSON.stringify(list)}\n`
}

/** `ExtenderPreemptionResult`. */
export function preemptionResult(victims: ReadonlyMap<string, Victims>): string {
  const nodes: Record<string, object> = {}
  for (const [node, { uids, violations }] of victims)
    nodes[node] = { Pods: uids.map((uid) => ({ UID: uid })), NumPDBViolations: violations }
  return `${JSON.stringify({ NodeNameToMetaVictims: nodes })}\n`
}

/** What kube-scheduler shows of an error; a result of success has the empty text. */
export const errorResult = (error: string): string => `${JSON.stringify({ Error: error })}\n`

/** Why a plugin refused, in its words, or in ours where it has none. */
export function reasonOf({ plugin, code, reason }: Refusal): string {
  return reason === '' ? `the plugin '${plugin}' refuses it with the status ${code}` : reason
}
