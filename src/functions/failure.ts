import { type ErrorCode, MortiseError } from '../errors.ts'

/** The error of an activation that took too long, or waited too long for its turn. */
export function overran(name: string, milliseconds: number): MortiseError {
  const limit = Math.max(0, Math.floor(milliseconds))
  return failure(
    'DEADLINE',
    name,
    `it did not answer within ${limit} ms. Make it quicker, or raise its limit 'deadline'`,
    limit,
  )
}

/** The error of an activation whose code was removed. */
export const removed = (name: string): MortiseError =>
  failure('PLUGIN_UNPLUGGED', name, 'it was removed. Deploy it again')

/** The error of an activation that found no place to wait. */
export const full = (name: string, concurrency: number, queue: number): MortiseError =>
  failure(
    'QUEUE_FULL',
    name,
    `${concurrency} activations of it are under way, and ${queue} wait. Call less at once, or raise 'concurrency' or 'queue'`,
    queue,
  )

/** The error of an activation that went on for too long once its version was live no more. */
export const retired = (name: string, drain: number): MortiseError =>
  failure(
    'VERSION_RETIRED',
    name,
    `its version is live no more, and it did not answer within ${drain} ms since. Ask again, or raise 'drain'`,
    drain,
  )

function failure(code: ErrorCode, plugin: string, why: string, limit?: number): MortiseError {
  return new MortiseError(code, `Cannot run '${plugin}': ${why}`, {
    plugin,
    ...(limit !== undefined && { limit }),
  })
}
