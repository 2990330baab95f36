/**
 * The parts of the WebAssembly JavaScript interface that Mortise uses. TypeScript has them only in its DOM library,
 * which would bring `window` and a thousand other names that do not exist in Node.
 */
declare namespace WebAssembly {
  type Exports = Readonly<Record<string, unknown>>
  type Imports = Readonly<Record<string, Readonly<Record<string, unknown>>>>

  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>)
    static exports(module: Module): { name: string; kind: string }[]
    static imports(module: Module): { module: string; name: string; kind: string }[]
    static customSections(module: Module, name: string): ArrayBuffer[]
  }
  class Instance {
    constructor(module: Module, imports?: Imports)
    readonly exports: Exports
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number; shared?: boolean })
    readonly buffer: ArrayBuffer
    grow(pages: number): number
  }
  class Table {
    constructor(descriptor: { element: 'anyfunc' | 'externref'; initial: number; maximum?: number })
    readonly length: number
    get(index: number): unknown
    set(index: number, value?: unknown): void
    grow(entries: number, value?: unknown): number
  }
  class Global {
    constructor(descriptor: { value: string; mutable?: boolean }, value?: unknown)
    value: unknown
  }
  class Tag {
    constructor(descriptor: { parameters: string[] })
  }
  class Exception extends Error {
    constructor(tag: Tag, payload: unknown[])
  }
  /** A function that suspends its caller while its promise is pending. Not in every engine. */
  class Suspending {
    constructor(call: (...args: never[]) => unknown)
  }
  function promising(call: (...args: never[]) => unknown): (...args: unknown[]) => Promise<unknown>

  class CompileError extends Error {}
  class LinkError extends Error {}
  class RuntimeError extends Error {}

  function compile(bytes: Uint8Array<ArrayBuffer>): Promise<Module>
  function validate(bytes: Uint8Array<ArrayBuffer>): boolean
}
