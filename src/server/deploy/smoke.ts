import { MortiseError } from '../../errors.ts'

/** Refuses a version whose smoke call failed: `SMOKE_FAILED`. */
export function smokeFailed(plugin: string, why: string, cause?: unknown): never {
  const message = `Cannot deploy '${plugin}': the smoke call failed: ${why}. What was live is live`
  throw new MortiseError('SMOKE_FAILED', message, { plugin, cause })
}
