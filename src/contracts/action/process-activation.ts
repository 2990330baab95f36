import type { Binding } from '../../contract.ts'
import { MortiseError } from '../../errors.ts'
import type { ActivationHooks } from './activation.ts'
import { parseRequest } from './request.ts'

/** An activation of a program: the request goes in as one line, and the answer comes out as one. */
export const activationOnProcess: Binding<ActivationHooks, 'process', 'async'> = {
  mode: 'async',
  check: () => [],
  imports: () => ({}),
  bind({ unit, guard }) {
    const { exports } = unit
    if (exports === undefined) {
      const call = guard('main', (line: string) => unit.exchange(line))
      return { main: (request) => call(oneLine(request)) }
    }
    checkMain(exports['main'])
    const call = guard('main', async (line: string) => {
      const answer = await unit.exchange(line)
      return answer === 'null' ? '{}' : answer
    })
    return { main: async (request) => call(directed(request)) }
  },
}

/** A line break has no meaning in JSON, where it can only stand between two tokens. */
const oneLine = (request: string): string => (request.includes('\n') ? request.replaceAll('\n', '') : request)

/** The request with what the launcher is told: the last of two fields of a name counts. */
function directed(request: string): string {
  const { value } = parseRequest(request)
  const line = oneLine(request).trimEnd().slice(0, -1)
  const first = line.trimEnd().endsWith('{') ? '' : ','
  return `${line}${first}${value === undefined || value === null ? '"value":{},' : ''}"hook":"main","rejections":"answers"}`
}

function checkMain(type: string | undefined): void {
  if (type === 'function') return
  const problem =
    type === undefined
      ? "export 'main' is missing: it must be a function"
      : `export 'main' is ${type}, and must be a function`
  throw new MortiseError(
    'MODULE_REFUSED',
    `Cannot plug the artifact: it does not fit the contract 'activation':\n  ${problem}`,
    { problems: [problem] },
  )
}
