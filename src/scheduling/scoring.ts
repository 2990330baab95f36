import type { Scores } from '../contracts/scheduler/hooks.ts'
import { statusCode, success } from '../contracts/scheduler/status.ts'
import type { Member } from './member.ts'

/** The range that normalised scores are in. */
const lowest = 0
const highest = 100

/** What one plugin thinks of the nodes. */
export interface PluginScores {
  readonly plugin: string
  readonly weight: number
  /** As `score` gave them, by the names of nodes. */
  readonly raw: Scores
  /** As `normalizeScore` left them: 0 to 100. */
  readonly normalized: Scores
}

/** What all plugins think of the nodes. */
export interface Scored {
  /** Of each plugin that scores, in the order of the profile. */
  readonly plugins: readonly PluginScores[]
  /** The sums of the normalised scores, each times the weight of its plugin, by the names of nodes. */
  readonly totals: ReadonlyMap<string, number>
}

/** Calls preScore, score and normalizeScore of all plugins. */
export async function scoreNodes(members: readonly Member[], nodes: readonly string[]): Promise<Scored> {
  const skipped = new Set(members.filter((member) => isSkipped(member, nodes)))
  const plugins: PluginScores[] = []
  for (const member of members) {
    if (!member.takesPart('score') || skipped.has(member)) continue
    const raw = await rawScores(member, nodes)
    const normalized = normalizedScores(member, nodes, raw)
    plugins.push({ plugin: member.name, weight: member.weight, raw, normalized })
  }
  const totals = new Map(
    nodes.map((node) => [
      node,
      plugins.reduce((sum, { normalized, weight }) => sum + (normalized[node] ?? 0) * weight, 0),
    ]),
  )
  return { plugins, totals }
}

/** Calls preScore: whoever skips is not asked for scores. */
function isSkipped(member: Member, nodes: readonly string[]): boolean {
  if (!member.takesPart('preScore')) return false
  const { code, reason } = member.call('preScore', undefined, (hooks) => hooks.preScore(nodes))
  if (code !== statusCode.success && code !== statusCode.skip) throw member.failed('preScore', undefined, reason)
  return code === statusCode.skip
}

async function rawScores(member: Member, nodes: readonly string[]): Promise<Scores> {
  const results = await member.scores(nodes)
  return Object.fromEntries(
    nodes.map((node, index) => {
      const { status, score } = results[index] ?? { status: success, score: 0 }
      if (status.code !== statusCode.success) throw member.failed('score', node, status.reason)
      return [node, score]
    }),
  )
}

function normalizedScores(member: Member, nodes: readonly string[], raw: Scores): Scores {
  const scores = member.takesPart('normalizeScore') ? normalizedBy(member, nodes, raw) : raw
  for (const node of nodes) {
    const score = scores[node] ?? 0
    if (score < lowest || score > highest)
      throw member.failed('score', node, `after normalising its score is ${score}, and must be ${lowest} to ${highest}`)
  }
  return scores
}

/** What the plugin does not speak of stays as it was. */
function normalizedBy(member: Member, nodes: readonly string[], raw: Scores): Scores {
  const { status, scores } = member.call('normalizeScore', undefined, (hooks) => hooks.normalizeScore(raw))
  if (status.code !== statusCode.success) throw member.failed('normalizeScore', undefined, status.reason)
  return Object.fromEntries(nodes.map((node) => [node, scores[node] ?? raw[node] ?? 0]))
}
