import type { KubernetesObject } from 'mortise/scheduler'
import { builtIn, type Cluster, type ProfileEntry } from 'mortise/scheduling'
import { type Facts, factsOf } from './facts.ts'

const success = { code: 0, reason: '' }

/**
 * How kube-scheduler scores nodes where nobody configured anything, as far as it matters to pods that ask for nothing but CPU and memory:
 * its plugins NodeResourcesFit (least allocated), NodeResourcesBalancedAllocation and PodTopologySpread, with their weights.
 */
export function defaults(cluster: Cluster): readonly ProfileEntry[] {
  return [
    { plugin: perNode('least-allocated', cluster, leastAllocated) },
    { plugin: perNode('balanced-allocation', cluster, balanced) },
    { plugin: spread(cluster), weight: 2 },
  ]
}

/** The shares of its CPU and memory that a node would have given away with the pod. */
type Shares = readonly [cpu: number, memory: number]

const leastAllocated = ([cpu, memory]: Shares): number => ((1 - cpu) * 100 + (1 - memory) * 100) / 2
/** The standard deviation of two numbers is half of what lies between them. */
const balanced = ([cpu, memory]: Shares): number => (1 - Math.abs(cpu - memory) / 2) * 100

function perNode(name: string, cluster: Cluster, score: (shares: Shares) => number): ProfileEntry['plugin'] {
  return builtIn(name, ['score'], ({ pod, nodes }) => ({
    score: (node) => ({ status: success, score: Math.floor(score(shares(pod, nodes.get(node) ?? {}, cluster))) }),
  }))
}

function shares(pod: KubernetesObject, node: KubernetesObject, cluster: Cluster): Shares {
  const has = factsOf(node)
  const all = [pod, ...cluster.podsOn(has.name)].map(factsOf)
  const share = (resource: 'cpu' | 'memory'): number =>
    Math.min(1, all.reduce((sum, one) => sum + one[resource], 0) / has[resource])
  return [share('cpu'), share('memory')]
}

/** The constraints that kube-scheduler has for pods without any of their own. */
const constraints = [
  { domain: ({ name }: Facts): string => name, maxSkew: 3 },
  { domain: ({ zone }: Facts): string => zone, maxSkew: 5 },
] as const

/** Pods of one workload away from each other: from nodes, and from zones, that have many of them. */
function spread(cluster: Cluster): ProfileEntry['plugin'] {
  return builtIn('topology-spread', ['score', 'normalizeScore'], ({ pod, nodes }) => {
    const { app } = factsOf(pod)
    const counted = constraints.map(({ domain, maxSkew }) => {
      const counts = new Map<string, number>()
      for (const name of nodes.names) {
        const at = domain(factsOf(nodes.get(name) ?? {}))
        const there = cluster.podsOn(name).filter((other) => factsOf(other).app === app).length
        counts.set(at, (counts.get(at) ?? 0) + there)
      }
      const weight = Math.log(counts.size + 2)
      return (node: Facts): number => (counts.get(domain(node)) ?? 0) * weight + maxSkew - 1
    })
    return {
      score(name) {
        const node = factsOf(nodes.get(name) ?? {})
        return { status: success, score: Math.round(counted.reduce((sum, count) => sum + count(node), 0)) }
      },
      normalizeScore(scores) {
        const all = Object.values(scores)
        const [least, most] = [Math.min(...all), Math.max(...all)]
        const turned = Object.entries(scores).map(([name, score]): [string, number] => [
          name,
          most === 0 ? 100 : Math.floor((100 * (most + least - score)) / most),
        ])
        return { status: success, scores: Object.fromEntries(turned) }
      },
    }
  })
}
