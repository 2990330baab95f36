import { CycleState, NodeInfo, NodeInfoList, Pod, Status, StateData, config } from 'tenon/scheduler'
import { Request, costOf } from './cost'
import { Zones, turnOf } from './zones'

const key = 'ZoneSpread'

class Plan extends StateData {
  constructor(
    readonly request: Request,
    readonly zones: Zones,
    /** Which zone's turn it is. */
    readonly turn: i32,
    /** What the pod costs on the cheapest node, and on the dearest. */
    readonly cheapest: f64,
    readonly dearest: f64,
  ) {
    super()
  }
}

/**
 * The replicas of a workload take turns through the zones, and in each zone they go where what they ask for costs least. Important pods
 * stay away from nodes that may be taken away at any time.
 */
export class ZoneSpread {
  /** How many of the 100 points the zone decides; the price decides the rest. */
  readonly zonePoints: f64 = config.number('zonePoints', 60)
  /** The annotation of nodes with their price in an hour. */
  readonly price: string = config.text('priceAnnotation', 'example.com/hourly-price')
  /** Pods of this priority or more are important. */
  readonly importantFrom: i64 = config.integer('importantFrom', 1000)

  filter(state: CycleState, pod: Pod, nodeInfo: NodeInfo): Status | null {
    if (pod.spec.priority < this.importantFrom) return null
    const capacity = nodeInfo.node.metadata.labels.get('karpenter.sh/capacity-type')
    if (capacity === null || !capacity.equals('spot')) return null
    return Status.unresolvable('the pod is too important for a spot node')
  }

  preScore(state: CycleState, pod: Pod, nodes: NodeInfoList): Status | null {
    const request = Request.of(pod)
    const zones = new Zones()
    let cheapest = Infinity
    let dearest: f64 = 0
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i].node
      zones.add(node)
      const cost = costOf(request, node, this.price)
      if (isNaN(cost)) continue
      cheapest = min(cheapest, cost)
      dearest = max(dearest, cost)
    }
    state.write(key, new Plan(request, zones, turnOf(pod, zones.length), cheapest, dearest))
    return null
  }

  score(state: CycleState, pod: Pod, nodeInfo: NodeInfo): i32 {
    const plan = state.read<Plan>(key)
    if (plan === null) return 0
    const node = nodeInfo.node
    const zone = plan.zones.nearness(node, plan.turn) * this.zonePoints
    const cost = costOf(plan.request, node, this.price)
    // A node without a price is as dear as the dearest.
    const range = plan.dearest - plan.cheapest
    const thrift = isNaN(cost) ? 0 : range > 0 ? (plan.dearest - cost) / range : 1
    return <i32>nearest(zone + thrift * (100 - this.zonePoints))
  }
}
