import type { BuildOptions } from 'mortise/build'
import type { KubernetesObject } from '../../src/contracts/scheduler/kubernetes/object.ts'
import { buildText } from './guest.ts'
import { ReferenceScheduler } from './reference-scheduler.ts'

/** Builds a plugin from its text, and loads it as kube-scheduler-wasm-extension would. */
export async function plugin(
  source: string,
  options: BuildOptions & { config?: string; severity?: number } = {},
): Promise<ReferenceScheduler> {
  const { config, severity, ...build } = options
  return new ReferenceScheduler(
    await buildText(`import * as all from 'tenon/scheduler'\n${source}`, build),
    config,
    severity,
  )
}

/** A node without more than that. */
export const node = (name: string, more: object = {}): KubernetesObject => ({ metadata: { name, ...more } })

/** A pod that is on a node. */
export const pod: KubernetesObject = {
  metadata: { name: 'web-0', namespace: 'shop', uid: 'u-1' },
  spec: { nodeName: 'n1' },
}
