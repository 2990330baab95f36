import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'mortise/build'
import { serveExtender } from 'mortise/extender'
import { parse, parseAllDocuments } from 'yaml'
import { readExtenderFile } from '../../src/cli/extender-file.ts'
import { fieldOf } from '../../src/kubernetes/objects.ts'
import { verbs } from '../../src/server/extender/verbs.ts'
import { noCertificates } from '../support/certificates.ts'
import { inFull, nodeNamed, podNamed } from '../server/extender/extender.ts'
import { folder } from '../server/server.ts'

const example = new URL('../../examples/extender/', import.meta.url)
const run = promisify(execFile)

/** What lies in something under some names, one inside the other. */
const within = (value: unknown, ...names: readonly string[]): unknown => names.reduce(fieldOf, value)

async function yaml(file: string): Promise<unknown> {
  return parse(await readFile(new URL(file, example), 'utf8'))
}

async function manifests(file: string): Promise<readonly unknown[]> {
  const documents = parseAllDocuments(await readFile(new URL(`manifests/${file}`, example), 'utf8'))
  return Array.from(documents, (document): unknown => document.toJS())
}

const extenders = fieldOf(await yaml('config/scheduler-config.yaml'), 'extenders')
const extender: unknown = Array.isArray(extenders) ? extenders[0] : undefined

test('kube-scheduler is told of verbs, a name and a port that the extender has', async () => {
  for (const verb of ['filter', 'prioritize', 'preempt'])
    assert(verbs.some((name) => name === fieldOf(extender, `${verb}Verb`)))
  const url = new URL(String(fieldOf(extender, 'urlPrefix')))
  const all = await manifests('extender.yaml')
  const service = all.find((object) => fieldOf(object, 'kind') === 'Service')
  const name = `${String(within(service, 'metadata', 'name'))}.${String(within(service, 'metadata', 'namespace'))}.svc`
  assert.equal(url.hostname, name)
  assert.equal(within(extender, 'tlsConfig', 'serverName'), name)
  const { port, healthPort } = await readExtenderFile(fileURLToPath(new URL('config/plugins.yaml', example)))
  assert.equal(url.port, String(port))
  assert.deepEqual(within(service, 'spec', 'ports'), [{ name: 'https', port, targetPort: 'https' }])
  const deployment = JSON.stringify(all.find((object) => fieldOf(object, 'kind') === 'Deployment'))
  assert(
    deployment.includes(`{"name":"https","containerPort":${port}},{"name":"health","containerPort":${healthPort}}`),
  )
  assert((await manifests('scheduler.yaml')).every((object) => fieldOf(object, 'kind') !== undefined))
})

test('its plugins answer a client with a certificate of its script', { skip: noCertificates }, async () => {
  await using files = await folder()
  await run(fileURLToPath(new URL('certificates.sh', example)), [`${files.path}/certificates`, '2'])
  await mkdir(`${files.path}/plugins`)
  for (const plugin of ['zone-spread', 'image-locality']) {
    const { wasm } = await build(fileURLToPath(new URL(`../scheduler/${plugin}/guest`, example)))
    await writeFile(`${files.path}/plugins/${plugin}.wasm`, wasm)
  }
  // As the folders are mounted in the pod.
  await cp(new URL('config/', example), `${files.path}/config`, { recursive: true })
  await rename(`${files.path}/certificates/extender`, `${files.path}/tls`)
  const { cluster, ...options } = await readExtenderFile(`${files.path}/config/plugins.yaml`)
  assert.equal(cluster, 'service-account')
  const place = { host: '127.0.0.1', port: 0, healthPort: 0, log: 'off' } as const
  await using running = await serveExtender({ ...options, ...place })
  const [ca, cert, key] = await Promise.all(
    ['ca.crt', 'tls.crt', 'tls.key'].map((name) => readFile(`${files.path}/certificates/scheduler/${name}`)),
  )
  const servername = String(within(extender, 'tlsConfig', 'serverName'))
  const nodes = ['a', 'b'].map((zone) => nodeNamed(`node-${zone}`, { 'topology.kubernetes.io/zone': zone }))
  const post = (verb: string, client: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const headers = { host: `${servername}:8888` }
      const asked = { method: 'POST', ca, servername, headers, agent: false, ...client }
      const sent = request(`${running.url}/${verb}`, asked, (response) => {
        let said = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (said += chunk))
        response.once('end', () => resolve(JSON.parse(said)))
      })
      sent.once('error', reject).end(JSON.stringify(inFull(podNamed('web-0'), nodes)))
    })
  assert.deepEqual(within(await post('filter', { cert, key }), 'Nodes', 'items'), nodes)
  const scores = await post('prioritize', { cert, key })
  assert(Array.isArray(scores) && scores.length === 2)
  await assert.rejects(post('filter', {}))
})
