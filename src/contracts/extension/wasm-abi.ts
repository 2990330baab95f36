/** How a parameter or a result crosses: what it is in the guest, and what it is on the host's side of the shim. */
export type Crossing = 'handle' | 'text' | 'packed' | 'bool64' | 'i32' | 'i64' | 'f32' | 'f64'

interface Form {
  /** The types in the guest. */
  readonly guest: readonly string[]
  /** The types that JavaScript sees. */
  readonly host: readonly string[]
}

/**
 * V8 makes a BigInt of every i64. So handles cross as i32: those that a guest has are small, and any other becomes −1, which none
 * is. A packed result (an address above a length) is put together in the shim.
 */
export const crossings: Readonly<Record<Crossing, Form>> = {
  handle: { guest: ['i64'], host: ['i32'] },
  text: { guest: ['i32', 'i32'], host: ['i32', 'i32'] },
  packed: { guest: ['i64'], host: ['i32'] },
  bool64: { guest: ['i64'], host: ['i32'] },
  i32: { guest: ['i32'], host: ['i32'] },
  i64: { guest: ['i64'], host: ['i64'] },
  f32: { guest: ['f32'], host: ['f32'] },
  f64: { guest: ['f64'], host: ['f64'] },
}

/** A function of the module `env`. */
export interface HostFunction {
  readonly params: readonly Crossing[]
  readonly result: Crossing | undefined
  /** Its answer may take its time. */
  readonly waits?: true
}

/** How each kind of value is read and written, by the word for it in the functions' names. */
const kinds = {
  String: { read: 'packed', written: ['text'] },
  Bytes: { read: 'packed', written: ['text'] },
  Int32: { read: 'i32', written: ['i32'] },
  Int64: { read: 'i64', written: ['i64'] },
  Float32: { read: 'f32', written: ['f32'] },
  Float64: { read: 'f64', written: ['f64'] },
  Bool: { read: 'bool64', written: ['i32'] },
} as const satisfies Readonly<Record<string, { readonly read: Crossing; readonly written: readonly Crossing[] }>>

const reads: readonly (readonly [string, Crossing])[] = [
  ...Object.entries(kinds).map(([kind, { read }]) => [kind, read] as const),
  ['QNamePkg', 'packed'],
  ['QNameEntity', 'packed'],
]

/** The function that calls the guest for every row: the shim does, so that the guest may be suspended between two. */
export const readFunction = 'hostReadValues'

/** The 44 functions of ABI 0.0.1, by name. */
export const hostFunctions: Readonly<Record<string, HostFunction>> = {
  hostGetKey: { params: ['text', 'text'], result: 'handle' },
  hostGetValue: { params: ['handle'], result: 'handle', waits: true },
  hostQueryValue: { params: ['handle'], result: 'handle', waits: true },
  [readFunction]: { params: ['handle'], result: undefined },
  hostValueLength: { params: ['handle'], result: 'i32' },
  hostNewValue: { params: ['handle'], result: 'handle' },
  hostUpdateValue: { params: ['handle', 'handle'], result: 'handle' },
  ...functions('hostKeyAs', reads, ['handle', 'text']),
  ...functions('hostValueAs', [...reads, ['Value', 'handle']], ['handle', 'text']),
  ...functions('hostValueGetAs', [...reads, ['Value', 'handle']], ['handle', 'i32']),
  ...Object.fromEntries(
    [
      ...Object.entries(kinds).map(([kind, { written }]) => [kind, written] as const),
      ['QName', ['text', 'text']] as const,
    ].map(([kind, written]): [string, HostFunction] => [
      `hostRowWriterPut${kind}`,
      { params: ['handle', 'i32', 'text', ...written], result: undefined },
    ]),
  ),
}

/** The module that guests import them from. */
export const hostModule = 'env'

/** The types of the functions as a guest declares them. */
export const importTypes: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(hostFunctions).map(([name, { params, result }]) => {
    const given = params.flatMap((param) => crossings[param].guest)
    return [name, `func (${given.join(', ')}) -> (${result === undefined ? '' : crossings[result].guest.join(', ')})`]
  }),
)

/** What a guest exports beside its extensions. */
export const requiredExports: Readonly<Record<string, string>> = {
  memory: 'memory',
  malloc: 'func (i32) -> (i32)',
  WasmAbiVersion_0_0_1: 'func () -> ()',
}

/** What the reference engine asks for too; here a guest may do without. */
export const optionalExports: Readonly<Record<string, string>> = {
  free: 'func (i32) -> ()',
  WasmOnReadValue: 'func (i64, i64) -> ()',
  WasmGetHeapInuse: 'func () -> (i64)',
  WasmGetHeapSys: 'func () -> (i64)',
  WasmGetMallocs: 'func () -> (i64)',
  WasmGetFrees: 'func () -> (i64)',
  WasmGC: 'func () -> ()',
  // Ours, in place of WasmOnReadValue: 0 goes on, anything else ends the read.
  mortise_on_read_value: 'func (i64, i64) -> (i32)',
}

/** Whether a name cannot be an extension's: the ABI has it. */
export function reservedName(name: string): boolean {
  return name.startsWith('Wasm') || ['alloc', 'free', 'calloc', 'realloc', 'malloc', '_start', 'memory'].includes(name)
}

function functions(
  prefix: string,
  results: readonly (readonly [string, Crossing])[],
  params: readonly Crossing[],
): Readonly<Record<string, HostFunction>> {
  return Object.fromEntries(results.map(([kind, result]) => [`${prefix}${kind}`, { params, result }]))
}
