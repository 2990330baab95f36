// Where twelve replicas go in a cluster of 500 nodes: with what kube-scheduler has by itself, and with the plugin zone-spread beside it.
import { join } from 'node:path'
import { build } from 'mortise/build'
import { replicas } from './cluster.ts'
import { place } from './placement.ts'

const { wasm } = await build(join(import.meta.dirname, 'zone-spread/guest'), { optimize: 'size' })
const pods = replicas('orders', 12)
for (const [name, guest] of [
  ['defaults', undefined],
  ['zone-spread', wasm],
] as const) {
  const { nodes, zones, price } = await place(pods, guest)
  console.log(`${name}: ${JSON.stringify(zones)}, ${price.toFixed(4)} an hour\n  ${nodes.join(' ')}`)
}
