// What `npm start` runs: guests in TypeScript are compiled and served, until Ctrl-C.
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'mortise/build'
import { serve } from 'mortise/server'

const dist = new URL('dist/', import.meta.url)
await mkdir(dist, { recursive: true })

/** Compiles a guest, and gives the path of the module. */
async function compile(name: string, source: string): Promise<string> {
  const { wasm, milliseconds } = await build(fileURLToPath(new URL(source, import.meta.url)))
  const file = fileURLToPath(new URL(`${name}.wasm`, dist))
  await writeFile(file, wasm)
  // The same as what /init is posted: code in base64.
  const post = { value: { code: Buffer.from(wasm).toString('base64'), binary: true } }
  await writeFile(new URL(`${name}.json`, dist), JSON.stringify(post))
  console.log(`${name.padEnd(6)} examples/hello/${source} → ${wasm.length} bytes in ${milliseconds.toFixed(0)} ms`)
  return file
}

const hello = await compile('hello', 'guest')
const page = await compile('page', 'page/guest')
const port = Number(process.env['PORT'] ?? 8080)
const server = await serve({
  port,
  nextPort: true,
  log: 'pretty',
  functions: { default: hello, hello: { path: hello, web: true }, page: { path: page, web: true } },
})
const { url, token } = server
if (port !== 0 && !url.endsWith(`:${port}`)) console.log(`Port ${port} is taken, so it is the next one that is free`)

console.log(`
Ready at ${url}. Try in another terminal, from this folder:

  curl -XPOST ${url}/run -d '{"value":{"name":"Mike"}}'
  curl -XPOST ${url}/run/hello -d '{"value":{}}'
  curl '${url}/web/hello.json?name=Ada'
  curl '${url}/web/page/some/path?name=Grace'
  curl -XPOST ${url}/init/mine -H 'authorization: Bearer ${token}' -d @examples/hello/dist/hello.json
  curl -XPOST ${url}/run/mine -d '{"value":{"name":"Linus"}}'
  curl ${url}/readyz

Ctrl-C ends it, once all requests are answered. Next: docs/server.md, npm exec -- mortise new action my-action
`)

await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
await server.close()
console.log('Ended, with every request answered')
