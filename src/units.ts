/**
 * The bracket around every call of a hook: enter, lower + call + lift, on a failure restore and type the error, leave.
 *
 * @param name - the hook's, for errors
 * @param hook - lowers, calls and lifts: a result that is read after a restore would be read from a wiped memory
 */
export type Guard = <A extends unknown[], R>(name: string, hook: (...args: A) => R) => (...args: A) => R

/** The same around a hook that takes its time: it leaves when the promise settles. */
export type AsyncGuard = <A extends unknown[], R>(
  name: string,
  hook: (...args: A) => Promise<R>,
) => (...args: A) => Promise<R>

/** The guard of ES modules: itself for hooks that return at once, and `async` for those that return a promise. */
export interface EsmGuard extends Guard {
  readonly async: AsyncGuard
}

/**
 * The guard of WebAssembly modules: itself for any hook that returns at once, `exported` for those that are one function of the guest,
 * and `suspending` for those whose guest may be suspended.
 */
export interface WasmGuard extends Guard {
  /**
   * @param name - the hook's
   * @param hook - what it does around the guest: entering and leaving take no crossings of their own
   * @param exported - the name of the function, which takes nothing. Default: that of the hook
   */
  readonly exported: <A>(name: string, hook: HookSteps<A>, exported?: string) => (input: A) => void
  /** @param wait - milliseconds that one call may be suspended in all; its deadline is for the time that it runs */
  readonly suspending: <A>(name: string, hook: SuspendingHook<A>, wait: number) => (input: A) => Promise<void>
}

/** An integer that a function returned: no BigInt, which costs more than the call. Read it at once. */
export interface GuestResult {
  /** An i32, or the lower half of an i64; signed. */
  readonly low: number
  /** The upper half of an i64; signed. */
  readonly high: number
}

/** What a hook does before and after the guest runs. */
export interface HookSteps<A> {
  /** An attempt begins. @param again - it is not the call's first */
  begin(input: A, again: boolean): void
  /**
   * The guest ended well. What this throws fails the call.
   *
   * @param result - what the guest's function returned, where it returns an i32 or an i64; of hooks made with `guard.exported`
   */
  commit(result: GuestResult): void
  /** The attempt is over, however it ended. */
  end(): void
}

/** A hook whose guest may be suspended, by JavaScript Promise Integration. No two calls of one instance overlap. */
export interface SuspendingHook<A> extends HookSteps<A> {
  /** Calls the guest: a function that `WebAssembly.promising` made. */
  run(): Promise<unknown>
}

/** How the guest of a {@link SuspendingHook} waits. */
export interface Suspension {
  /**
   * What a host function returns that is a `WebAssembly.Suspending`: the guest is suspended until the promise settles, or until its
   * call has to end. The function that the guest goes on in has to call `resume` first of all.
   *
   * @param ended - gets why nobody waits for the promise any more
   */
  suspend(promise: Promise<unknown>, ended: (reason: Error) => void): Promise<void>
  /** What the promise resolved to; throws what it was rejected with, or what ends the call. */
  resume(): unknown
}

/** What a binding to the `wasm` runtime works with. */
export interface WasmUnit {
  readonly exports: Readonly<Record<string, unknown>>
  readonly memory: GuestMemory
  /** The artifact's custom sections. */
  readonly sections: readonly CustomSection[]
  /** How often the instance was put back to its checkpoint: what a binding got of the guest's memory since is gone then. */
  readonly restores: number
  /** For hooks made with `guard.suspending`. */
  readonly suspension: Suspension
  /**
   * Says what the guest reads by name in the calls from here on, on top of the plugin's config and in place of what was said before.
   *
   * @param settings - is asked once, when the guest first reads
   */
  configure(settings: () => Readonly<Record<string, string>>): void
  /**
   * Of a module that is a command (see `command` of a binding): runs it from its beginning to its end, inside of a guard. A return and an exit
   * with code 0 are good ends, any other ends the call, `GUEST_EXIT`. Behind the call the instance is put back to what it was.
   *
   * @param input - what it finds on its standard input
   * @returns what it wrote to its standard output; standard error is logged
   */
  readonly run: ((input: Uint8Array) => Uint8Array) | undefined
  /** Writes a line to the log of the plugin, in the name of the guest: it counts for the limit `output`, beyond which it ends the call. */
  log(level: LogLevel, text: string): void
  /** The call under way is to end: a host function that takes long returns when it sees this, and the guest is stopped. */
  readonly expired: boolean
}

/** What an artifact carries that is not code. */
export interface CustomSection {
  readonly name: string
  readonly bytes: Uint8Array
}

/** What a binding to the `esm` runtime works with. */
export interface EsmUnit {
  readonly exports: Readonly<Record<string, unknown>>
  /** What one call may use beside its arguments: its own, so that the logs of overlapping calls stay apart. */
  readonly context: () => EsmContext
}

