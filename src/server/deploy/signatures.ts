import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { MortiseError, reasonOf } from '../../errors.ts'

/** What is signed of an artifact: the words, and its digest as it is written everywhere else. */
const signed = (digest: string): Buffer => Buffer.from(`mortise artifact sha256:${digest}`)

/** The keys whose signatures are trusted: where there are any, what is not signed by one of them is refused. */
export class TrustedKeys {
  readonly #keys: readonly KeyObject[]

  /**
   * @param pems - public keys of Ed25519, in PEM
   * @throws MortiseError `CONFIG_UNREADABLE`
   */
  constructor(pems: readonly string[]) {
    this.#keys = pems.map(keyOf)
  }

  /**
   * Lets an artifact pass that is signed by one of the keys, or any, where there are none.
   *
   * @param signature - of Ed25519 over `mortise artifact sha256:<digest>`, in base64
   * @throws MortiseError `SIGNATURE_REFUSED`
   */
  check(digest: string, signature: string | undefined): void {
    if (this.#keys.length === 0) return
    const bytes = Buffer.from(signature ?? '', 'base64')
    if (bytes.length === 64 && this.#keys.some((key) => verify(null, signed(digest), key, bytes))) return
    const why = signature === undefined ? 'it is not signed' : 'its signature is of no key that is trusted here'
    throw new MortiseError('SIGNATURE_REFUSED', `Cannot deploy the artifact ${digest}: ${why}`)
  }
}

/**
 * Reads the keys that are trusted.
 *
 * @throws MortiseError `CONFIG_UNREADABLE`
 */
export async function readKeys(paths: readonly string[]): Promise<TrustedKeys> {
  const read = async (path: string): Promise<string> => {
    try {
      return await readFile(path, 'utf8')
    } catch (cause) {
      throw new MortiseError('CONFIG_UNREADABLE', `Cannot read a trusted key: ${reasonOf(cause)}`, { cause })
    }
  }
  return new TrustedKeys(await Promise.all(paths.map(read)))
}

function keyOf(pem: string): KeyObject {
  try {
    const key = createPublicKey(pem)
    if (key.asymmetricKeyType === 'ed25519') return key
    throw new Error(`it is of ${key.asymmetricKeyType ?? 'no kind'}, and has to be of ed25519`)
  } catch (cause) {
    throw new MortiseError('CONFIG_UNREADABLE', `Cannot read a trusted key: ${reasonOf(cause)}`, { cause })
  }
}
