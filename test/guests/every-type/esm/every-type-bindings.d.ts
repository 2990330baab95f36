// Made by 'mortise bindings <contract module> --lang typescript'. Edit the contract, not this file.

export interface Numbers {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
  readonly e: number
  readonly f: number
  readonly g: bigint
  readonly h: bigint
  readonly i: number
  readonly j: number
}

export interface Lists {
  readonly a: Uint8Array
  readonly b: Int8Array
  readonly c: Uint16Array
  readonly d: Int16Array
  readonly e: Uint32Array
  readonly f: Int32Array
  readonly g: BigUint64Array
  readonly h: BigInt64Array
  readonly i: Float32Array
  readonly j: Float64Array
  readonly k: readonly boolean[]
  readonly l: readonly string[]
  readonly m: readonly string[]
  readonly n: readonly Numbers[]
  readonly o: readonly (readonly string[])[]
}

export type Color =
  | 'red'
  | 'light-green'
  | 'delete'

export interface Access {
  readonly canRead: boolean
  readonly canWrite: boolean
  readonly isOwner: boolean
  readonly type: boolean
}

export interface Wide {
  readonly bit0: boolean
  readonly bit1: boolean
  readonly bit2: boolean
  readonly bit3: boolean
  readonly bit4: boolean
  readonly bit5: boolean
  readonly bit6: boolean
  readonly bit7: boolean
  readonly bit8: boolean
  readonly bit9: boolean
  readonly bit10: boolean
  readonly bit11: boolean
  readonly bit12: boolean
  readonly bit13: boolean
  readonly bit14: boolean
  readonly bit15: boolean
  readonly bit16: boolean
  readonly bit17: boolean
  readonly bit18: boolean
  readonly bit19: boolean
  readonly bit20: boolean
  readonly bit21: boolean
  readonly bit22: boolean
  readonly bit23: boolean
  readonly bit24: boolean
  readonly bit25: boolean
  readonly bit26: boolean
  readonly bit27: boolean
  readonly bit28: boolean
  readonly bit29: boolean
  readonly bit30: boolean
  readonly bit31: boolean
}

export type Shape =
  | { readonly tag: 'nothing' }
  | { readonly tag: 'circle'; readonly val: number }
  | { readonly tag: 'label'; readonly val: string }
  | { readonly tag: 'size'; readonly val: readonly [bigint, number] }
  | { readonly tag: 'new'; readonly val: Numbers }
  | { readonly tag: 'many-points'; readonly val: readonly (readonly [number, number])[] }

export interface Options {
  readonly a?: string | undefined
  readonly b?: number | undefined
  readonly c: { readonly tag: 'some'; readonly val: boolean | undefined } | { readonly tag: 'none' }
  readonly d?: Color | undefined
  readonly e?: Access | undefined
  readonly f?: Numbers | undefined
  readonly g?: Uint8Array | undefined
  readonly h?: { readonly tag: 'some'; readonly val: string | undefined } | { readonly tag: 'none' } | undefined
  readonly i?: Shape | undefined
  readonly j?: string | undefined
}

export interface Results {
  readonly a: { readonly tag: 'ok'; readonly val: number } | { readonly tag: 'err'; readonly val: string }
  readonly b: { readonly tag: 'ok' } | { readonly tag: 'err'; readonly val: string }
  readonly c: { readonly tag: 'ok'; readonly val: Uint8Array } | { readonly tag: 'err' }
  readonly d: { readonly tag: 'ok' } | { readonly tag: 'err' }
  readonly e: { readonly tag: 'ok'; readonly val: Shape | undefined } | { readonly tag: 'err'; readonly val: Color }
}

/** What the host offers. */
export interface HostFunctions {
  turn(params: { readonly shape: Shape; readonly options: Options; readonly access: Access }): Shape
  ask(params: { readonly text: string; readonly shape?: Shape | undefined }): { readonly tag: 'ok'; readonly val: string } | { readonly tag: 'err'; readonly val: string }
  tick(params: { readonly color: Color; readonly at: string; readonly on: boolean }): void
  rate(params: { readonly by: number }): number
}

/** What a hook gets beside its parameters, if it has a parameter for it. */
export interface Context {
  readonly config: Readonly<Record<string, string>>
  readonly log: Readonly<Record<'debug' | 'info' | 'warn' | 'error', (message: string) => void>>
  readonly host: HostFunctions
}

/** What the module exports: functions. */
export interface Hooks {
  echoNumbers(params: { readonly value: Numbers }, context: Context): Numbers
  echoLists(params: { readonly value: Lists }, context: Context): Lists
  echoColor(params: { readonly value: Color }, context: Context): Color
  echoAccess(params: { readonly value: Access }, context: Context): Access
  echoWide(params: { readonly value: Wide }, context: Context): Wide
  echoShape(params: { readonly value: Shape }, context: Context): Shape
  echoOptions(params: { readonly value: Options }, context: Context): Options
  echoResults(params: { readonly value: Results }, context: Context): Results
  echoTuple(params: { readonly value: readonly [number, readonly [string, boolean], number] }, context: Context): readonly [number, readonly [string, boolean], number]
  echoChar(params: { readonly value: string }, context: Context): string
  echoBool(params: { readonly value: boolean }, context: Context): boolean
  echoText(params: { readonly value: string }, context: Context): string
  echoOption(params: { readonly value?: bigint | undefined }, context: Context): bigint | undefined
  echoResult(params: { readonly value: { readonly tag: 'ok'; readonly val: number } | { readonly tag: 'err'; readonly val: bigint } }, context: Context): { readonly tag: 'ok'; readonly val: number } | { readonly tag: 'err'; readonly val: bigint }
  swap(params: { readonly left: string; readonly right: readonly string[] }, context: Context): readonly [readonly string[], string]
  add(params: { readonly a: bigint; readonly b: number }, context: Context): number
  count(context: Context): void
  counted(context: Context): number
  viaHost(params: { readonly shape: Shape; readonly options: Options; readonly access: Access }, context: Context): Shape
  viaHostFlat(params: { readonly text: string; readonly shape?: Shape | undefined }, context: Context): { readonly tag: 'ok'; readonly val: string } | { readonly tag: 'err'; readonly val: string }
}

/** What it says when it is loaded: constants, or functions without parameters. */
export interface Values {
  readonly version: string
  readonly limits: Numbers
  readonly level: number
}
