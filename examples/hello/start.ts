// What `npm start` runs: a guest in TypeScript is compiled, loaded and called on real input.
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Mortise } from 'mortise'
import { action } from 'mortise/action'
import { build } from 'mortise/build'
import { wasm } from 'mortise/wasm'

const guest = fileURLToPath(new URL('guest', import.meta.url))
const artifact = new URL('dist/hello.wasm', import.meta.url)
const event = { name: 'Mike' }
const calls = 100_000

const built = await build(guest)
await mkdir(new URL('.', artifact), { recursive: true })
await writeFile(artifact, built.wasm)

let lines = 0
await using host = new Mortise({ runtimes: [wasm({ memory: '16 MiB' })], log: () => void lines++ })
const loading = performance.now()
const hello = await host.plug('hello', artifact, action)
const load = performance.now() - loading
const first = performance.now()
const result = hello.hooks.main(event)
const once = performance.now() - first
const start = performance.now()
for (let call = 0; call < calls; call++) hello.hooks.main(event)
const each = ((performance.now() - start) * 1e6) / calls

console.log(JSON.stringify(result))
console.log(`
examples/hello/guest  TypeScript, compiled to WebAssembly in ${built.milliseconds.toFixed(0)} ms
  artifact            wasm module, ${built.wasm.length} bytes
  digest              sha256 ${hello.digest}
  loaded in           ${load.toFixed(1)} ms: verified, rewritten, compiled, instantiated, checkpointed
  first call          ${(once * 1e3).toFixed(0)} µs
  ${calls} calls        ${each.toFixed(0)} ns each, JSON both ways and a line of log included (${lines} lines in all)

Try next:
  npm exec -- mortise run examples/hello/guest --data '{"name":"Ada"}'
  npm exec -- mortise inspect examples/hello/dist/hello.wasm
  npm exec -- mortise new action my-action
`)
