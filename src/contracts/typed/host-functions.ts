import { MortiseError } from '../../errors.ts'
import { checkKeys, checkOption } from '../../options.ts'
import { type CallHost, compileFits } from './abi/compile.ts'
import { misfit } from './abi/misfit.ts'
import type { Definition } from './definition.ts'

/** The host's side of a contract's host functions. */
export type HostFunctions = Readonly<Record<string, (params: unknown) => unknown>>

/** Checks that every host function of a contract is provided and no other: `OPTION_UNKNOWN`, `OPTION_INVALID`. */
export function checkProvided({ name, hostFunctions }: Definition, given: HostFunctions): HostFunctions {
  const names = Object.keys(hostFunctions)
  checkKeys(given, names, `the host functions of contract '${name}'`)
  for (const one of names) checkOption(one, given[one], typeof given[one] === 'function', 'a function')
  return Object.freeze({ ...given })
}

/** Calls a host function for a guest. What it returns goes to the guest, so it must be what the contract says. */
export function hostCaller(definition: Definition, functions: HostFunctions): CallHost {
  const results = Object.entries(definition.hostFunctions).flatMap(([name, { result }]) =>
    result === null ? [] : [[name, result] as const],
  )
  const fits = compileFits(Object.fromEntries(results))
  return (name, params) => {
    const call = functions[name]
    if (call === undefined) throw new TypeError(`Nobody provided '${name}'`)
    const result = call(params)
    const type = definition.hostFunctions[name]?.result ?? null
    if (type === null || fits[name]?.(result) === true) return result
    const wrong = misfit(type, result, 'result') ?? 'it changes while it is looked at'
    throw new MortiseError(
      'INPUT_INVALID',
      `Cannot return from the host function '${name}' of the contract '${definition.name}': ${wrong}`,
    )
  }
}
