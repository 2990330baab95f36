import type { FunctionType } from '../definition.ts'
import { type Flat, layoutOf, layoutOfAll, mostFlatParams } from './layout.ts'

/** How a function of a contract is passed as a core function: "Flattening" in the component model's CanonicalABI.md. */
export interface Signature {
  readonly params: readonly Flat[]
  readonly results: readonly Flat[]
  /** The parameters are one pointer to where they lie. */
  readonly paramsInMemory: boolean
  /** The result lies in memory: where, a hook returns; for a host function it is the last parameter. */
  readonly resultInMemory: boolean
}

/**
 * How values are passed: `flat` as core functions of the component model take them, `arena` as a native library does, which finds
 * all parameters in a row and returns where its result lies.
 */
export type Passing = 'flat' | 'arena'

/** The core function of a hook, which the guest exports, or of a host function, which it imports. */
export function signatureOf(
  { params, result }: FunctionType,
  of: 'hook' | 'host function',
  passing: Passing = 'flat',
): Signature {
  if (passing === 'arena') {
    const given: readonly Flat[] = of === 'hook' ? [] : ['i32']
    const paramsInMemory = Object.keys(params).length > 0
    return { params: given, results: ['i32'], paramsInMemory, resultInMemory: result !== null }
  }
  const { flat } = layoutOfAll(Object.values(params))
  const results = result === null ? [] : layoutOf(result).flat
  const paramsInMemory = flat.length > mostFlatParams
  const resultInMemory = results.length > 1
  const passed: readonly Flat[] = paramsInMemory ? ['i32'] : flat
  if (!resultInMemory) return { params: passed, results, paramsInMemory, resultInMemory }
  return of === 'hook'
    ? { params: passed, results: ['i32'], paramsInMemory, resultInMemory }
    : { params: [...passed, 'i32'], results: [], paramsInMemory, resultInMemory }
}

/** A signature as the `wasm` runtime writes the type of a function. */
export function coreType({ params, results }: Pick<Signature, 'params' | 'results'>): string {
  return `func (${params.join(', ')}) -> (${results.join(', ')})`
}
