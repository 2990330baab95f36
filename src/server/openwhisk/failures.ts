import { MortiseError, reasonOf } from '../../errors.ts'
import { goSyntaxError, goValue } from '../go-json.ts'

/** Why `/init` failed, in the words of the reference. */
export interface InitFailure {
  /** Whether there was something to start, which did not. */
  readonly starting: boolean
  readonly reason: string
  /** What the program's image printed of it. */
  readonly printed?: string
}

/** What a container asks of programs. */
export interface Asked {
  /** They have to say that they are ready. */
  readonly acknowledge?: boolean
  /** Archives with a manifest stay as they are. */
  readonly saveJar?: string | undefined
}

export function initFailure(error: unknown, { acknowledge = false, saveJar }: Asked = {}): InitFailure {
  if (!MortiseError.is(error)) return { starting: false, reason: reasonOf(error) }
  const { code, message, details } = error
  const { said, output, exitCode, signal } = details
  switch (code) {
    case 'PROCESS_NOT_STARTED':
      if (said !== undefined) return { starting: true, reason: notReady(said) }
      if (exitCode === undefined && signal === undefined) return { starting: true, reason: message }
      return {
        starting: true,
        reason: acknowledge ? 'Command exited abruptly during initialization.' : 'command exited',
      }
    case 'EXECUTION_ENV': {
      const { expected, actual } = details
      if (actual === undefined) return { starting: true, reason: output ?? message }
      const printed = `Expected exec.env should start with ${expected}\nActual value: ${actual}`
      return { starting: true, reason: output ?? message, printed }
    }
    case 'CODE_NOT_RUNNABLE':
      // An archive that is kept is nothing that could be started.
      return { starting: true, reason: saveJar === undefined ? (output ?? message) : 'command exited' }
    case 'COMPILE_FAILED':
    case 'CODE_ARCHIVE':
    case 'CODE_UNSAFE':
    case 'CODE_TOO_LARGE':
    case 'CODE_FOLDER':
    case 'CODE_EMPTY':
      return { starting: false, reason: output ?? message }
    default:
      return { starting: true, reason: output ?? message }
  }
}

/** What is wrong with a line that should have been `{"ok":true}`. */
function notReady(said: string): string {
  const wrong = goSyntaxError(Buffer.from(said))
  if (wrong !== undefined) return wrong
  const value: unknown = JSON.parse(said)
  const given = value ?? {}
  const into = 'json: cannot unmarshal'
  if (typeof given !== 'object' || Array.isArray(given))
    return `${into} ${goValue(given)} into Go value of type openwhisk.ActionAck`
  const [, ok] = Object.entries(given).findLast(([name]) => name.toLowerCase() === 'ok') ?? []
  if (ok === undefined || ok === null || typeof ok === 'boolean') return 'The action did not initialize properly.'
  return `${into} ${goValue(ok)} into Go struct field ActionAck.ok of type bool`
}
