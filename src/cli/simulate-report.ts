import { podName } from '../scheduling/objects.ts'
import type { Outcome } from '../scheduling/outcome.ts'
import { Times } from '../scheduling/times.ts'
import { duration, printable } from './format.ts'
import type { Run } from './simulate-run.ts'
import { table } from './table.ts'

/** Names of nodes that stand behind a reason. */
const mostNames = 3

/** What became of all pods, for people. @param top - how many nodes a pod's table shows */
export function report(run: Run, top: number): string {
  const nodes = run.setup.cluster.filter(({ kind }) => kind === 'Node').length
  return `${run.outcomes.map(({ outcome }) => `${podReport(outcome, top, nodes)}\n`).join('')}${timesReport(run)}`
}

/** What became of one pod: where it is, its scores, and why the other nodes were refused. */
function podReport(outcome: Outcome, top: number, nodes: number): string {
  const { result, node, message, selected, waits, nominated, events } = outcome
  const drawn = (selected?.best.length ?? 0) > 1 ? `, drawn from ${selected?.best.length} nodes with this total` : ''
  const head = result === 'bound' ? `bound to ${node}${drawn}` : `${result}: ${message}`
  const notes = [
    ...waits.map(({ plugin, timeout }) => `${plugin} has it wait for up to ${duration(timeout)}`),
    ...(nominated === undefined ? [] : [`nominated to ${nominated}`]),
    ...events.map(({ type, reason, note }) => `event ${type} ${reason}: ${note}`),
  ]
  return [
    `${printable(`${podName(outcome.pod)}  ${head}`)}\n`,
    ...notes.map((note) => `  ${printable(note)}\n`),
    scoresReport(outcome, top),
    refusalsReport(outcome, nodes),
  ].join('')
}

function scoresReport({ scored, filtered, selected }: Outcome, top: number): string {
  if (scored === undefined || filtered === undefined || scored.plugins.length === 0) return ''
  const { plugins, totals } = scored
  const isSelected = (name: string): number => (name === selected?.node ? 1 : 0)
  const ranking = filtered.feasible.toSorted(
    (one, other) => (totals.get(other) ?? 0) - (totals.get(one) ?? 0) || isSelected(other) - isSelected(one),
  )
  const rows = ranking.slice(0, top).map((node) => {
    const scores = plugins.map(({ raw, normalized }) => scoreText(raw[node] ?? 0, normalized[node] ?? 0))
    return [node === selected?.node ? `${node} *` : node, `${totals.get(node) ?? 0}`].concat(scores)
  })
  const heading = [
    'node',
    ' total',
    ...plugins.map(({ plugin, weight }) => ` ${plugin}${weight > 1 ? ` ×${weight}` : ''}`),
  ]
  const rest = ranking.length - rows.length
  return `${table([heading, ...rows])}${rest > 0 ? `  and ${rest} more nodes\n` : ''}`
}

const scoreText = (raw: number, normalized: number): string =>
  raw === normalized ? `${raw}` : `${raw} → ${normalized}`

/** @param all - how many nodes there are */
function refusalsReport({ filtered }: Outcome, all: number): string {
  const rows = refusalsOf(filtered).map(({ plugin, reason, nodes }) => [
    `${nodes.length}`,
    plugin,
    reason,
    someOf(nodes),
  ])
  const left = all - (filtered?.feasible.length ?? 0) - (filtered?.refused.size ?? 0)
  if (filtered?.rest !== undefined && left > 0) rows.push([`${left}`, filtered.rest.plugin, filtered.rest.reason, ''])
  if (rows.length === 0) return ''
  return table([[' refused', 'by', 'why', 'nodes'], ...rows])
}

/** The reasons for which nodes were refused, the one of most nodes first. */
export function refusalsOf(filtered: Outcome['filtered']): readonly {
  readonly plugin: string
  readonly reason: string
  readonly nodes: readonly string[]
}[] {
  const groups = Map.groupBy(filtered?.refused ?? [], ([, { plugin, reason }]) => JSON.stringify([plugin, reason]))
  return Array.from(groups.values(), (group) => ({
    plugin: group[0]?.[1].plugin ?? '',
    reason: group[0]?.[1].reason ?? '',
    nodes: group.map(([node]) => node),
  })).toSorted((one, other) => other.nodes.length - one.nodes.length)
}

export function someOf(nodes: readonly string[]): string {
  const rest = nodes.length - mostNames
  return `${nodes.slice(0, mostNames).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

function timesReport({ outcomes, milliseconds }: Run): string {
  const times = new Times()
  for (const { outcome } of outcomes) for (const time of outcome.times) times.addAll(time)
  const rows = times
    .all()
    .map(({ plugin, hook, calls, milliseconds: all, slowest }) => [
      plugin,
      hook,
      `${calls}`,
      duration(all / calls),
      duration(slowest),
      duration(all),
    ])
  const load = duration(milliseconds.load)
  const total = `${outcomes.length} ${outcomes.length === 1 ? 'pod' : 'pods'} in ${duration(milliseconds.schedule)}; plugins loaded in ${load}\n`
  if (rows.length === 0) return total
  return `${table([['plugin', 'hook', ' calls', ' each', ' slowest', ' all'], ...rows], '')}${total}`
}
