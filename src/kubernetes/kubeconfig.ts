import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parse } from 'yaml'
import { MortiseError, reasonOf } from '../errors.ts'
import type { ApiServer } from './api-server.ts'
import { fieldOf } from './objects.ts'
import { tokenIn } from './token-file.ts'

/** What a user or a cluster may say, and Mortise does not do. */
const refused: Readonly<Record<string, string>> = {
  exec: 'runs a program to get credentials, which Mortise does not: give a token or a client certificate',
  'auth-provider': 'takes credentials from an auth provider, which Kubernetes has no longer: give a token',
  username: 'has a name and a password, which Kubernetes takes no longer: give a token or a client certificate',
  as: 'acts as somebody else, which Mortise does not: give the credentials of who it is',
  'proxy-url': 'is behind a proxy, which Mortise does not ask: run it where it reaches the API server',
  'insecure-skip-tls-verify':
    "skips the check of the server's certificate, which Mortise never does: give a certificate-authority",
}

/**
 * The API server that a kubeconfig speaks of: the cluster and the user of its current context, or of another one.
 *
 * @param file - its path; relative paths in it begin at its folder
 * @param context - the name of a context; default: the current one
 * @throws MortiseError `KUBECONFIG_INVALID` where it cannot be read, or speaks of what Mortise does not do
 */
export async function readKubeconfig(file: string, context?: string): Promise<ApiServer> {
  const config = new Entry(file, `the kubeconfig '${file}'`, await read(file))
  const chosen = config.named('contexts', context ?? config.required('current-context'), 'context')
  const cluster = config.named('clusters', chosen.required('cluster'), 'cluster')
  const user = config.named('users', chosen.required('user'), 'user')
  const ca = await cluster.pem('certificate-authority')
  const serverName = cluster.text('tls-server-name')
  const client = await pairOf(user)
  const token = tokenOf(user)
  return {
    url: addressOf(cluster, token !== undefined),
    ...(ca !== undefined && { ca }),
    ...(serverName !== undefined && { serverName }),
    ...(client !== undefined && { client }),
    ...(token !== undefined && { token }),
  }
}

async function read(file: string): Promise<unknown> {
  try {
    return parse(await readFile(file, 'utf8'))
  } catch (cause) {
    throw new MortiseError('KUBECONFIG_INVALID', `Cannot read the kubeconfig '${file}': ${reasonOf(cause)}`, { cause })
  }
}

/** Without encryption nothing leaves this machine, and no token goes anywhere: `kubectl proxy` listens so. */
function addressOf(cluster: Entry, secret: boolean): URL {
  const server = cluster.required('server')
  const url = URL.parse(server)
  if (url?.protocol === 'https:') return url
  const local = url?.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
  if (url === null || !local || secret) return cluster.refuse(`has the server '${server}', which is no https URL`)
  return url
}

async function pairOf(user: Entry): Promise<ApiServer['client']> {
  const cert = await user.pem('client-certificate')
  const key = await user.pem('client-key')
  if (cert === undefined && key === undefined) return undefined
  if (cert === undefined || key === undefined) return user.refuse('has a client certificate or its key, and takes both')
  return { cert, key }
}

function tokenOf(user: Entry): ApiServer['token'] {
  const file = user.text('tokenFile')
  if (file !== undefined) return tokenIn(user.path(file))
  const token = user.text('token')
  return token === undefined ? undefined : () => Promise.resolve(token)
}

/** An object of the file, which says what is wrong with it by its name. */
class Entry {
  readonly #file: string
  readonly #what: string
  readonly #values: ReadonlyMap<string, unknown>

  constructor(file: string, what: string, value: unknown) {
    this.#file = file
    this.#what = what
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.refuse('is no object')
    this.#values = new Map(Object.entries(value))
    for (const [name, why] of Object.entries(refused)) if (isGiven(this.#values.get(name))) this.refuse(why)
  }

  /** Of a list of objects with names, what stands in the one of this name under `key`. */
  named(list: string, name: string, key: string): Entry {
    const entries = this.#values.get(list)
    for (const entry of Array.isArray(entries) ? entries : []) {
      if (fieldOf(entry, 'name') !== name) continue
      return new Entry(this.#file, `the ${key} '${name}' of the kubeconfig '${this.#file}'`, fieldOf(entry, key))
    }
    return this.refuse(`has no ${key} '${name}'`)
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name)
    if (value === undefined || value === null || value === '') return undefined
    return typeof value === 'string' ? value : this.refuse(`has a '${name}' that is no text`)
  }

  required(name: string): string {
    return this.text(name) ?? this.refuse(`has no '${name}'`)
  }

  path(file: string): string {
    return resolve(dirname(this.#file), file)
  }

  /** What stands in the file in base64, or in the file that it names. */
  async pem(name: string): Promise<string | undefined> {
    const data = this.text(`${name}-data`)
    if (data !== undefined) return Buffer.from(data, 'base64').toString()
    const file = this.text(name)
    if (file === undefined) return undefined
    try {
      return await readFile(this.path(file), 'utf8')
    } catch (cause) {
      return this.refuse(`has a '${name}' that cannot be read: ${reasonOf(cause)}`, cause)
    }
  }

  refuse(why: string, cause?: unknown): never {
    throw new MortiseError('KUBECONFIG_INVALID', `Cannot use ${this.#what}: it ${why}`, { cause })
  }
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== '' && value !== false
