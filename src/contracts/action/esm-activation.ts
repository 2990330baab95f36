import type { Binding } from '../../contract.ts'
import { reasonOf } from '../../errors.ts'
import { GuestFault } from '../../fault.ts'
import { rejection, stackOf } from '../../rejection.ts'
import type { EsmContext } from '../../units.ts'
import type { ActivationHooks } from './activation.ts'
import type { JsonObject } from './json.ts'
import { type ActivationFields, fieldsOf, parseRequest, settingsOf } from './request.ts'

/** What an ES module may use of one activation, beside its parameters. */
export interface ActivationContext extends EsmContext {
  /** What the request says beside its parameters, by the names that it has there. */
  readonly activation: ActivationFields
}

/** An activation of an ES module: `main(parameters, context)`, which may return a promise. */
export const activationOnEsm: Binding<ActivationHooks, 'esm', 'async'> = {
  mode: 'async',
  check({ exports }) {
    const main = exports.find((port) => port.name === 'main')
    if (main === undefined) return ["export 'main' is missing: it must be a function"]
    return main.type === 'function' ? [] : [`export 'main' is ${main.type}, and must be a function`]
  },
  imports: () => ({}),
  bind({ unit, guard }) {
    const main = unit.exports['main']
    if (typeof main !== 'function') throw new TypeError('the module was bound before it was checked')
    const call = guard.async('main', async (request: JsonObject) => {
      const context = new ActivationCall(unit.context(), request)
      // What is thrown here is a crash; what a promise is rejected with is an answer.
      const result: unknown = Reflect.apply(main, undefined, [request['value'] ?? {}, context])
      return isThenable(result) ? settled(result, context) : spell(result)
    })
    return {
      main(request) {
        try {
          return call(parseRequest(request))
        } catch (error) {
          // oxlint-disable-next-line prefer-promise-reject-errors -- it goes on as it was thrown
          return Promise.reject(error)
        }
      },
    }
  },
}

/** The rest of a request is read when the guest first asks for it: most guests never do. */
class ActivationCall implements ActivationContext {
  readonly log: EsmContext['log']
  readonly #config: EsmContext['config']
  readonly #request: JsonObject
  #fields: ActivationFields | undefined
  #settings: EsmContext['config'] | undefined

  constructor({ config, log }: EsmContext, request: JsonObject) {
    this.log = log
    this.#config = config
    this.#request = request
  }

  get activation(): ActivationFields {
    return (this.#fields ??= fieldsOf(this.#request))
  }

  get config(): EsmContext['config'] {
    return (this.#settings ??= Object.freeze({ ...this.#config, ...settingsOf(this.#request) }))
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'

async function settled(pending: PromiseLike<unknown>, context: EsmContext): Promise<string> {
  let result: unknown
  try {
    result = await pending
  } catch (thrown) {
    if (thrown instanceof GuestFault) throw thrown
    context.log.error(stackOf(thrown))
    result = rejection(thrown)
  }
  return spell(result)
}

function spell(result: unknown): string {
  try {
    return JSON.stringify(result ?? {}) ?? '{}'
  } catch (cause) {
    throw new GuestFault('GUEST_RESULT', `it answered with what JSON cannot say: ${reasonOf(cause)}`)
  }
}
