import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** A value of a script, as `json-from-wast` writes it: bits as an unsigned decimal number, or the kind of a NaN. */
export interface Value {
  readonly type: string
  readonly lane_type?: string
  readonly value?: string | readonly string[]
  /** Of `either`. */
  readonly values?: readonly Value[]
}

export interface Action {
  readonly type: string
  readonly module?: string
  readonly field: string
  readonly args?: readonly Value[]
}

/** One line of a script. */
export interface Command {
  readonly type: string
  readonly line: number
  readonly name?: string
  readonly as?: string
  readonly filename?: string
  readonly module_type?: string
  readonly module?: string
  readonly instance?: string
  readonly action?: Action
  readonly expected?: readonly Value[]
}

/** Has `wasm-tools` take a script apart: its modules come into a folder. */
export function readScript(tool: string, file: string, folder: string): readonly Command[] {
  const json = join(folder, `${basename(file)}.json`)
  execFileSync(tool, ['json-from-wast', file, '--wasm-dir', folder, '-o', json], { stdio: 'pipe' })
  const script: unknown = JSON.parse(readFileSync(json, 'utf8'))
  return isScript(script) ? script.commands : []
}

/** Its shape is that tool's business: what is not as described here fails as an assertion. */
function isScript(value: unknown): value is { readonly commands: readonly Command[] } {
  return typeof value === 'object' && value !== null && 'commands' in value && Array.isArray(value.commands)
}

/** Whether a value is what is expected; both in bits. A reference is known by whether it is null. */
export function matches(expected: Value, actual: string): boolean {
  if (expected.type === 'either') return (expected.values ?? []).some((value) => matches(value, actual))
  if (expected.type === 'refnull') return actual === 'null'
  if (typeof expected.value === 'string') {
    if (expected.type.endsWith('ref')) return actual === (expected.value === 'null' ? 'null' : `host ${expected.value}`)
    return sameBits(expected.type, expected.value, BigInt(actual))
  }
  if (expected.value === undefined) return actual !== 'null'
  const bits = BigInt(actual)
  const type = expected.lane_type ?? ''
  const width = BigInt(type.slice(1))
  return expected.value.every((lane, index) =>
    sameBits(type, lane, BigInt.asUintN(Number(width), bits >> (BigInt(index) * width))),
  )
}

function sameBits(type: string, expected: string, bits: bigint): boolean {
  const width = Number(type.slice(1))
  if (!expected.startsWith('nan:')) return BigInt.asUintN(width, BigInt(expected)) === bits
  const quiet = type === 'f32' ? 0x7fc0_0000n : 0x7ff8_0000_0000_0000n
  const sign = 1n << BigInt(width - 1)
  return expected === 'nan:canonical' ? (bits & ~sign) === quiet : (bits & quiet) === quiet
}
