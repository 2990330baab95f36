import { type ProjectFacts, projectFiles } from './templates.ts'

/** The files of a new project with a plugin of Kubernetes' scheduler, by path. */
export function schedulerProject(facts: ProjectFacts): Readonly<Record<string, string>> {
  return projectFiles(facts, {
    guest,
    test: test(facts.name),
    readme: readme(facts.name),
    more: { 'cluster.yaml': cluster },
  })
}

const guest = `import { CycleState, NodeInfo, Pod, Status, config } from 'tenon/scheduler'

/** Pods with the annotation \`example.com/disk\` go to nodes with such a disk, and others rather not. */
export class DiskType {
  readonly label: string = config.text('label', 'example.com/disk')

  filter(state: CycleState, pod: Pod, nodeInfo: NodeInfo): Status | null {
    const wanted = pod.metadata.annotations.get('example.com/disk')
    if (wanted === null) return null
    const disk = nodeInfo.node.metadata.labels.get(this.label)
    if (disk !== null && disk.equals(wanted)) return null
    return Status.unresolvable('the pod wants a disk of the type ' + wanted.toString())
  }

  score(state: CycleState, pod: Pod, nodeInfo: NodeInfo): i32 {
    if (pod.metadata.annotations.has('example.com/disk')) return 0
    return nodeInfo.node.metadata.labels.has(this.label) ? 0 : 100
  }
}
`

const cluster = `apiVersion: v1
kind: List
items:
  - { apiVersion: v1, kind: Node, metadata: { name: plain } }
  - { apiVersion: v1, kind: Node, metadata: { name: fast, labels: { example.com/disk: ssd } } }
  - { apiVersion: v1, kind: Node, metadata: { name: large, labels: { example.com/disk: hdd } } }
  - { apiVersion: v1, kind: Pod, metadata: { name: db-0, annotations: { example.com/disk: ssd } } }
  - { apiVersion: v1, kind: Pod, metadata: { name: web-0 } }
`

const test = (name: string): string => `import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Mortise } from 'mortise'
import { scheduler } from 'mortise/scheduler'
import { Cluster, Simulation } from 'mortise/scheduling'
import { wasm } from 'mortise/wasm'

// A first call compiles what it runs, and a busy machine is no fault of a plugin.
const host = new Mortise({ runtimes: [wasm({ deadline: '1 s' })] })
const plugin = await host.plug('${name}', new URL('../${name}.wasm', import.meta.url), scheduler())
after(() => host.close())

const node = (name, labels) => ({ kind: 'Node', metadata: { name, labels } })
const pod = (name, annotations) => ({ kind: 'Pod', metadata: { name, annotations } })
const nodes = [node('plain', {}), node('fast', { 'example.com/disk': 'ssd' }), node('large', { 'example.com/disk': 'hdd' })]
const place = async (pod) => (await new Simulation(new Cluster(nodes), [{ plugin }]).run([pod]))[0]

test('a pod goes where the disk is that it wants', async () => {
  assert.equal((await place(pod('db-0', { 'example.com/disk': 'hdd' }))).node, 'large')
})

test('a pod that wants none goes where there is none', async () => {
  assert.equal((await place(pod('web-0', {}))).node, 'plain')
})

test('a pod that wants another one goes nowhere, and is told why', async () => {
  const { message } = await place(pod('db-1', { 'example.com/disk': 'tape' }))
  assert.match(message, /3 the pod wants a disk of the type tape/)
})
`

const readme = (name: string): string => `# ${name}

A plugin of Kubernetes' scheduler, which runs in Mortise and in kube-scheduler-wasm-extension. It is written in AssemblyScript: TypeScript's
syntax with static types, compiled to WebAssembly. It has no closures, unions, exceptions, async functions or npm packages.

    npm install
    npm test             # builds ${name}.wasm and places pods with it
    npm run dev          # builds again on every save
    npm exec -- mortise simulate cluster.yaml --plugin guest --explain db-0

\`guest/index.ts\` exports one class: the plugin, whose methods are the hooks that it takes part in. \`test/main.test.js\` is its test.
\`cluster.yaml\` has nodes, and pods to place: take what \`kubectl get nodes,pods -A -o yaml\` prints of your own cluster.
`
