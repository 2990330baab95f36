// Builds the guest, and serves it on the loopback interface until it is told to stop. A file and a port can be given.
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'mortise/build'
import { Orders } from './orders.ts'
import { serve } from './server.ts'

const here = import.meta.dirname
const [file = join(here, 'dist/orders.db'), port = '8080'] = process.argv.slice(2)
await mkdir(join(here, 'dist'), { recursive: true })
const { wasm } = await build(join(here, 'guest'))
await using orders = await Orders.open(wasm, { file })
const server = serve(orders).listen(Number(port), '127.0.0.1')
await once(server, 'listening')
const address = server.address()
console.log(`http://127.0.0.1:${typeof address === 'object' ? address?.port : port} over ${file}`)
await Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal)))
server.close()
await once(server, 'close')
