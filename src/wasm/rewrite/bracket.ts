import { assemble, type Line } from '../binary/assemble.ts'
import { callBits, deadlineAt, depthAt, framesAt, lastAt, mostFrames, parkedAt, wordAt } from '../watchdog-words.ts'
import type { ModuleEdit } from './edit.ts'
import { hidden } from './names.ts'

/** What a call begins and ends with; each is there only if something of the kind was compiled into the module. */
export interface Brackets {
  /** Index of the memory with the watchdog's words. */
  readonly words: number | undefined
  /** Index of the global that holds what is left of the fuel. */
  readonly fuel: number | undefined
  /** Index of the global that says in which call a growth was refused. */
  readonly refused: number | undefined
  /** Index of the function that puts back what was written. */
  readonly restore: number | undefined
}

/**
 * Adds `enter()` and `leave() → i32`, which are called before and after every call, so that all that limits want of a call
 * costs two crossings between JavaScript and the guest, whichever limits are on:
 *
 * - `enter` gives the call its number and its frame, wakes the watchdog if it is parked, and fills the tank.
 * - `leave` takes the frame back and returns what the call burnt, where that fits into 31 bits, else `leaveResult.much`.
 * - `leave-fresh` also restores. It returns `leaveResult.stale` where the instance has to be replaced instead.
 */
export function addBrackets(edit: ModuleEdit, { words, fuel, refused, restore }: Brackets): void {
  if ((words ?? fuel ?? refused ?? restore) === undefined) return
  const limit = fuel === undefined ? undefined : edit.global('i64')
  const deadline = words === undefined ? undefined : edit.counter(0)
  const enter = edit.function(
    { params: [], results: [] },
    (out) => {
      if (words !== undefined && deadline !== undefined) assemble(out, ...enterFrame(words, deadline))
      else if (refused !== undefined) assemble(out, ['i32.const', 0], ['global.set', refused])
      if (fuel !== undefined && limit !== undefined) assemble(out, ['global.get', limit], ['global.set', fuel])
    },
    ['i32', 'i32'],
  )
  edit.export(hidden.enter, 'func', enter)
  const burnt: readonly Line[] =
    fuel === undefined || limit === undefined ? [['i32.const', 0]] : burntUnits(limit, fuel)
  const leave = (name: string, back: readonly Line[]): void => {
    const index = edit.function(
      { params: [], results: ['i32'] },
      (out) => assemble(out, ...(words === undefined ? [] : leaveFrame(words)), ...back, ...burnt),
      ['i32', 'i64'],
    )
    edit.export(name, 'func', index)
  }
  leave(hidden.leave, [])
  if (restore !== undefined) {
    const stale: Line = ['i32.const', leaveResult.stale]
    leave(hidden.leaveFresh, [['call', restore], 'i32.eqz', ['if'], stale, 'return', 'end'])
  }
  if (limit !== undefined) edit.export(hidden.fuelLimit, 'global', limit)
  if (deadline !== undefined) edit.export(hidden.deadline, 'global', deadline)
}

/** What `leave` returns in place of the fuel that was burnt. */
export const leaveResult = { much: -1, stale: -2 } as const

/** A call begins, from none or from inside another one. */
function enterFrame(words: number, deadline: number): readonly Line[] {
  const frame: Line = ['local.get', 0]
  const call: Line = ['local.get', 1]
  const zero: Line = ['i32.const', 0]
  const one: Line = ['i32.const', 1]
  const load = (at: number): readonly Line[] => [zero, ['i32.load', words, 4 * at]]
  const store = (address: Line, value: Line, at: number): readonly Line[] => [
    address,
    value,
    ['i32.store', words, 4 * at],
  ]
  return [
    ...load(depthAt),
    one,
    'i32.add',
    ['i32.const', mostFrames - 1],
    'i32.and',
    ['local.set', 0],
    ...store(zero, frame, depthAt),
    frame,
    ...toFrame,
    ['local.set', 0],
    // The number after the last, but 0, which is no call.
    ...load(lastAt),
    one,
    'i32.add',
    ['i32.const', callBits],
    'i32.and',
    ['local.tee', 1],
    call,
    'i32.eqz',
    'i32.add',
    ['local.set', 1],
    ...store(zero, call, lastAt),
    ...store(frame, call, framesAt),
    ...store(frame, ['global.get', deadline], deadlineAt),
    ...store(zero, call, wordAt),
    ...load(parkedAt),
    ['if'],
    zero,
    zero,
    ['i32.atomic.store', words, 4 * parkedAt],
    zero,
    one,
    ['memory.atomic.notify', words, 4 * parkedAt],
    'drop',
    'end',
  ]
}

/** Makes of a number of frames what they take, in bytes. */
const toFrame: readonly Line[] = [['i32.const', 3], 'i32.shl']

/** The call ends, and the one that it was made from goes on, with what it was told meanwhile. */
function leaveFrame(words: number): readonly Line[] {
  const zero: Line = ['i32.const', 0]
  return [
    zero,
    zero,
    ['i32.load', words, 4 * depthAt],
    ['i32.const', 1],
    'i32.sub',
    ['i32.const', mostFrames - 1],
    'i32.and',
    ['local.tee', 0],
    ['i32.store', words, 4 * depthAt],
    zero,
    ['local.get', 0],
    ...toFrame,
    ['i32.load', words, 4 * framesAt],
    ['i32.store', words, 4 * wordAt],
  ]
}

function burntUnits(limit: number, fuel: number): readonly Line[] {
  const burnt = 1
  return [
    ['global.get', limit],
    ['global.get', fuel],
    'i64.sub',
    ['local.tee', burnt],
    'i32.wrap_i64',
    ['i32.const', leaveResult.much],
    ['local.get', burnt],
    ['i64.const', 0x7fff_ffff],
    'i64.lt_u',
    'select',
  ]
}
