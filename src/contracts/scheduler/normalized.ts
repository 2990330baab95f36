import type { NormalizeScoreResult, Scores } from './hooks.ts'
import { type Status, statusCode } from './status.ts'

/**
 * The scores of all nodes after a guest has normalised them: by the names of the nodes, in whatever order it sent them. One that forgot a node
 * has failed; nodes that nobody asked it for are left out.
 *
 * @param sent - what the guest sent; nothing, or none at all, leaves the scores as they are
 */
export function normalized(
  status: Status,
  scores: Scores,
  sent: ReadonlyMap<string, number> | undefined,
): NormalizeScoreResult {
  if (sent === undefined || sent.size === 0) return { status, scores }
  const forgotten = Object.keys(scores).find((node) => !sent.has(node))
  if (forgotten !== undefined) {
    const reason = `the normalized scores have none of node ${forgotten}`
    return { status: status.code === statusCode.success ? { code: statusCode.error, reason } : status, scores }
  }
  const entries = Object.entries(scores).map(([node, score]): [string, number] => [node, sent.get(node) ?? score])
  return { status, scores: Object.fromEntries(entries) }
}
