import { MortiseError } from '../../../errors.ts'
import { Mortise } from '../../../host.ts'
import { logger, type LogLine } from '../../../storages/logger.ts'
import { responseOf } from '../../../storages/response.ts'
import { resultOf } from '../../../storages/result.ts'
import { wasm } from '../../../wasm/wasm.ts'
import { extensions } from '../extension.ts'
import type { State } from '../state.ts'
import type { TestedExtension } from './given.ts'
import { type Outcome, testIntent } from './outcome.ts'
import type { Passed } from './storages.ts'

/** What is said, not written: it is no intent of a test. */
const said: ReadonlySet<string> = new Set(['sys.Result', 'sys.Response', 'sys.Logger'])

/**
 * Plugs the guest into a host of its own and calls the extension. Intents that its storages would refuse are a failure too.
 *
 * @throws what `plug` throws
 */
export async function run({ source, name, app }: TestedExtension, state: State, passed: Passed): Promise<Outcome> {
  await using host = new Mortise({ runtimes: [wasm(app.limits)] })
  const contract = extensions({ [name]: app.extensions?.[name] ?? {} })
  const { hooks } = await host.plug('tested', source, contract)
  let error
  try {
    hooks[name]?.(state)
    if (responseOf(state).status === 200) state.validate()
  } catch (thrown) {
    if (!MortiseError.is(thrown)) throw thrown
    error = thrown
  }
  const { intents } = state
  const result = resultOf(state)
  return {
    intents: intents.filter(({ key }) => !said.has(key.storage)).map(testIntent),
    results: result === undefined ? passed.rows : [result],
    response: responseOf(state),
    logs: linesOf(state),
    requests: passed.requests,
    commands: passed.commands,
    mails: passed.mails,
    error,
  }
}

function linesOf({ intents }: State): readonly LogLine[] {
  const lines: LogLine[] = []
  const of = intents.filter(({ key }) => key.storage === 'sys.Logger')
  logger((line) => lines.push(line)).apply?.(of, undefined)
  return lines
}
