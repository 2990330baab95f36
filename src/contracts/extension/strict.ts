import { type ErrorCode, type GuestFrame, MortiseError, reasonOf } from '../../errors.ts'

/** How the reference engine calls what made a guest trap. */
const traps: { readonly [C in ErrorCode]?: string } = {
  TRAP_UNREACHABLE: 'unreachable',
  TRAP_OUT_OF_BOUNDS: 'out of bounds memory access',
  TRAP_DIVIDE_BY_ZERO: 'integer divide by zero',
  TRAP_INTEGER_OVERFLOW: 'integer overflow',
  TRAP_INVALID_CONVERSION: 'invalid conversion to integer',
  TRAP_TABLE_ACCESS: 'invalid table access',
  TRAP_INDIRECT_CALL: 'indirect call type mismatch',
  TRAP_STACK_OVERFLOW: 'stack overflow',
}

/** The reference's sentences; what follows them here is ours. */
const sentences: readonly RegExp[] = [
  /^incorrect (?:key builder|key|value|intent)/,
  /^undefined \S+ field: .*(?= \(storage [^()]*\)$)/,
  /^.*: intents limit exceeded/,
]

/** The same error, with the text that the reference engine has for it. Codes that it does not know keep theirs. */
export function strictly(error: unknown): unknown {
  if (!MortiseError.is(error) || error.details.hook === undefined) return error
  const message = text(error)
  return message === undefined ? error : new MortiseError(error.code, message, { ...error.details, cause: error.cause })
}

function text(error: MortiseError): string | undefined {
  const { code, details, cause } = error
  const stack = `wasm stack trace:${(details.frames ?? []).map((frame) => `\n\t${shown(frame)}`).join('')}`
  const trap = traps[code]
  if (trap !== undefined) return `wasm error: ${trap}\n${stack}`
  if (code === 'GUEST_ABORT') return `panic: ${details.guest?.message ?? ''}`
  if (code === 'TRAP_OUT_OF_MEMORY')
    return `panic: ${details.guest?.message ?? 'runtime error: out of memory'}\n${stack}`
  if (code === 'DEADLINE') return 'module closed with context deadline exceeded'
  if (code === 'HOST_FUNCTION_FAILED') return `${reasonOf(cause)} (recovered by wazero)\n${stack}`
  if (!code.startsWith('EXTENSION_') && code !== 'INTENTS_LIMIT') return undefined
  const said = error.message.slice(`Cannot finish '${details.hook ?? ''}' of plugin '${details.plugin ?? ''}': `.length)
  const known = sentences.flatMap((sentence) => sentence.exec(said)?.[0] ?? [])[0]
  return `${known ?? said} (recovered by wazero)\n${stack}`
}

/** `main.runtime.alloc(i32,i32) i32` */
function shown({ module = '', function: name, type }: GuestFrame): string {
  const [, params = '', results = ''] = /^func \((.*)\) -> \((.*)\)$/.exec(type) ?? []
  const list = (types: string): string => types.replaceAll(', ', ',')
  return `${module}.${name}(${list(params)})${results === '' ? '' : ` ${list(results)}`}`
}
