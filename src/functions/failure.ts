import { type ErrorCode, MortiseError } from '../errors.ts'

/** The error of an activation that took too long, or waited too long for its turn. */
export function overran(name: string, milliseconds: number): MortiseError {
  const limit = Math.max(0, Math.floor(milliseconds))
  return failure(
    'DEADLINE',
    name,
    `the activation was not answered within ${limit} ms. Make the function quicker, or raise its limit 'deadline'`,
    limit,
  )
}

/** The error of a function that was removed. */
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

function failure(code: ErrorCode, plugin: string, why: string, limit?: number): MortiseError {
  return new MortiseError(code, `Cannot run function '${plugin}': ${why}`, {
    plugin,
    ...(limit !== undefined && { limit }),
  })
}
