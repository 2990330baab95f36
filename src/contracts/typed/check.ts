import { MortiseError } from '../../errors.ts'
import { checkKeys } from '../../options.ts'
import type { Definition, FunctionType, WrittenFunction, WrittenFunctions, WrittenMembers } from './definition.ts'
import { isMemberName, isReserved, isReservedExport, isTypeName, kebabCase } from './names.ts'
import { TypeChecker } from './type-check.ts'
import type { Members, Type } from './types.ts'

/** A contract as it is written. */
export interface WrittenContract {
  readonly name: string
  readonly hooks: WrittenFunctions
  readonly hostFunctions: WrittenFunctions
  readonly values: WrittenMembers
}

/**
 * Makes the data of a contract from what was written, and refuses what no guest could fit.
 *
 * @throws MortiseError `CONTRACT_INVALID` with the place in the definition; `OPTION_UNKNOWN`, `OPTION_INVALID` for a function
 *   that is not written as one
 */
export function checkContract({ name, hooks, hostFunctions, values }: WrittenContract): Definition {
  const what = `contract '${name}'`
  if (!isTypeName(name)) invalid(what, `a contract's name is in kebab-case, such as 'user-manager'`)
  const types = new TypeChecker(invalid.bind(undefined, what))
  const checked = {
    name,
    hooks: checkFunctions(what, 'hook', hooks, types),
    hostFunctions: checkFunctions(what, 'host function', hostFunctions, types),
    values: checkMembers(what, 'value', values, types),
  }
  const exported = [...Object.keys(checked.hooks), ...Object.keys(checked.values)]
  for (const one of exported) {
    if (isReservedExport(one)) invalid(what, `no hook and no value may be called '${one}'`)
  }
  const twice = duplicate(exported)
  if (twice !== undefined) invalid(what, `'${twice}' is the name of two hooks or values`)
  if (exported.length === 0) invalid(what, 'it has no hooks and no values')
  const worldNames = [...Object.keys(checked.hostFunctions), ...types.found.map((type) => type.name)]
  const clash = duplicate(worldNames)
  if (clash !== undefined) invalid(what, `'${clash}' is the name of a host function and of a type`)
  return Object.freeze({ ...checked, types: Object.freeze([...types.found]) })
}

function checkFunctions(
  contract: string,
  what: string,
  written: WrittenFunctions,
  types: TypeChecker,
): Definition['hooks'] {
  checkNames(contract, what, written)
  const functions = Object.entries(written).map(([name, one]): [string, FunctionType] => [
    name,
    checkFunction(contract, `${what} '${name}'`, one, types),
  ])
  return Object.freeze(Object.fromEntries(functions))
}

function checkFunction(contract: string, where: string, written: WrittenFunction, types: TypeChecker): FunctionType {
  checkKeys(written, ['params', 'result'], `${where} of ${contract}`)
  const { params = {}, result } = written
  return Object.freeze({
    params: checkMembers(contract, `parameter of ${where}`, params, types),
    result: result === undefined ? null : types.check(result, `the result of ${where}`),
  })
}

function checkMembers(contract: string, what: string, written: WrittenMembers, types: TypeChecker): Members {
  checkNames(contract, what, written)
  const members = Object.entries(written).map(([name, type]): [string, Type] => [
    name,
    types.check(type, `${what} '${name}'`),
  ])
  return Object.freeze(Object.fromEntries(members))
}

function checkNames(contract: string, what: string, written: Readonly<Record<string, unknown>>): void {
  checkKeys(written, Object.keys(written ?? {}), `the ${what}s of ${contract}`)
  for (const name of Object.keys(written)) {
    if (!isMemberName(name)) invalid(contract, `the name of ${what} '${name}' is not in camelCase, such as 'opaqueId'`)
    if (isReserved(name)) invalid(contract, `no ${what} may be called '${name}': it is a reserved word of JavaScript`)
  }
  const twice = duplicate(Object.keys(written))
  if (twice !== undefined) invalid(contract, `'${twice}' is the name of more than one ${what}`)
}

/** The first name, in kebab-case, that is there twice. */
function duplicate(names: readonly string[]): string | undefined {
  const spelled = names.map(kebabCase)
  return spelled.find((name, index) => spelled.indexOf(name) !== index)
}

function invalid(what: string, why: string): never {
  throw new MortiseError('CONTRACT_INVALID', `Cannot define ${what}: ${why}`)
}
