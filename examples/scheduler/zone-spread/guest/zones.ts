import { Node, Pod, Text } from 'tenon/scheduler'

const label = 'topology.kubernetes.io/zone'

/** The zones that there are nodes in, in the order of their names: the same for each replica, whichever nodes it may go to. */
export class Zones {
  private readonly names: string[] = []

  get length(): i32 {
    return this.names.length
  }

  /** Notes the zone of a node. */
  add(node: Node): void {
    const zone = node.metadata.labels.get(label)
    if (zone === null || this.indexOf(zone) >= 0) return
    const name = zone.toString()
    this.names.push(name)
    let at = this.names.length - 1
    for (; at > 0 && name < this.names[at - 1]; at--) this.names[at] = this.names[at - 1]
    this.names[at] = name
  }

  /** How near a node's zone is to the one whose turn it is: 1 there, 0 for the one that comes last, and where there is no zone. */
  nearness(node: Node, turn: i32): f64 {
    const zone = node.metadata.labels.get(label)
    const index = zone === null ? -1 : this.indexOf(zone)
    if (index < 0) return 0
    if (this.length == 1) return 1
    const later = (index - turn + this.length) % this.length
    return 1 - <f64>later / <f64>(this.length - 1)
  }

  private indexOf(zone: Text): i32 {
    for (let i = 0; i < this.names.length; i++) if (zone.equals(this.names[i])) return i
    return -1
  }
}

/**
 * Which zone's turn it is. A scheduler's plugin does not see the pods on nodes, and need not: a replica knows its number, and workloads
 * begin at zones of their own, or else all first replicas were in one.
 */
export function turnOf(pod: Pod, zones: i32): i32 {
  if (zones == 0) return 0
  const owners = pod.metadata.ownerReferences
  let begin: u32 = 0
  for (let i = 0; i < owners.length; i++) if (owners[i].controller) begin = hash(owners[i].uid)
  const index = pod.metadata.labels.get('apps.kubernetes.io/pod-index')
  // Pods without a number, such as those of a Deployment, have names that no two share.
  const turn = index === null ? hash(pod.metadata.name) : <u32>index.toNumber(0)
  return <i32>((begin + turn) % <u32>zones)
}

/** FNV-1a. */
function hash(text: Text): u32 {
  let value: u32 = 0x811c9dc5
  for (let i = 0; i < text.byteLength; i++) value = (value ^ text[i]) * 0x01000193
  return value
}
