import { field, listOf, textOf } from '../../contracts/scheduler/fields.ts'
import type { KubernetesObject } from '../../contracts/scheduler/kubernetes/object.ts'

/** A port of the node that a pod takes for itself. */
interface HostPort {
  readonly ip: string
  readonly protocol: string
  readonly port: number
}

const everywhere = '0.0.0.0'

/** Whether a pod wants a port of the node that another one has. */
export function portsClash(pod: KubernetesObject, others: readonly KubernetesObject[]): boolean {
  const wanted = portsOf(pod)
  if (wanted.length === 0) return false
  const taken = others.flatMap(portsOf)
  return wanted.some((one) => taken.some((other) => clash(one, other)))
}

function portsOf(pod: KubernetesObject): readonly HostPort[] {
  const sidecars = listOf(field(pod, 'spec', 'initContainers')).filter(
    (container) => field(container, 'restartPolicy') === 'Always',
  )
  return [...listOf(field(pod, 'spec', 'containers')), ...sidecars]
    .flatMap((container) => listOf(field(container, 'ports')))
    .flatMap((declared) => {
      const port = field(declared, 'hostPort')
      if (typeof port !== 'number' || port <= 0) return []
      return [
        {
          ip: textOf(field(declared, 'hostIP')) || everywhere,
          protocol: textOf(field(declared, 'protocol')) || 'TCP',
          port,
        },
      ]
    })
}

function clash(one: HostPort, other: HostPort): boolean {
  if (one.port !== other.port || one.protocol !== other.protocol) return false
  return one.ip === other.ip || one.ip === everywhere || other.ip === everywhere
}
