import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Why there are no certificates to test with. */
export const noCertificates: string | false = await run('openssl', ['version']).then(
  () => false,
  () => 'openssl is not installed',
)

/** A certificate and its key, as files and as text. */
export interface Certificate {
  readonly certFile: string
  readonly keyFile: string
  readonly cert: string
  readonly key: string
}

/** An authority that signs certificates, in a folder that is removed with it. */
export class Authority implements AsyncDisposable {
  readonly #folder: string
  readonly own: Certificate

  private constructor(folder: string, own: Certificate) {
    this.#folder = folder
    this.own = own
  }

  static async make(): Promise<Authority> {
    const folder = await mkdtemp(join(tmpdir(), 'mortise-certificates-'))
    const [certFile, keyFile] = [join(folder, 'ca.crt'), join(folder, 'ca.key')]
    await run('openssl', [...newKey, '-x509', '-keyout', keyFile, '-out', certFile, '-subj', '/CN=test-ca'])
    return new Authority(folder, await read(certFile, keyFile))
  }

  /** Signs a certificate for a name, which also holds for the loopback address. */
  async sign(name: string): Promise<Certificate> {
    const file = (end: string): string => join(this.#folder, `${name}.${end}`)
    const [certFile, keyFile, request, names] = [file('crt'), file('key'), file('csr'), file('ext')]
    await run('openssl', [...newKey, '-keyout', keyFile, '-out', request, '-subj', `/CN=${name}`])
    await writeFile(names, `subjectAltName=DNS:${name},IP:127.0.0.1\n`)
    const by = ['-CA', this.own.certFile, '-CAkey', this.own.keyFile, '-CAcreateserial', '-days', '2']
    await run('openssl', ['x509', '-req', '-in', request, ...by, '-extfile', names, '-out', certFile])
    return read(certFile, keyFile)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }
}

const newKey = ['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

async function read(certFile: string, keyFile: string): Promise<Certificate> {
  return { certFile, keyFile, cert: await readFile(certFile, 'utf8'), key: await readFile(keyFile, 'utf8') }
}
