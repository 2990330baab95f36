import {
  type Diagnostic,
  type ErrorCode,
  type ErrorDetails,
  type GuestFrame,
  MortiseError,
  reasonOf,
} from '../errors.ts'
import { type ModuleInfo, type Range, readBodies } from './binary/module.ts'
import { type Names, readNames } from './binary/names.ts'
import { signature } from './binary/types.ts'
import { GuestExit, GuestFault } from '../fault.ts'
import { Stopped } from './stopped.ts'
import { findPanic, type Written } from './panic.ts'
import { guestStack } from './stack.ts'

/** V8's sentences (Node 24 and 26). Where one of them covers two causes, the catalogue's sentence names both. */
const sentences: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^unreachable/, 'TRAP_UNREACHABLE'],
  [/^memory access out of bounds|data segment \d+ is out of bounds/, 'TRAP_OUT_OF_BOUNDS'],
  [/^(?:divide|remainder) by zero/, 'TRAP_DIVIDE_BY_ZERO'],
  [/^divide result unrepresentable/, 'TRAP_INTEGER_OVERFLOW'],
  [/^float unrepresentable in integer range/, 'TRAP_INVALID_CONVERSION'],
  [/table index is out of bounds|table access|element segment/, 'TRAP_TABLE_ACCESS'],
  [/^(?:null function or )?function signature mismatch/, 'TRAP_INDIRECT_CALL'],
  [/^dereferencing a null pointer/, 'TRAP_NULL_REFERENCE'],
]

/** How a program ends that was refused memory: by itself, or by using what it did not get. */
const givesUp: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['TRAP_UNREACHABLE', 'TRAP_OUT_OF_BOUNDS'])

/** How many frames of the guest an error keeps. V8 records ten, or as many as `Error.stackTraceLimit` says. */
const keptFrames = 30

/** What the instance knows about the call that failed. */
export interface Circumstance {
  readonly plugin: string
  readonly hook: string
  readonly written: Written
  /** The last growth of the memory was refused. */
  readonly refused: boolean
}

/** Turns whatever came out of a guest's call into the one error of the catalogue that says what happened. */
export class Traps {
  readonly #module: ModuleInfo
  readonly #compiled: Uint8Array
  #names: Names | undefined
  #bodies: readonly Range[] | undefined

  /**
   * @param module - the module as it was shipped, with its names
   * @param compiled - the module as it was compiled: the offsets in a stack are offsets in it
   */
  constructor(module: ModuleInfo, compiled: Uint8Array) {
    this.#module = module
    this.#compiled = compiled
  }

  /** @param guard - the file that calls guests without a bracket */
  error(thrown: unknown, call: Circumstance, guard: string): MortiseError {
    const trap = thrown instanceof Stopped ? thrown.cause : thrown
    const stack = guestStack(trap, guard)
    const { code, why, guest } = cause(thrown, call, stack.trapped)
    const details: ErrorDetails & { cause: unknown } = {
      plugin: call.plugin,
      hook: call.hook,
      frames: stack.sites.slice(0, keptFrames).flatMap(({ offset }) => this.#frame(offset)),
      ...(guest !== undefined && { guest }),
      ...(call.written.both !== '' && { written: call.written.both }),
      ...(thrown instanceof GuestExit && { exitCode: thrown.exitCode }),
      cause: trap,
      ...(thrown instanceof GuestFault && thrown.details),
    }
    return new MortiseError(
      code,
      `Cannot finish '${call.hook}' of plugin '${call.plugin}': ${why}${place(guest)}`,
      details,
    )
  }

  /** The function that an offset lies in; none for a function of ours. */
  #frame(offset: number): readonly GuestFrame[] {
    this.#bodies ??= readBodies(this.#compiled)
    const position = this.#bodies.findIndex(({ start, end }) => offset >= start && offset < end)
    if (position < 0 || position >= this.#module.bodies.length) return []
    const index = this.#module.functions.length - this.#module.bodies.length + position
    const type = this.#module.functions[index]
    this.#names ??= readNames(this.#module)
    const { module } = this.#names
    return [
      {
        function: this.#name(index, this.#names),
        ...(!this.#names.functions.has(index) && { unnamed: true }),
        index,
        type: type === undefined ? '' : `func ${signature(type)}`,
        ...(module !== undefined && { module }),
        offset,
      },
    ]
  }

  #name(index: number, { functions }: Names): string {
    const exported = this.#module.exports.find((candidate) => candidate.kind === 'func' && candidate.index === index)
    return functions.get(index) ?? exported?.name ?? `$${index}`
  }
}

interface Cause {
  readonly code: ErrorCode
  readonly why: string
  readonly guest?: Diagnostic | undefined
}

function cause(thrown: unknown, { written, refused }: Circumstance, trapped: boolean): Cause {
  if (thrown instanceof GuestFault) return { code: thrown.code, why: thrown.message, guest: thrown.details.guest }
  if (thrown instanceof Stopped) return { code: thrown.code, why: thrown.message }
  const panic = findPanic(written)
  if (thrown instanceof GuestExit) {
    return panic === undefined ? { code: 'GUEST_EXIT', why: thrown.message } : abort(panic)
  }
  if (trapped && thrown instanceof WebAssembly.RuntimeError) {
    const known = sentences.find(([sentence]) => sentence.test(thrown.message))
    const code = known?.[1] ?? 'TRAP_OTHER'
    if (refused && givesUp.has(code))
      return { code: 'TRAP_OUT_OF_MEMORY', why: "it was refused more memory. Raise the limit 'memory'", guest: panic }
    if (code !== 'TRAP_UNREACHABLE') return { code, why: thrown.message, guest: panic }
    return panic === undefined ? { code, why: "it ran into an 'unreachable' instruction" } : abort(panic)
  }
  if (thrown instanceof RangeError && thrown.message === 'Maximum call stack size exceeded') {
    return { code: 'TRAP_STACK_OVERFLOW', why: 'it called itself deeper than the stack allows' }
  }
  if (thrown instanceof WebAssembly.Exception)
    return { code: 'TRAP_EXCEPTION', why: 'it threw an exception that nobody caught' }
  const message = reasonOf(thrown)
  return { code: 'HOST_FUNCTION_FAILED', why: `a host function threw: ${message}` }
}

const abort = (guest: Diagnostic): Cause => ({ code: 'GUEST_ABORT', why: guest.message, guest })

function place(guest: Diagnostic | undefined): string {
  if (guest?.file === undefined) return ''
  return ` (${[guest.file, guest.line, guest.column].filter((part) => part !== undefined).join(':')})`
}
