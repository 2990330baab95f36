import { readFile } from 'node:fs/promises'
import { MortiseError, reasonOf } from '../errors.ts'

/** For so long a token that was read is taken to be the one in its file, in milliseconds: the kubelet writes a new one well before. */
const fresh = 60_000

/** A token in a file that somebody else renews: `KUBECONFIG_INVALID` where it cannot be read. */
export function tokenIn(file: string): () => Promise<string> {
  let token = ''
  let until = 0
  return async () => {
    if (performance.now() < until) return token
    try {
      token = (await readFile(file, 'utf8')).trim()
    } catch (cause) {
      throw new MortiseError('KUBECONFIG_INVALID', `Cannot read the token '${file}': ${reasonOf(cause)}`, { cause })
    }
    until = performance.now() + fresh
    return token
  }
}
