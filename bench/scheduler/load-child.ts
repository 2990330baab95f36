import { readFileSync } from 'node:fs'
import { Mortise } from 'mortise'
import { NodeSnapshot, scheduler } from 'mortise/scheduler'
import { wasm } from 'mortise/wasm'

const [path = '', cache = '', ...args] = process.argv.slice(2)
const nodes = new NodeSnapshot([{ metadata: { name: 'node-1' } }])
const pod = { metadata: { name: 'pod-1' }, spec: { nodeName: 'node-1' } }

const start = performance.now()
const host = new Mortise({ runtimes: [wasm({ cache, memory: '64 MiB', deadline: '1 s' })] })
const plugin = await host.plug('guest', readFileSync(path), scheduler({ args, severity: 'fatal' }))
const lease = await plugin.lease({ pod, nodes })
lease.hooks.preFilter()
lease.hooks.score('node-1')
process.stdout.write(String(performance.now() - start))
await lease.end()
await host.close()
