import type { KubernetesObject } from 'mortise/scheduler'

/** What the example reads of its own nodes and pods in TypeScript. */
export interface Facts {
  readonly name: string
  readonly app: string
  readonly zone: string
  readonly price: number
  /** CPUs and bytes: what a node has, what a pod asks for. */
  readonly cpu: number
  readonly memory: number
}

const known = new WeakMap<KubernetesObject, Facts>()

export function factsOf(object: KubernetesObject): Facts {
  const found = known.get(object) ?? read(object)
  known.set(object, found)
  return found
}

function read(object: KubernetesObject): Facts {
  const label = (name: string): string => text(object, 'metadata', 'labels', name)
  const containers = at(object, 'spec', 'containers')
  const holders: readonly unknown[] = Array.isArray(containers) ? containers : []
  const sum = (resource: string): number =>
    holders.length === 0
      ? amount(text(object, 'status', 'allocatable', resource))
      : holders.reduce((total: number, one) => total + amount(text(one, 'resources', 'requests', resource)), 0)
  return {
    name: text(object, 'metadata', 'name'),
    app: label('app'),
    zone: label('topology.kubernetes.io/zone'),
    price: Number(text(object, 'metadata', 'annotations', 'example.com/hourly-price')),
    cpu: sum('cpu'),
    memory: sum('memory'),
  }
}

function at(object: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => Reflect.get(Object(value), name), object)
}

function text(object: unknown, ...path: readonly string[]): string {
  const value = at(object, ...path)
  return typeof value === 'string' ? value : ''
}

const units: Readonly<Record<string, number>> = { m: 0.001, Mi: 2 ** 20, Gi: 2 ** 30 }

/** A quantity of this example. */
function amount(quantity: string): number {
  const [, number = '0', unit = ''] = /^(\d+)(\w*)$/.exec(quantity) ?? []
  return Number(number) * (units[unit] ?? 1)
}
