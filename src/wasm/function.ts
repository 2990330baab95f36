/** A function of numbers, which is what a module exports (an i64 would be a BigInt: no contract of ours uses one). */
export type WasmFunction = (...args: number[]) => number

/**
 * Takes an exported function whose signature was checked by `requireSurface`. A function without a result returns
 * `undefined`, which a caller that checked the signature does not use.
 *
 * @throws TypeError when there is none: then the binding did not check for it
 */
export function wasmFunction(exports: Readonly<Record<string, unknown>>, name: string): WasmFunction {
  const exported = exports[name]
  if (!isFunction(exported))
    throw new TypeError(`The module exports no function '${name}': the binding's check has to ask for it`)
  return exported
}

const isFunction = (value: unknown): value is WasmFunction => typeof value === 'function'
