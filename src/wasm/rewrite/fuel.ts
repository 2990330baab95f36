import { assemble } from '../binary/assemble.ts'
import { instruction, next, op } from '../binary/instructions.ts'
import type { ModuleInfo, Range } from '../binary/module.ts'
import { Reader } from '../binary/reader.ts'
import type { Writer } from '../binary/writer.ts'
import type { Calls } from './calls.ts'
import { skipLocals } from './code.ts'
import type { ModuleEdit } from './edit.ts'
import { hidden } from './names.ts'

/** What some code costs is never more than this, however often a function is called by name from it. */
const mostCost = 2 ** 30

/** So many bytes that a bulk operation moves cost 1, as a power of two. */
const bulkBits = 6

/** Instructions that do nothing by themselves. */
const free: ReadonlySet<number> = new Set([op.nop, op.block, op.loop, op.else, op.end])

/**
 * Makes the guest burn fuel, and trap when there is none left. The same call burns the same on every machine.
 *
 * Fuel is burnt where code can come back to: at the head of a loop for one round of it, and at the entry of a function that
 * is recursive, exported or called through a reference. Each time all of the code is paid for, whichever branch is taken:
 * one for every instruction but `nop`, `block`, `loop`, `else` and `end`; for a call by name of any other function also what
 * that function costs outside its loops; for a bulk operation also one for every 64 bytes. Burning at every function's entry
 * made call-heavy code three times slower in a prototype.
 *
 * @returns the index of the global that holds what is left
 */
export function burnFuel(edit: ModuleEdit, calls: Calls): number {
  const left = edit.global('i64')
  const pays = (index: number): boolean => calls.recursive.has(index) || calls.roots.has(index)
  const costs = analyseCosts(edit.module, calls.calleesFirst, pays)
  edit.pass((code) => {
    const { entry, loops } = costs.get(code.index) ?? { entry: 0, loops: [] }
    const burn = (out: Writer, cost: number): void => {
      const rest = code.local('i64', 9)
      assemble(out, ['global.get', left], ['i64.const', cost], 'i64.sub', ['local.tee', rest], ['global.set', left])
      assemble(out, ['local.get', rest], ['i64.const', 0], 'i64.lt_s', ['if'], 'unreachable', 'end')
    }
    if (pays(code.index)) burn(code.entry, entry)
    if (loops.length === 0) return undefined
    let loop = 0
    return {
      after(at, out) {
        if (at.opcode === op.loop) burn(out, loops[loop++] ?? 0)
      },
    }
  })
  edit.export(hidden.fuel, 'global', left)
  return left
}

/** Burns for the bytes that a bulk operation moves, whose number is in a local. */
export function burnBytes(out: Writer, left: number, bytes: number): void {
  assemble(
    out,
    ['global.get', left],
    ['local.get', bytes],
    ['i32.const', bulkBits],
    'i32.shr_u',
    'i64.extend_i32_u',
    'i64.sub',
  )
  assemble(out, ['global.set', left], ['global.get', left], ['i64.const', 0], 'i64.lt_s', ['if'], 'unreachable', 'end')
}

/** What a function costs outside its loops, and a round of each of its loops, in the order in which they begin. */
interface Cost {
  readonly entry: number
  readonly loops: readonly number[]
}

function analyseCosts(
  module: ModuleInfo,
  calleesFirst: readonly number[],
  pays: (index: number) => boolean,
): ReadonlyMap<number, Cost> {
  const costs = new Map<number, Cost>()
  const imported = module.functions.length - module.bodies.length
  for (const index of calleesFirst) {
    const body = module.bodies[index - imported]
    if (body !== undefined)
      costs.set(
        index,
        costOf(module.bytes, body, (callee) => (pays(callee) ? 0 : (costs.get(callee)?.entry ?? 0))),
      )
  }
  return costs
}

function costOf(bytes: Uint8Array, { start, end }: Range, calleeCost: (index: number) => number): Cost {
  const reader = new Reader(bytes, start, end)
  skipLocals(reader)
  const at = instruction()
  const regions = [0]
  /** For every open block the region that it is in; a loop is a region of its own. */
  const open = [0]
  while (!reader.done) {
    next(reader, at)
    const region = open.at(-1) ?? 0
    const call = at.opcode === op.call || at.opcode === op.returnCall ? calleeCost(at.index) : 0
    regions[region] = Math.min((regions[region] ?? 0) + (free.has(at.opcode) ? 0 : 1) + call, mostCost)
    if (at.opcode === op.loop) open.push(regions.push(0) - 1)
    else if (opensBlock(at.opcode)) open.push(region)
    else if (at.opcode === op.end || at.opcode === op.delegate) open.pop()
  }
  const [entry = 0, ...loops] = regions
  return { entry, loops }
}

const opensBlock = (opcode: number): boolean =>
  opcode === op.block || opcode === op.if || opcode === op.try || opcode === op.tryTable
