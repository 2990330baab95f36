import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { Agent, createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { tether } from '../actions/serving.ts'
import { wrong } from '../engine/work.ts'
import type { Bench, Subject } from '../harness/suite.ts'
import { extenderCases, extenderNodes } from './cases.ts'
import { own } from './guests.ts'
import { makeNode, makePod } from './objects.ts'

const bin = join(import.meta.dirname, '../../bin/mortise.js')
const folder = mkdtempSync(join(tmpdir(), 'mortise-bench-'))
const agent = new Agent({ keepAlive: true })
const nodes = Array.from({ length: extenderNodes }, (_, index) => makeNode(index))
const pods = Array.from({ length: 64 }, (_, index) => makePod(index))
const names = nodes.map(({ metadata }) => String(Reflect.get(Object(metadata), 'name')))

export const subject: Subject = {
  name: 'extender',
  url: import.meta.url,
  role: 'ours',
  cases: {
    [extenderCases.names]: { '': byName },
    [extenderCases.full]: {
      'none changed': () => inFull(0),
      '1 of 100 changed': () => inFull(100),
      'all changed': () => inFull(1),
    },
  },
}

async function byName(): Promise<Bench> {
  const url = await serving({ cluster: { kubeconfig: await cluster() } })
  while ((await ask('GET', `${url}/readyz`)).status !== 200);
  const bodies = pods.map((pod) => Buffer.from(JSON.stringify({ Pod: pod, Nodes: null, NodeNames: names })))
  let next = 0
  return asking(url, () => bodies[next++ % bodies.length] ?? Buffer.alloc(0))
}

/** @param every - of how many nodes one is another one in each request; 0 for none */
async function inFull(every: number): Promise<Bench> {
  const url = await serving({})
  // Two texts for each node, of which requests have the one or the other.
  const texts = nodes.map((node) => {
    const text = JSON.stringify(node)
    return [text, text.replace('"resourceVersion":"71"', '"resourceVersion":"72"')] as const
  })
  const bodies = Array.from({ length: 4 }, (_, body) => {
    const items = texts.map((both, index) => both[every > 0 && index % every === 0 ? body % 2 : 0])
    const pod = JSON.stringify(pods[body])
    return Buffer.from(`{"Pod":${pod},"Nodes":{"metadata":{},"items":[${items.join(',')}]},"NodeNames":null}`)
  })
  let next = 0
  return asking(url, () => bodies[next++ % bodies.length] ?? Buffer.alloc(0))
}

/** What kube-scheduler asks for a pod, one after the other. */
function asking(url: string, body: () => Buffer): Bench {
  return {
    async run(count) {
      for (let index = 0; index < count; index++) {
        const sent = body()
        const filtered = await ask('POST', `${url}/filter`, sent)
        if (
          !filtered.body
            .subarray(-100)
            .toString()
            .endsWith('"FailedNodes":{},"FailedAndUnresolvableNodes":{},"Error":""}\n')
        )
          wrong(filtered.body.subarray(-1000).toString())
        const scored = await ask('POST', `${url}/prioritize`, sent)
        const scores: unknown = JSON.parse(scored.body.toString())
        if (!Array.isArray(scores) || scores.length !== extenderNodes) wrong(scored.body.subarray(0, 1000).toString())
      }
    },
  }
}

/** An extender in a process of its own. @returns its URL */
async function serving(options: object): Promise<string> {
  const file = join(folder, 'plugins.json')
  const plugin = { name: 'number', path: own.path, severity: 'fatal', limits: { deadline: '1 s' } }
  writeFileSync(file, JSON.stringify({ port: 0, log: 'off', plugins: [plugin], ...options }))
  const command = ['-c', tether, process.execPath, bin, 'serve', '--extender', file]
  // Nothing that is left of it may keep an end of this process open: that is how its end is known.
  return ready(spawn('/bin/sh', command, { stdio: ['pipe', 'pipe', 'ignore'] }))
}

async function ready(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('it has no output')
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = /^Ready at (\S+)$/.exec(line) ?? []
    if (url !== undefined) return url
  }
  throw new Error('the extender ended before it was ready')
}

/** An API server with the nodes. @returns the path of a kubeconfig for it */
async function cluster(): Promise<string> {
  const list = JSON.stringify({ kind: 'NodeList', apiVersion: 'v1', metadata: { resourceVersion: '72' }, items: nodes })
  const server = createServer(({ url = '' }, response) => {
    if (url.includes('watch=1')) response.flushHeaders()
    else response.end(list)
  })
  server.listen(0, '127.0.0.1').unref()
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const file = join(folder, 'kubeconfig')
  const parts = {
    'current-context': 'bench',
    contexts: [{ name: 'bench', context: { cluster: 'bench', user: 'bench' } }],
    clusters: [{ name: 'bench', cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: 'bench', user: {} }],
  }
  writeFileSync(file, JSON.stringify(parts))
  return file
}

function ask(method: string, url: string, body?: Buffer): Promise<{ readonly status: number; readonly body: Buffer }> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length }
    const sent = request(url, { method, agent, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }))
      response.once('error', reject)
    })
    sent.once('error', reject)
    sent.end(body)
  })
}
