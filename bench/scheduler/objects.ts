import type { KubernetesObject } from 'mortise/scheduler'

const labels = (name: string, index: number): Readonly<Record<string, string>> => ({
  'kubernetes.io/hostname': name,
  'kubernetes.io/arch': 'amd64',
  'kubernetes.io/os': 'linux',
  'node.kubernetes.io/instance-type': ['small', 'medium', 'large'][index % 3] ?? '',
  'topology.kubernetes.io/region': 'north',
  'topology.kubernetes.io/zone': `north-${index % 4}`,
  'example.org/price-per-hour': String(100 + (index % 7) * 25),
})

/** A node as a cluster of today has them: about 4 KB in protobuf. */
export function makeNode(index: number): KubernetesObject {
  const name = `node-${index}`
  const resources = { cpu: '8', memory: '32778468Ki', 'ephemeral-storage': '101430960Ki', pods: '110' }
  return {
    metadata: {
      name,
      uid: `8d1f0000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      resourceVersion: '71',
      creationTimestamp: '2026-01-02T03:04:05Z',
      labels: labels(name, index),
      annotations: { 'volumes.example.org/attached': 'true', 'node.example.org/ttl': '0' },
    },
    spec: { podCIDR: `10.${index % 250}.0.0/24`, providerID: `example://${name}`, taints: [] },
    status: {
      capacity: resources,
      allocatable: { ...resources, cpu: '7800m' },
      conditions: ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'].map((type) => ({
        type,
        status: type === 'Ready' ? 'True' : 'False',
        lastHeartbeatTime: '2026-01-02T03:04:05Z',
        lastTransitionTime: '2026-01-02T03:04:05Z',
        reason: `Kubelet${type}`,
        message: `the kubelet says of ${type} what there is to say`,
      })),
      addresses: [
        { type: 'InternalIP', address: `10.0.${Math.floor(index / 250)}.${index % 250}` },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: { kernelVersion: '6.12.0', osImage: 'Linux', kubeletVersion: 'v1.33.4', architecture: 'amd64' },
      images: Array.from({ length: 20 }, (_, image) => ({
        names: [
          `registry.example.org/team-${image}/service@sha256:${String(image).padStart(64, '0')}`,
          `registry.example.org/team-${image}/service:v1.${image}.0`,
        ],
        sizeBytes: 10_000_000 * (image + 1),
      })),
    },
  }
}

/** A pod of a deployment: about 1.5 KB in protobuf. */
export function makePod(index: number): KubernetesObject {
  const name = `shop-7d4b9c-${index}`
  return {
    metadata: {
      name,
      namespace: 'shop',
      uid: `1f8d0000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      labels: { app: 'shop', tier: 'web', 'pod-template-hash': '7d4b9c' },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'shop-7d4b9c', uid: '9c', controller: true },
      ],
    },
    spec: {
      nodeName: `node-${index}`,
      schedulerName: 'default-scheduler',
      priority: 0,
      containers: ['web', 'proxy'].map((container, image) => ({
        name: container,
        image: `registry.example.org/team-${image}/service:v1.${image}.0`,
        ports: [{ containerPort: 8080 + image, protocol: 'TCP' }],
        env: Array.from({ length: 8 }, (_, variable) => ({ name: `SETTING_${variable}`, value: `value ${variable}` })),
        resources: { requests: { cpu: '250m', memory: '256Mi' }, limits: { cpu: '1', memory: '512Mi' } },
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
      })),
      volumes: [{ name: 'data', emptyDir: {} }],
      tolerations: [
        { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      ],
    },
    status: { phase: 'Pending', qosClass: 'Burstable' },
  }
}
