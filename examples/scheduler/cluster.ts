import type { KubernetesObject } from 'mortise/scheduler'

/** A size of machines: what of it pods can have, and what it costs in an hour. */
interface Machine {
  readonly type: string
  readonly cpus: number
  readonly gibibytes: number
  readonly price: number
}

const machines: readonly Machine[] = [
  { type: 'general.large', cpus: 2, gibibytes: 8, price: 0.096 },
  { type: 'general.2xlarge', cpus: 8, gibibytes: 32, price: 0.384 },
  { type: 'compute.xlarge', cpus: 4, gibibytes: 8, price: 0.17 },
  { type: 'memory.4xlarge', cpus: 16, gibibytes: 128, price: 1.008 },
]
/** More machines stand in one zone than in the others, as they do where a cluster has grown. */
const zones = ['eu-a', 'eu-a', 'eu-b', 'eu-a', 'eu-c'] as const
const spotDiscount = 0.35

/** 500 nodes in three zones, of four sizes, every third of them cheap and to be taken away at any time. The same each time. */
export function clusterNodes(): readonly KubernetesObject[] {
  return Array.from({ length: 500 }, (_, index) => {
    const machine = machines[(index >> 1) % machines.length] ?? machines[0]
    return node(index, zones[index % zones.length] ?? 'eu-a', machine, index % 3 === 0)
  })
}

function node(index: number, zone: string, machine: Machine | undefined, spot: boolean): KubernetesObject {
  const { type, cpus, gibibytes, price } = machine ?? { type: '', cpus: 0, gibibytes: 0, price: 0 }
  const name = `node-${String(index).padStart(3, '0')}`
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      uid: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      labels: {
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'node.kubernetes.io/instance-type': type,
        'topology.kubernetes.io/region': 'eu',
        'topology.kubernetes.io/zone': zone,
        'karpenter.sh/capacity-type': spot ? 'spot' : 'on-demand',
      },
      annotations: { 'example.com/hourly-price': (price * (spot ? spotDiscount : 1)).toFixed(4) },
    },
    spec: { podCIDR: `10.${index >> 8}.${index & 255}.0/24`, providerID: `example:///${zone}/${name}` },
    status: {
      // What the kubelet keeps for itself is not for pods.
      allocatable: { cpu: `${cpus * 1000 - 80}m`, memory: `${gibibytes * 1024 - 600}Mi`, pods: '110' },
      capacity: { cpu: `${cpus}`, memory: `${gibibytes}Gi`, pods: '110' },
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }],
      nodeInfo: { architecture: 'amd64', operatingSystem: 'linux', kubeletVersion: 'v1.33.4' },
    },
  }
}

/** The replicas of a StatefulSet, which know their numbers. */
export function replicas(workload: string, count: number, priority = 0): readonly KubernetesObject[] {
  return Array.from({ length: count }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${workload}-${index}`,
      namespace: 'shop',
      uid: `${workload}-${index}`,
      labels: { app: workload, 'apps.kubernetes.io/pod-index': String(index) },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'StatefulSet', name: workload, uid: workload, controller: true },
      ],
    },
    spec: {
      priority,
      schedulerName: 'default-scheduler',
      containers: [
        { name: 'main', image: `${workload}:1`, resources: { requests: { cpu: '500m', memory: '1Gi' } } },
        { name: 'proxy', image: 'proxy:1', resources: { requests: { cpu: '100m', memory: '128Mi' } } },
      ],
    },
  }))
}
