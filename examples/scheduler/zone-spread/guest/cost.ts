import { Node, Pod, Quantity } from 'tenon/scheduler'

/** What a pod asks for. */
export class Request {
  constructor(
    readonly milliCpu: i64,
    readonly bytes: i64,
  ) {}

  /** All containers together; those that run before them, one at a time, where they ask for more. */
  static of(pod: Pod): Request {
    return new Request(requested(pod, 'cpu', true), requested(pod, 'memory', false))
  }
}

function requested(pod: Pod, resource: string, milli: bool): i64 {
  const containers = pod.spec.containers
  const before = pod.spec.initContainers
  let sum: i64 = 0
  for (let i = 0; i < containers.length; i++) sum += amount(containers[i].resources.requests.get(resource), milli)
  for (let i = 0; i < before.length; i++) sum = max(sum, amount(before[i].resources.requests.get(resource), milli))
  return sum + amount(pod.spec.overhead.get(resource), milli)
}

function amount(quantity: Quantity | null, milli: bool): i64 {
  return quantity === null ? 0 : milli ? quantity.milliValue() : quantity.value()
}

/** What the pod costs in an hour on a node: its share of the price, by whichever resource it takes more of; NaN without a price. */
export function costOf(request: Request, node: Node, annotation: string): f64 {
  const price = node.metadata.annotations.get(annotation)
  if (price === null) return NaN
  const allocatable = node.status.allocatable
  const cpu = <f64>request.milliCpu / <f64>max<i64>(amount(allocatable.get('cpu'), true), 1)
  const memory = <f64>request.bytes / <f64>max<i64>(amount(allocatable.get('memory'), false), 1)
  return price.toNumber(NaN) * max(cpu, memory)
}
