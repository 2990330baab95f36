import type { Definition, FunctionType } from '../definition.ts'
import type { Type } from '../types.ts'
import { kebabCase } from '../names.ts'
import { type Bits, bits } from './bits.ts'
import { FitCode, isChar, isObject } from './fit.ts'
import { FunctionCode } from './function-code.ts'
import type { Lifter } from './lifter.ts'
import type { Lowerer } from './lowerer.ts'
import { type Passing, signatureOf } from './signature.ts'
import { literal, member, Source } from './source.ts'
import { textCode } from './text-code.ts'
import type { Encoding, Text } from './text.ts'
import { isCut } from './utf16.ts'
import type { Views } from './views.ts'

/** A function of the guest or the host as the engine has it. */
export type CoreFunction = (...args: (number | bigint)[]) => number | bigint | undefined

/** What compiled code works with: one instance's memory, and what reads and writes there. */
export interface Machine {
  readonly views: Views
  readonly lifter: Lifter
  readonly lowerer: Lowerer
  readonly text: Text
  /** The guest's functions, by the names of the contract. */
  readonly core: Readonly<Record<string, CoreFunction>>
  /** What is called with a result once it was read, where there is such a function. */
  readonly after: Readonly<Record<string, CoreFunction | undefined>>
}

/** A contract's functions over one instance. */
export interface Codec {
  /** Each takes the contract's parameters, which are known to fit, calls the guest and gives its result. */
  readonly hooks: Readonly<Record<string, (params: unknown) => unknown>>
  /** Each takes what a guest passes and calls a function of the host. */
  readonly imports: Readonly<Record<string, CoreFunction>>
}

/** Calls a host function and makes sure of its result. */
export type CallHost = (name: string, params: unknown) => unknown

/** Makes the codec of an instance. */
export type MakeCodec = (machine: Machine, callHost: CallHost) => Codec

/**
 * Compiles the lifting and lowering of a contract by the canonical ABI into straight-line functions. Instances share what the
 * engine makes of them, so every encoding of strings has its own.
 */
export function compileCodec(definition: Definition, encoding: Encoding, passing: Passing): MakeCodec {
  const source = new Source()
  const code = new FunctionCode(source, encoding, passing)
  const hooks = exportsOf(definition).map(
    ([name, type]) =>
      `${literal(name)}: ((core, after) => ${code.hook(type)})(${member('core', name)}, ${member('after', name)})`,
  )
  const imports = Object.entries(definition.hostFunctions).map(
    ([name, type]) => `${literal(name)}: ${code.hostFunction(name, type)}`,
  )
  const make = compile<(machine: Machine, callHost: CallHost, bits: Bits, cut: typeof isCut) => Codec>(
    ['machine', 'callHost', 'b', 'isCut'],
    `const { views: m, lifter: t, lowerer: w, text: x, core, after } = machine
${textCode(encoding)}
${source.text}
return { hooks: { ${hooks.join(',\n')} }, imports: { ${imports.join(',\n')} } }`,
  )
  return (machine, callHost) => make(machine, callHost, bits, isCut)
}

/**
 * Compiles what guests import: functions with the right number of parameters, which find the codec of their instance when they
 * are called.
 */
export function compileImports(
  { hostFunctions }: Definition,
  passing: Passing,
): (codec: () => Codec) => Codec['imports'] {
  const shims = Object.entries(hostFunctions).map(([name, type]) => {
    const given = signatureOf(type, 'host function', passing)
      .params.map((_, index) => `f${index}`)
      .join(', ')
    return `${literal(kebabCase(name))}: (${given}) => ${member('codec().imports', name)}(${given})`
  })
  return compile(['codec'], `return { ${shims.join(',\n')} }`)
}

/** Compiles the questions whether values are of some types. */
export function compileFits<N extends string>(
  types: Readonly<Record<N, Type>>,
): Readonly<Record<N, (value: unknown) => boolean>> {
  const source = new Source()
  const fit = new FitCode(source)
  const tests = Object.entries<Type>(types).map(([name, type]) => `${literal(name)}: (v) => ${fit.fits(type, 'v')}`)
  const make = compile<(object: typeof isObject, char: typeof isChar) => Record<N, (value: unknown) => boolean>>(
    ['isObject', 'isChar'],
    `${source.text}\nreturn { ${tests.join(',\n')} }`,
  )
  return make(isObject, isChar)
}

/** The functions of the guest: the hooks, and one without parameters for each value. */
export function exportsOf({ hooks, values }: Definition): readonly (readonly [string, FunctionType])[] {
  const valueHooks = Object.entries(values).map(([name, result]): [string, FunctionType] => [
    name,
    { params: {}, result },
  ])
  return [...Object.entries(hooks), ...valueHooks]
}

/** A function of text that was written here; {@link Source} says why nothing foreign stands in it. */
// oxlint-disable-next-line no-unnecessary-type-parameters -- whoever writes the text knows its type
function compile<F>(params: readonly string[], body: string): F {
  // oxlint-disable-next-line no-implied-eval, no-unsafe-type-assertion -- whoever writes the text knows its type
  return new Function(...params, `'use strict'\n${body}`) as F
}
