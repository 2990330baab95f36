import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { get, type RequestOptions } from 'node:https'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { folder } from '../server.ts'
import { DeployServer } from './deploy-server.ts'

const run = promisify(execFile)

/** Why there is no certificate to test with. */
const missing = await run('openssl', ['version']).then(
  () => false,
  () => 'openssl is not installed',
)

test(
  'the deploy API with a CA is for clients with a certificate of it, who need a token all the same',
  { skip: missing },
  async () => {
    await using files = await folder()
    const [key, cert, otherKey, otherCert] = ['key', 'cert', 'other-key', 'other-cert'].map(
      (name) => `${files.path}/${name}.pem`,
    )
    assert(key && cert && otherKey && otherCert)
    for (const [newKey, newCert] of [
      [key, cert],
      [otherKey, otherCert],
    ] as const)
      await run('openssl', [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        newKey,
        '-out',
        newCert,
        '-subj',
        '/CN=localhost',
      ])
    await using server = await DeployServer.start({}, { tls: { key, cert, ca: cert } })
    assert.match(server.url, /^https:/)
    const ca = await readFile(cert)
    const authorization = `Bearer ${server.token}`
    const statusOf = (options: RequestOptions): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const all = { ca, servername: 'localhost', agent: false, ...options }
        get(`${server.url}/v1/plugins`, all, (response) => {
          response.resume().once('end', () => resolve(response.statusCode))
        }).once('error', reject)
      })
    const own = { key: await readFile(key), cert: ca }
    assert.equal(await statusOf({ ...own, headers: { authorization } }), 200)
    assert.equal(await statusOf(own), 401)
    await assert.rejects(statusOf({ headers: { authorization } }))
    const other = { key: await readFile(otherKey), cert: await readFile(otherCert) }
    await assert.rejects(statusOf({ ...other, headers: { authorization } }))
  },
)
