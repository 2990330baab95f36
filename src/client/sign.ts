import { createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { MortiseError, reasonOf } from '../errors.ts'

/**
 * Signs an artifact, for servers that take only what a key has signed which they trust.
 *
 * The signature is Ed25519 (RFC 8032) over the text `mortise artifact sha256:<digest>`.
 *
 * @param digest - SHA-256 of the artifact, in hexadecimal
 * @param pem - the private key of Ed25519, in PEM, not encrypted
 * @returns the signature, in base64
 * @throws MortiseError `OPTION_INVALID` for what is no such key
 * @example
 * ```ts
 * import { generateKeyPairSync } from 'node:crypto'
 * import { signArtifact } from 'mortise/client'
 *
 * const { privateKey } = generateKeyPairSync('ed25519')
 * const signature = signArtifact('0'.repeat(64), privateKey.export({ type: 'pkcs8', format: 'pem' }))
 * console.log(signature.length) // 88
 * ```
 */
export function signArtifact(digest: string, pem: string): string {
  return sign(null, Buffer.from(`mortise artifact sha256:${digest}`), keyOf(pem)).toString('base64')
}

function keyOf(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType === 'ed25519') return key
    throw new Error(`it is of ${key.asymmetricKeyType ?? 'no kind'}, and has to be of ed25519`)
  } catch (cause) {
    throw new MortiseError('OPTION_INVALID', `Cannot sign with this key: ${reasonOf(cause)}`, { cause })
  }
}
