import { type ErrorCode, type GuestFrame, MortiseError, reasonOf } from '../../errors.ts'
import type { SchedulerHook, SchedulerHooks } from './hooks.ts'
import { hookExports } from './wasm-abi.ts'
import type { Cycle } from './wasm-cycle.ts'

/** How the reference's engine calls what made a guest trap. */
const traps: { readonly [C in ErrorCode]?: string } = {
  TRAP_UNREACHABLE: 'unreachable',
  TRAP_OUT_OF_BOUNDS: 'out of bounds memory access',
  TRAP_DIVIDE_BY_ZERO: 'integer divide by zero',
  TRAP_INTEGER_OVERFLOW: 'integer overflow',
  TRAP_INVALID_CONVERSION: 'invalid conversion to integer',
  TRAP_TABLE_ACCESS: 'invalid table access',
  TRAP_INDIRECT_CALL: 'indirect call type mismatch',
  // It panicked, and ran into an unreachable instruction for it.
  GUEST_ABORT: 'unreachable',
  TRAP_OUT_OF_MEMORY: 'unreachable',
}

/** How many frames the reference shows. V8 keeps ten unless it is told otherwise. */
const shownFrames = 30

type Hook = (...args: unknown[]) => unknown

/** The hooks with errors in the words of the reference. */
export function strictHooks(hooks: SchedulerHooks, cycle: Cycle): SchedulerHooks {
  const all: readonly (readonly [string, Hook])[] = Object.entries(hooks)
  // oxlint-disable-next-line no-unsafe-type-assertion -- the names and the types stay as they are
  return Object.fromEntries(all.map(([name, hook]) => [name, strict(hook, cycle)])) as unknown as SchedulerHooks
}

function strict(hook: Hook, cycle: Cycle): Hook {
  return (...args) => {
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = Math.max(stackTraceLimit, shownFrames)
    try {
      return hook(...args)
    } catch (error) {
      throw MortiseError.is(error) ? inHook(error, cycle.ender) : error
    } finally {
      Error.stackTraceLimit = stackTraceLimit
    }
  }
}

/** An error of loading in the words of the reference. */
export function strictLoading(error: MortiseError): MortiseError {
  const { hook, written, problems } = error.details
  if (error.code === 'MODULE_REFUSED') return reworded(error, problems?.[0])
  const what = said(error, undefined)
  // The reference asks for the events when it has loaded the guest, and drops what it wrote.
  if (hook === 'enqueue') return reworded(error, what)
  if (hook !== '_start' && hook !== 'start') return error
  const where = error.code === 'GUEST_EXIT' ? '' : 'module[1] function[_start] failed: '
  return reworded(error, `failed to create a guest pool: ${decorated('instantiate', written, `${where}${what}`)}`)
}

/** An error of a hook in the words of the reference. @param ender - the host function that ended the guest */
function inHook(error: MortiseError, ender: string | undefined): MortiseError {
  const { hook = '', written } = error.details
  if (!isHook(hook) || error.code === 'INPUT_INVALID' || error.code === 'ATTEMPT_ABSENT') return error
  return reworded(error, decorated(hookExports[hook][0], written, said(error, ender)))
}

const isHook = (name: string): name is SchedulerHook => Object.hasOwn(hookExports, name)

const decorated = (name: string, written: string | undefined, what: string): string =>
  `wasm: ${name} error: ${written === undefined ? '' : `${written}\n`}${what}`

function reworded(error: MortiseError, message: string | undefined): MortiseError {
  return message === undefined ? error : new MortiseError(error.code, message, { ...error.details, cause: error.cause })
}

function said(error: MortiseError, ender: string | undefined): string {
  const { code, details, cause } = error
  const frames = [...(ender === undefined ? [] : [ofHost(ender)]), ...(details.frames ?? []).map(ofGuest)]
  const stack = `wasm stack trace:${frames.map((frame) => `\n\t${frame}`).join('')}`
  const trap = traps[code]
  if (trap !== undefined) return `wasm error: ${trap}\n${stack}`
  if (code === 'TRAP_STACK_OVERFLOW') return 'stack overflow'
  if (code === 'GUEST_EXIT') return `module closed with exit_code(${details.exitCode})`
  if (code === 'DEADLINE') return 'module closed with context deadline exceeded'
  if (code === 'HOST_FUNCTION_FAILED') return `${reasonOf(cause)} (recovered by wazero)\n${stack}`
  const own = `Cannot finish '${details.hook}' of plugin '${details.plugin}': `
  const why = error.message.startsWith(own) ? error.message.slice(own.length) : error.message
  return ender === undefined ? why : `${why} (recovered by wazero)\n${stack}`
}

/** `main.filter() i32`, or `main.$7() i32`: the names of exports do not count. */
function ofGuest({ module = '', function: name, index, unnamed, type }: GuestFrame): string {
  return typed(`${module}.${unnamed === true ? `$${index}` : name}`, type)
}

/** `k8s.io/api.node func (i32) -> (i32)` */
function ofHost(ender: string): string {
  const at = ender.indexOf(' ')
  return typed(ender.slice(0, at), ender.slice(at + 1))
}

function typed(name: string, type: string): string {
  const [, params = '', results = ''] = /^func \((.*)\) -> \((.*)\)$/.exec(type) ?? []
  const [given, got] = [params, results].map((list) => list.replaceAll(', ', ','))
  const shown = got === undefined || got === '' ? '' : got.includes(',') ? ` (${got})` : ` ${got}`
  return `${name}(${given})${shown}`
}
