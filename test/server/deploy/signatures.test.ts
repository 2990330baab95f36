import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { describe, it } from 'node:test'
import { TrustedKeys } from '../../../src/server/deploy/signatures.ts'

const digest = createHash('sha256').update('an artifact').digest('hex')
const [ours, other] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')]
const pem = ours.publicKey.export({ type: 'spki', format: 'pem' })
const signatureOf = (text: string, { privateKey } = ours): string =>
  sign(null, Buffer.from(`mortise artifact sha256:${text}`), privateKey).toString('base64')

describe('signatures', () => {
  it('are not asked for where no key is trusted', () => {
    new TrustedKeys([]).check(digest, undefined)
  })

  it('of a trusted key over this very digest let an artifact pass, and nothing else does', () => {
    const keys = new TrustedKeys([other.publicKey.export({ type: 'spki', format: 'pem' }), pem])
    keys.check(digest, signatureOf(digest))
    keys.check(digest, signatureOf(digest, other))
    const alone = new TrustedKeys([pem])
    const otherDigest = createHash('sha256').update('another').digest('hex')
    for (const signature of [
      undefined,
      '',
      'AAAA',
      signatureOf(otherDigest),
      signatureOf(digest, other),
      signatureOf(digest).slice(4),
    ])
      assert.throws(() => alone.check(digest, signature), { code: 'SIGNATURE_REFUSED' })
  })

  it('need keys of Ed25519', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' })
    for (const bad of ['', 'no key', rsa]) assert.throws(() => new TrustedKeys([bad]), { code: 'CONFIG_UNREADABLE' })
  })
})
