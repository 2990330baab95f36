import { Mortise } from 'mortise'
import { type KubernetesObject, scheduler } from 'mortise/scheduler'
import { Cluster, fit, type Outcome, Simulation } from 'mortise/scheduling'
import { wasm } from 'mortise/wasm'
import { clusterNodes } from './cluster.ts'
import { defaults } from './defaults.ts'
import { factsOf } from './facts.ts'

/** Where the pods of a workload went. */
export interface Placement {
  /** The node of each pod; undefined for one that fits nowhere. */
  readonly nodes: readonly (string | undefined)[]
  /** Pods in each zone. */
  readonly zones: Readonly<Record<string, number>>
  /** What they cost in an hour: of each node's price the share that a pod takes. */
  readonly price: number
}

/** What the plugin counts beside the plugins that kube-scheduler has by itself. */
const weight = 5

/** Places pods in the cluster of this example with what kube-scheduler has by itself, and a plugin beside that. */
export async function place(pods: readonly KubernetesObject[], guest?: Uint8Array): Promise<Placement> {
  const cluster = new Cluster(clusterNodes())
  const profile = [{ plugin: fit(cluster) }, ...defaults(cluster)]
  // Not to be held to the time of one call on a machine that has other things to do.
  await using host = new Mortise({ runtimes: [wasm({ deadline: '10 s' })] })
  if (guest !== undefined)
    profile.push({ plugin: await host.plug('plugin', guest, scheduler({ severity: 'error' })), weight })
  const outcomes = await new Simulation(cluster, profile).run(pods)
  return summary(cluster, outcomes)
}

function summary(cluster: Cluster, outcomes: readonly Outcome[]): Placement {
  const zones: Record<string, number> = {}
  let price = 0
  for (const { pod, node, result, message } of outcomes) {
    if (result === 'failed') throw new Error(message)
    const object = node === undefined ? undefined : cluster.nodes.get(node)
    if (object === undefined) continue
    const [has, wants] = [factsOf(object), factsOf(pod)]
    zones[has.zone] = (zones[has.zone] ?? 0) + 1
    price += has.price * Math.max(wants.cpu / has.cpu, wants.memory / has.memory)
  }
  return { nodes: outcomes.map(({ node }) => node), zones, price }
}