/** What a binding to the `process` runtime works with. */
export interface ProcessUnit {
  /**
   * Sends a line and gives the line that answers it. Answers come in the order of the lines; nothing of two calls is mixed.
   *
   * @param line - text without a line break: as a rule JSON, with `value` as what the hook is called with
   */
  exchange(line: string): Promise<string>
  /** What the guest says that it exports, each with what `typeof` calls it; `undefined` for a guest that does not say. */
  readonly exports: Readonly<Record<string, string>> | undefined
}

/** The second argument of every hook of an ES module. */
export interface EsmContext {
  readonly config: Readonly<Record<string, string>>
  readonly log: Readonly<Record<LogLevel, (message: string) => void>>
}

/** A guest's memory as codecs use it, which check every pointer themselves. */
export interface LinearMemory {
  /** The most bytes that it may ever have. */
  readonly limit: number
  /** All of it, as it is now. Views on it become empty when it grows. */
  buffer(): ArrayBuffer
  /** Says that the host writes to a range: a restore wipes what it knows of. */
  mark(pointer: number, length: number): void
}

/** What a binding to the `native` runtime works with. All of it throws once the library is closed. */
export interface NativeUnit {
  /** The memory for arguments and results, in the layout of the canonical ABI. */
  readonly arena: NativeArena
  /**
   * A hook of the native ABI: called once its arguments lie at `arena.begin`, it returns the offset of its result, or ends the
   * call with what the library says about its failure.
   *
   * @param name - as in the contract: `get-user` is the symbol `mortise_hook_get_user`
   */
  readonly hook: (name: string) => () => number
  /** Any other exported C function, by its types, which nobody can check: a wrong one crashes the process. */
  readonly symbol: <const P extends readonly NativeType[], R extends NativeResult>(
    name: string,
    parameters: P,
    result: R,
  ) => NativeFunction<P, R>
}

/** The memory that a native library and its host share. What does not fit ends the call with `GUEST_POINTER`. */
export interface NativeArena
  extends LinearMemory, Pick<GuestMemory, 'bytes' | 'view' | 'readBytes' | 'writeBytes' | 'readUtf8' | 'writeUtf8'> {
  /** Where the arguments of a hook begin. */
  readonly begin: number
  /**
   * Takes memory until the next call begins, the first time at `begin`. Ends the call with `INPUT_TOO_LARGE` where there is no
   * more.
   *
   * @param alignment - a power of two
   * @returns its offset; what lies there is what the last call left
   */
  allocate(bytes: number, alignment: number): number
}

/** The types of C that an argument can have: `bytes` is a pointer to them and `text` one to UTF-8 with a 0 at its end. */
export type NativeType = 'i32' | 'u32' | 'i64' | 'f32' | 'f64' | 'bytes' | 'text'

/** The types of C that a result can have. */
export type NativeResult = Exclude<NativeType, 'bytes'> | 'void'

interface NativeValues {
  readonly i32: number
  readonly u32: number
  readonly i64: bigint
  readonly f32: number
  readonly f64: number
  readonly bytes: Uint8Array
  readonly text: string
}

/** A C function as JavaScript calls it. A text that is returned is copied; `undefined` for a null pointer. */
export type NativeFunction<P extends readonly NativeType[], R extends NativeResult> = (
  ...args: { -readonly [I in keyof P]: NativeValues[P[I]] }
) => R extends keyof NativeValues ? NativeValues[R] | (R extends 'text' ? undefined : never) : undefined

/**
 * A guest's memory, safe to use after it has grown. Every pointer and length is checked: one that does not fit ends the
 * call with `GUEST_POINTER`.
 */
export interface GuestMemory extends LinearMemory {
  /**
   * All of it, as it is now; taken anew after every call into the guest. It counts as written, all of it: prefer the methods
   * below where restores have to be quick.
   */
  bytes(): Uint8Array<ArrayBuffer>
  /** The same, for numbers. */
  view(): DataView<ArrayBuffer>
  /** A copy of some bytes. */
  readBytes(pointer: number, length: number): Uint8Array<ArrayBuffer>
  writeBytes(pointer: number, bytes: Uint8Array): void
  /** Decodes `length` bytes of UTF-8; `GUEST_STRING` when they are none. */
  readUtf8(pointer: number, length: number): string
  /** Encodes as UTF-8 into at most `room` bytes and returns how many were written. A lone surrogate becomes U+FFFD. */
  writeUtf8(pointer: number, room: number, text: string): number
  /** Reads `length` bytes of UTF-16, lone surrogates included. */
  readUtf16(pointer: number, length: number): string
  /** Writes two bytes for each UTF-16 unit of the text. */
  writeUtf16(pointer: number, text: string): void
  /** Reads UTF-16 whose length in bytes stands in the four bytes before it: AssemblyScript's string. */
  readString(pointer: number): string
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
