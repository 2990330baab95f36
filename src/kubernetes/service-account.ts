import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MortiseError, reasonOf } from '../errors.ts'
import type { ApiServer } from './api-server.ts'
import { tokenIn } from './token-file.ts'

/** Where the kubelet puts what a pod needs to know. */
const folder = '/var/run/secrets/kubernetes.io/serviceaccount'

/**
 * The API server of the cluster whose pod this process runs in, asked as the service account of the pod.
 *
 * @param env - the environment, which says where the API server is
 * @param from - the folder of the service account
 * @throws MortiseError `KUBECONFIG_INVALID` where this is no pod, or one without a service account
 */
export async function serviceAccount(
  env: Readonly<Record<string, string | undefined>>,
  from: string = folder,
): Promise<ApiServer> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = env
  if (host === undefined || host === '') refuse('KUBERNETES_SERVICE_HOST is not set, so this is no pod of a cluster')
  const address = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  const url = URL.parse(`https://${address}:${port}`)
  if (url === null) refuse(`'${host}' and '${port}' of its environment are no address`)
  try {
    return { url, ca: await readFile(join(from, 'ca.crt'), 'utf8'), token: tokenIn(join(from, 'token')) }
  } catch (cause) {
    return refuse(reasonOf(cause), cause)
  }
}

function refuse(why: string, cause?: unknown): never {
  const sentence = `Cannot be the service account of a pod: ${why}. Outside of a cluster give a kubeconfig`
  throw new MortiseError('KUBECONFIG_INVALID', sentence, { cause })
}
