import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { readKubeconfig } from '../../src/kubernetes/kubeconfig.ts'
import { serviceAccount } from '../../src/kubernetes/service-account.ts'

const folder = await mkdtemp(join(tmpdir(), 'mortise-kubeconfig-'))
after(() => rm(folder, { recursive: true, force: true }))

async function write(name: string, content: string): Promise<string> {
  await writeFile(join(folder, name), content)
  return join(folder, name)
}

interface Parts {
  readonly cluster?: string
  readonly user?: string
  readonly current?: string
}

async function kubeconfig({ cluster = '', user = '', current = 'current-context: here' }: Parts): Promise<string> {
  return write(
    'config',
    `apiVersion: v1
kind: Config
${current}
clusters:
  - name: other
    cluster: { server: 'https://other:6443' }
  - name: main
    cluster:
      server: https://10.0.0.1:6443/base
${cluster.replaceAll(/^/gm, '      ')}
contexts:
  - name: here
    context: { cluster: main, user: me }
  - name: there
    context: { cluster: other, user: nobody }
users:
  - name: nobody
    user: {}
  - name: me
    user:
      # nothing of this line is a credential
${user === '' ? '      token: ""' : user.replaceAll(/^/gm, '      ')}
`,
  )
}

test('the current context says which server is asked, and as whom', async () => {
  await write('ca.pem', 'the authority')
  await write('key.pem', 'the key')
  const cluster = 'certificate-authority: ca.pem\ntls-server-name: kubernetes'
  const user = `client-certificate-data: ${Buffer.from('the certificate').toString('base64')}\nclient-key: ./key.pem`
  const server = await readKubeconfig(await kubeconfig({ cluster, user }))
  assert.deepEqual(server, {
    url: new URL('https://10.0.0.1:6443/base'),
    ca: 'the authority',
    serverName: 'kubernetes',
    client: { cert: 'the certificate', key: 'the key' },
  })
  const other = await readKubeconfig(await kubeconfig({}), 'there')
  assert.deepEqual(other, { url: new URL('https://other:6443') })
})

test('tokens are there, or in a file that somebody else renews', async () => {
  const inline = await readKubeconfig(await kubeconfig({ user: 'token: abc' }))
  assert.equal(await inline.token?.(), 'abc')
  await write('token', 'def\n')
  const file = await readKubeconfig(await kubeconfig({ user: 'tokenFile: token' }))
  assert.equal(await file.token?.(), 'def')
})

test('what Mortise does not do is refused, by what it is', async () => {
  const refused: readonly [Parts, RegExp][] = [
    [{ user: 'exec: { command: aws }' }, /the user 'me' .*runs a program to get credentials/],
    [{ user: 'auth-provider: { name: gcp }' }, /takes credentials from an auth provider/],
    [{ user: 'username: admin' }, /has a name and a password/],
    [{ user: 'as: somebody' }, /acts as somebody else/],
    [{ user: 'client-key: key.pem' }, /has a client certificate or its key/],
    [{ user: 'token: [1]' }, /has a 'token' that is no text/],
    [{ user: 'tokenFile: [1]' }, /has a 'tokenFile' that is no text/],
    [{ cluster: 'insecure-skip-tls-verify: true' }, /the cluster 'main' .*skips the check of the server's certificate/],
    [{ cluster: "proxy-url: 'http://proxy'" }, /is behind a proxy/],
    [{ cluster: 'certificate-authority: absent.pem' }, /has a 'certificate-authority' that cannot be read: ENOENT/],
    [{ current: '' }, /has no 'current-context'/],
    [{ current: 'current-context: elsewhere' }, /has no context 'elsewhere'/],
  ]
  for (const [parts, sentence] of refused) {
    const file = await kubeconfig(parts)
    await assert.rejects(readKubeconfig(file), { code: 'KUBECONFIG_INVALID', message: sentence })
  }
  const none = { code: 'KUBECONFIG_INVALID' }
  await assert.rejects(readKubeconfig(join(folder, 'absent')), none)
  await assert.rejects(readKubeconfig(await write('broken', 'a: [')), none)
  await assert.rejects(readKubeconfig(await write('list', '- a')), none)
})

test('a server without encryption is asked on this machine alone, and without a token', async () => {
  const config = (server: string, user: string): Promise<string> =>
    write(
      'plain',
      `{current-context: a, contexts: [{name: a, context: {cluster: a, user: a}}], clusters: [{name: a, cluster: {server: '${server}'}}], users: [{name: a, user: ${user}}]}`,
    )
  assert.equal((await readKubeconfig(await config('http://127.0.0.1:8001', '{}'))).url.port, '8001')
  for (const [server, user] of [
    ['http://10.0.0.1', '{}'],
    ['http://127.0.0.1:8001', '{token: abc}'],
    ['ftp://127.0.0.1', '{}'],
    ['nowhere', '{}'],
  ] as const) {
    const file = await config(server, user)
    await assert.rejects(readKubeconfig(file), { code: 'KUBECONFIG_INVALID', message: /which is no https URL/ })
  }
})

test('in a pod it is the service account', async () => {
  await write('ca.crt', 'the authority')
  await write('token', 'of the account\n')
  const env = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '6443' }
  const server = await serviceAccount(env, folder)
  assert.equal(server.url.href, 'https://10.96.0.1:6443/')
  assert.equal(server.ca, 'the authority')
  assert.equal(await server.token?.(), 'of the account')
  const six = await serviceAccount({ KUBERNETES_SERVICE_HOST: 'fd00::1' }, folder)
  assert.equal(six.url.href, 'https://[fd00::1]/')
  await assert.rejects(serviceAccount({}, folder), { code: 'KUBECONFIG_INVALID', message: /this is no pod/ })
  await assert.rejects(serviceAccount(env, join(folder, 'absent')), { code: 'KUBECONFIG_INVALID', message: /ENOENT/ })
})
