import type { ClusterEvent } from '../contracts/scheduler/events.ts'
import { podName } from '../scheduling/objects.ts'
import type { Outcome } from '../scheduling/outcome.ts'
import { UsageError } from './command.ts'
import { duration, printable } from './format.ts'
import { refusalsOf, someOf } from './simulate-report.ts'
import type { Run } from './simulate-run.ts'

/**
 * Why a pod is where it is, in words.
 *
 * @param name - of the pod, with or without its namespace
 */
export function explain({ outcomes, plugins, setup }: Run, name: string): string {
  const found = outcomes.find(({ outcome }) =>
    [podName(outcome.pod), podName(outcome.pod).replace(/^[^/]*\//, '')].includes(name),
  )
  if (found === undefined) {
    const names = outcomes.map(({ outcome }) => podName(outcome.pod))
    throw new UsageError(`There is no pod '${name}' to explain: there are ${someOf(names)}`)
  }
  const { outcome } = found
  const nodes = setup.cluster.filter(({ kind }) => kind === 'Node').length
  const sentences = [
    verdict(outcome),
    ...filters(outcome, nodes),
    ...scores(outcome),
    ...afterwards(outcome),
    ...(outcome.result === 'unschedulable' ? retries(outcome, plugins) : []),
  ]
  return sentences.map((sentence) => `${printable(sentence)}\n`).join('')
}

function verdict({ pod, result, node, message }: Outcome): string {
  if (result === 'bound') return `${podName(pod)} goes to ${node}.`
  return `${podName(pod)} goes nowhere${result === 'failed' ? ', as a plugin failed' : ''}: ${message}`
}

function filters({ filtered }: Outcome, nodes: number): readonly string[] {
  if (filtered === undefined) return []
  const { feasible, rest, rejected } = filtered
  if (rejected) return [`The plugin ${rest?.plugin} refused the pod before it saw a node: ${rest?.reason}.`]
  const asked = feasible.length + filtered.refused.size
  return [
    ...(rest === undefined
      ? []
      : [`The plugin ${rest.plugin} named ${plural(asked, 'node')} of ${nodes}; the others were not looked at.`]),
    `Of ${plural(asked, 'node')}, ${feasible.length === 0 ? 'none was' : feasible.length === 1 ? 'one was' : `${feasible.length} were`} left by the filters.`,
    ...refusalsOf(filtered).map(
      ({ plugin, reason, nodes: refused }) =>
        `- ${plugin} refused ${plural(refused.length, 'node')}: ${reason || 'it gave no reason'} (${someOf(refused)})`,
    ),
  ]
}

function scores({ scored, selected, filtered }: Outcome): readonly string[] {
  if (selected === undefined) return []
  const { node, best } = selected
  if (scored === undefined)
    return filtered?.feasible.length === 1 ? [`${node} was the only one left, so that nothing was scored.`] : []
  const { plugins, totals } = scored
  if (plugins.length === 0) return [`No plugin scores nodes: ${node} was drawn from ${best.length}.`]
  const total = totals.get(node) ?? 0
  const others = [...totals].filter(([other]) => !best.includes(other)).toSorted(([, one], [, other]) => other - one)
  const [next] = others
  const first =
    best.length > 1
      ? `${best.length} nodes have the highest total, ${total}; ${node} was drawn from them (${someOf(best)}).`
      : `${node} has the highest total: ${total}${next === undefined ? '' : `, ${total - next[1]} more than ${next[0]}`}.`
  return [
    first,
    ...plugins.map(({ plugin, weight, raw, normalized }) => {
      const given = `- ${plugin} gave it ${raw[node] ?? 0}${raw[node] === normalized[node] ? '' : `, normalised ${normalized[node] ?? 0}`}`
      const counted = weight > 1 ? ` (which counts ${weight} times)` : ''
      return `${given}${counted}${next === undefined ? '' : `, and ${next[0]} ${normalized[next[0]] ?? 0}`}`
    }),
  ]
}

function afterwards({ refusal, waits, nominated }: Outcome): readonly string[] {
  return [
    ...waits.map(({ plugin, timeout }) => `${plugin} had it wait for a permit, ${duration(timeout)} at most.`),
    ...(refusal === undefined
      ? []
      : [`Then ${refusal.plugin} refused the node: ${refusal.reason || `status ${refusal.code}`}`]),
    ...(nominated === undefined ? [] : [`It is nominated to ${nominated}, which is tried first the next time.`]),
  ]
}

/** What those plugins wait for that have refused something. */
function retries(outcome: Outcome, plugins: Run['plugins']): readonly string[] {
  const refusing = new Set([
    outcome.refusal?.plugin,
    outcome.filtered?.rest?.plugin,
    ...Array.from(outcome.filtered?.refused.values() ?? [], ({ plugin }) => plugin),
  ])
  return plugins
    .filter(({ name }) => refusing.has(name))
    .map(({ name, events }) => `${name} would look at it again after events of ${events.map(eventText).join(', ')}.`)
}

const eventText = ({ resource, actions }: ClusterEvent): string => `${resource} (${actions.join(', ')})`

const plural = (count: number, what: string): string => (count === 1 ? `one ${what}` : `${count} ${what}s`)
