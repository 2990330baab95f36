// The handler as a plugin: changed while it is called, and what it keeps goes on to the version behind it.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Mortise, type Plugin, type Source } from 'mortise'
import { build } from 'mortise/build'
import { esm } from 'mortise/esm'
import { http, type HttpRequest, type HttpResponse } from 'mortise/http'
import { wasm } from 'mortise/wasm'

type Site = Plugin<{ readonly fetch: (request: HttpRequest) => HttpResponse | Promise<HttpResponse> }>

/** Writes a name into the book, and gives what the book looks like then. */
async function write(site: Site, name: string): Promise<string> {
  const { body } = await site.hooks.fetch({ method: 'POST', uri: '/', headers: [], body: Buffer.from(name) })
  return Buffer.from(body).toString().trimEnd().replaceAll('\n', ' | ')
}

async function show(host: Mortise<'wasm' | 'esm'>, name: string, before: Source, after: Source): Promise<void> {
  const site: Site = await host.plug(name, before, http, { keep: 1 })
  console.log(`${site.runtime}: ${await write(site, 'Ann')}`)
  await site.swap(after)
  console.log(`${site.runtime}, another version: ${await write(site, 'Bob')}`)
  await site.rollback()
  console.log(`${site.runtime}, rolled back: ${await write(site, 'Cy')}`)
}

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const handler = await readFile(path('handler.ts'), 'utf8')
const { wasm: guest } = await build(path('guest'), { gc: 'incremental' })
const { wasm: small } = await build(path('guest'), { gc: 'incremental', optimize: 'size' })

await using host = new Mortise({ runtimes: [wasm(), esm()] })
await show(host, 'typescript', Buffer.from(handler), Buffer.from(handler.replace('Guests', 'Our guests')))
await show(host, 'assemblyscript', guest, small)
