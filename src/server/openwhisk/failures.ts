import { MortiseError } from '../../errors.ts'
import { goSyntaxError } from '../go-json.ts'

/**
 * Why code that could be made out did not start, in the words of the reference; `undefined` for code that could not be made out.
 *
 * @param acknowledge - whether the program had to say that it is ready
 */
export function failedToStart(error: unknown, acknowledge: boolean): string | undefined {
  if (!MortiseError.is(error)) return undefined
  if (error.code === 'MODULE_REFUSED' || error.code === 'MODULE_INVALID') return error.message
  if (error.code !== 'PROCESS_NOT_STARTED') return undefined
  const { said } = error.details
  if (said !== undefined) return goSyntaxError(Buffer.from(said)) ?? 'The action did not initialize properly.'
  if (error.details.exitCode === undefined && error.details.signal === undefined) return error.message
  return acknowledge ? 'Command exited abruptly during initialization.' : 'command exited'
}
