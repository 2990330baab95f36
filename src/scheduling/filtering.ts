import type { KubernetesObject } from '../contracts/scheduler/kubernetes/object.ts'
import { statusCode, success } from '../contracts/scheduler/status.ts'
import type { Member, Refusal } from './member.ts'

/** Which nodes a pod may go to, and why not to the others. */
export interface Filtered {
  /** The nodes that no plugin refused, in the order of the snapshot. */
  readonly feasible: readonly string[]
  /** Of the others, those that a plugin's filter refused. */
  readonly refused: ReadonlyMap<string, Refusal>
  /** Why the rest is left out: a plugin's preFilter refused the pod, or named other nodes. */
  readonly rest: Refusal | undefined
  /** A plugin's preFilter refused the pod, wherever it goes. */
  readonly rejected: boolean
}

/** What the preFilters of all plugins gave together. */
export interface PreFiltered {
  /** The only nodes that are left; `undefined` for all. */
  readonly names: ReadonlySet<string> | undefined
  readonly rest: Refusal | undefined
  readonly rejected: boolean
  /** The plugins whose filter is not called. */
  readonly skipped: ReadonlySet<Member>
}

/** Calls preFilter of all plugins, as kube-scheduler does: it goes on where one says no, if that can change within the cluster. */
export function preFilter(members: readonly Member[]): PreFiltered {
  const skipped = new Set<Member>()
  const naming: string[] = []
  let names: Set<string> | undefined
  let rejection: Refusal | undefined
  for (const member of members) {
    if (!member.takesPart('preFilter')) continue
    const { status, nodeNames } = member.call('preFilter', undefined, (hooks) => hooks.preFilter())
    if (status.code === statusCode.skip) {
      skipped.add(member)
      continue
    }
    const refusal = member.refusal('preFilter', undefined, status)
    if (refusal !== undefined) {
      rejection = refusal
      if (refusal.code === statusCode.unschedulableAndUnresolvable) break
    } else if (nodeNames !== undefined) {
      naming.push(member.name)
      const before = names
      names = new Set(before === undefined ? nodeNames : nodeNames.filter((name) => before.has(name)))
      if (names.size === 0) {
        rejection = restOf(naming, naming.length > 1 ? ' simultaneously' : '')
        break
      }
    }
  }
  const rest = rejection ?? (names === undefined ? undefined : restOf(naming, ''))
  return { names, rest, rejected: rejection !== undefined, skipped }
}

/** The pods that are nominated to a node, and go before the one that is scheduled. */
export type NominatedTo = (node: string) => readonly KubernetesObject[]

/**
 * Calls the filters of some nodes: the first plugin that refuses a node is the last that is asked about it. Where others are nominated
 * to a node, the pod has to fit with them and without them.
 */
export async function filterNodes(
  members: readonly Member[],
  nodes: readonly string[],
  { names, rest, skipped }: PreFiltered,
  nominatedTo: NominatedTo,
): Promise<Filtered> {
  const called = members.filter((member) => !skipped.has(member))
  const asked = called.filter((member) => member.takesPart('filter'))
  if (asked.some(({ together }) => together)) {
    const among = names === undefined ? nodes : nodes.filter((node) => names.has(node))
    const free = among.every((node) => nominatedTo(node).length === 0)
    if (free) return { ...(await filterTogether(asked, among)), rest, rejected: false }
  }
  const feasible: string[] = []
  const refused = new Map<string, Refusal>()
  for (const node of nodes) {
    if (names !== undefined && !names.has(node)) continue
    const nominated = nominatedTo(node)
    if (nominated.length > 0) addPods(called, nominated, node)
    let refusal = filterNode(asked, node)
    if (refusal === undefined && nominated.length > 0) refusal = filterNode(asked, node)
    if (refusal === undefined) feasible.push(node)
    else refused.set(node, refusal)
  }
  return { feasible, refused, rest, rejected: false }
}

/** One plugin after the other, each for all nodes that are left. */
async function filterTogether(
  asked: readonly Member[],
  nodes: readonly string[],
): Promise<Pick<Filtered, 'feasible' | 'refused'>> {
  const refusals = new Map<string, Refusal>()
  let feasible = nodes
  for (const member of asked) {
    const statuses = await member.filters(feasible)
    feasible = feasible.filter((node, index) => {
      const refusal = member.refusal('filter', node, statuses[index] ?? success)
      if (refusal !== undefined) refusals.set(node, refusal)
      return refusal === undefined
    })
  }
  const refused = nodes.flatMap((node) => {
    const refusal = refusals.get(node)
    return refusal === undefined ? [] : [[node, refusal] as const]
  })
  return { feasible, refused: new Map(refused) }
}

function filterNode(asked: readonly Member[], node: string): Refusal | undefined {
  for (const member of asked) {
    const status = member.call('filter', node, (hooks) => hooks.filter(node))
    const refusal = member.refusal('filter', node, status)
    if (refusal !== undefined) return refusal
  }
  return undefined
}

/** What if these pods were on the node? */
function addPods(called: readonly Member[], pods: readonly KubernetesObject[], node: string): void {
  for (const pod of pods) {
    for (const member of called) {
      if (!member.takesPart('addPod')) continue
      const { code, reason } = member.call('addPod', node, (hooks) => hooks.addPod(pod, node))
      if (code !== statusCode.success) throw member.failed('addPod', node, reason)
    }
  }
}

function restOf(plugins: readonly string[], how: string): Refusal {
  const named = plugins.length > 1 ? `plugin(s) [${plugins.toSorted().join(' ')}]` : `plugin ${plugins[0]}`
  const reason = `node(s) didn't satisfy ${named}${how}`
  return { plugin: plugins.join(', '), code: statusCode.unschedulableAndUnresolvable, reason }
}
