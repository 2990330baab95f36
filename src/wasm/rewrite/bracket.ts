import { assemble, type Line } from '../binary/assemble.ts'
import {
  callBits,
  callStep,
  deadlineAt,
  depthAt,
  framesAt,
  lastAt,
  lowAt,
  mostFrames,
  parkedAt,
  wordAt,
} from '../watchdog-words.ts'
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
  /** Gives the size of the first memory, where that can grow. */
  readonly pages: readonly Line[] | undefined
}

/** Locals of every function here: how many calls were under way before, where the frame is, and the number of the call. */
const [before, frame, call] = [0, 1, 2]
/** And what was burnt. */
const burnt = 3
const locals = ['i32', 'i32', 'i32', 'i64'] as const

/**
 * Adds `enter()` and `leave() → i32`, which are called before and after every call, so that all that limits want of a call
 * costs two crossings between JavaScript and the guest, whichever limits are on:
 *
 * - `enter` gives the call its number and its frame, wakes the watchdog if it is parked, and fills the tank.
 * - `leave` takes the frame back and returns what the call burnt, where that fits into 31 bits, else `leaveResult.much`.
 *   If the memory has got as large as `full` says, it returns `leaveResult.full`.
 * - `leave-fresh` also restores. It returns `leaveResult.stale` where the instance has to be replaced instead.
 *
 * An exported function that takes nothing has all of it in one crossing: `call:name` enters, calls it, and leaves. What it returns, an
 * i32 or an i64, lies in the watchdog's words then.
 */
export function addBrackets(edit: ModuleEdit, { words, fuel, refused, restore, pages }: Brackets): void {
  if ((words ?? fuel ?? refused ?? restore) === undefined) return
  const limit = fuel === undefined ? undefined : edit.global('i64')
  const watched = words === undefined ? undefined : { words, deadline: edit.counter(0), running: edit.counter(0) }
  const enter: Line[] = []
  if (watched !== undefined) enter.push(...enterFrame(watched))
  else if (refused !== undefined) enter.push(['i32.const', 0], ['global.set', refused])
  if (fuel !== undefined && limit !== undefined) enter.push(['global.get', limit], ['global.set', fuel])
  const units: readonly Line[] =
    fuel === undefined || limit === undefined ? [['i32.const', 0]] : burntUnits(limit, fuel)
  const full = pages && edit.counter(never)
  const leave: readonly Line[] = [
    ...(watched === undefined ? [] : leaveFrame(watched)),
    ...(pages === undefined || full === undefined ? units : unlessFull(pages, full, units)),
  ]
  const back = watched === undefined ? [] : frameBefore(watched)
  add(edit, hidden.enter, [], enter)
  add(edit, hidden.leave, ['i32'], [...back, ...leave])
  if (restore !== undefined) {
    const stale: Line = ['i32.const', leaveResult.stale]
    const restored: readonly Line[] = [['call', restore], 'i32.eqz', ['if'], stale, 'return', 'end']
    const left = watched === undefined ? [] : leaveFrame(watched)
    add(edit, hidden.leaveFresh, ['i32'], [...back, ...left, ...restored, ...units])
  }
  for (const { name, kind, index } of edit.module.exports) {
    const type = kind === 'func' ? edit.module.functions[index] : undefined
    const keep = type?.params.length === 0 ? keepResult(words, type.results) : undefined
    if (keep !== undefined) add(edit, hidden.call(name), ['i32'], [...enter, ['call', index], ...keep, ...leave])
  }
  if (limit !== undefined) edit.export(hidden.fuelLimit, 'global', limit)
  if (full !== undefined) edit.export(hidden.full, 'global', full)
  if (watched === undefined) return
  edit.export(hidden.deadline, 'global', watched.deadline)
  edit.export(hidden.running, 'global', watched.running)
}

/** What `leave` returns in place of the fuel that was burnt. */
export const leaveResult = { much: -1, stale: -2, full: -3 } as const

/** More pages than a memory can have: what `full` is until it is set. */
const never = 65_536

/** Puts what a function returned where JavaScript finds it without a BigInt; `undefined` for what cannot be put there. */
function keepResult(words: number | undefined, [result, ...more]: readonly string[]): readonly Line[] | undefined {
  if (result === undefined) return []
  if (words === undefined || more.length > 0 || (result !== 'i32' && result !== 'i64')) return undefined
  const local = result === 'i32' ? frame : burnt
  return [['local.set', local], zero, ['local.get', local], [`${result}.store`, words, 4 * lowAt]]
}

function add(edit: ModuleEdit, name: string, results: readonly string[], lines: readonly Line[]): void {
  const code = edit.function({ params: [], results }, (out) => assemble(out, ...lines), locals)
  edit.export(name, 'func', code)
}

/** The memory with the watchdog's words, and globals: how long a call may take, and the number of the one that the guest is in, or 0. */
interface Watched {
  readonly words: number
  readonly deadline: number
  readonly running: number
}

const zero: Line = ['i32.const', 0]
const one: Line = ['i32.const', 1]
/** Makes of a number of frames what they take, in bytes. */
const toFrame: readonly Line[] = [['i32.const', 3], 'i32.shl']

/** A call begins, from none or from inside another one. */
function enterFrame({ words, deadline, running }: Watched): readonly Line[] {
  const load = (at: number): readonly Line[] => [zero, ['i32.load', words, 4 * at]]
  const store = (address: Line, value: Line, at: number): readonly Line[] => [
    address,
    value,
    ['i32.store', words, 4 * at],
  ]
  return [
    ...load(depthAt),
    ['local.tee', before],
    one,
    'i32.add',
    ['i32.const', mostFrames - 1],
    'i32.and',
    ['local.set', frame],
    ...store(zero, ['local.get', frame], depthAt),
    ['local.get', frame],
    ...toFrame,
    ['local.set', frame],
    ...load(lastAt),
    ['i32.const', callStep],
    'i32.add',
    ['i32.const', callBits],
    'i32.and',
    ['local.set', call],
    ...store(zero, ['local.get', call], lastAt),
    ...store(['local.get', frame], ['local.get', call], framesAt),
    ...store(['local.get', frame], ['global.get', deadline], deadlineAt),
    ...store(zero, ['local.get', call], wordAt),
    ['local.get', call],
    ['global.set', running],
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

/** Finds out how many calls were under way before: in a function of its own, which did not enter. */
const frameBefore = ({ words }: Watched): readonly Line[] => [
  zero,
  ['i32.load', words, 4 * depthAt],
  one,
  'i32.sub',
  ['i32.const', mostFrames - 1],
  'i32.and',
  ['local.set', before],
]

/** The call ends, and the one that it was made from goes on, with what it was told meanwhile. */
const leaveFrame = ({ words, running }: Watched): readonly Line[] => [
  zero,
  ['local.get', before],
  ['i32.store', words, 4 * depthAt],
  zero,
  ['local.get', before],
  ...toFrame,
  ['i32.load', words, 4 * framesAt],
  ['i32.store', words, 4 * wordAt],
  zero,
  ['global.set', running],
]

const unlessFull = (pages: readonly Line[], full: number, otherwise: readonly Line[]): readonly Line[] => [
  ...pages,
  ['global.get', full],
  'i32.ge_u',
  ['if'],
  ['i32.const', leaveResult.full],
  'return',
  'end',
  ...otherwise,
]

const burntUnits = (limit: number, fuel: number): readonly Line[] => [
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
