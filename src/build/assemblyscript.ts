/**
 * The part of AssemblyScript's compiler API that a build uses. Its own declarations redefine the globals of every file
 * that they meet (`i32`, `console`, `require`), so they can't be imported, and importing at run time keeps the compiler
 * out of processes that never build.
 */

export interface Range {
  readonly start: number
  readonly end: number
  readonly source: Source
}

export interface Source {
  /** Path with extension, as it was given to the parser. */
  readonly normalizedPath: string
  /** The same without extension. */
  readonly internalPath: string
  readonly text: string
  readonly statements: readonly Statement[]
  /** The 1-based line of an offset; `columnAt` then answers for the same offset. */
  lineAt(offset: number): number
  columnAt(): number
}

export interface Identifier {
  readonly text: string
  readonly range: Range
}

export interface TypeNode {
  readonly range: Range
}

export interface Parameter {
  readonly name: Identifier
  readonly type: TypeNode
  /** 0 where one must be given, 1 optional, 2 the rest. */
  readonly parameterKind: number
  readonly initializer: object | null
}

export interface Signature {
  readonly parameters: readonly Parameter[]
  readonly returnType: TypeNode
}

/** Every statement kind in one: which fields are there depends on `kind`. */
export interface Statement {
  readonly kind: number
  readonly range: Range
  readonly name?: Identifier
  readonly flags?: number
  readonly typeParameters?: readonly object[] | null
  readonly signature?: Signature
  /** The path of an import, as it is written. */
  readonly path?: { readonly value: string } | null
  readonly declarations?: readonly Declaration[] | null
  readonly declaration?: Statement
  readonly members?: readonly Member[] | null
  /** The class that a class extends. */
  readonly extendsType?: TypeNode | null
}

/** What an export names, or a member of a class: which fields are there depends on what it is a member of. */
export interface Member {
  readonly localName: Identifier
  readonly exportedName: Identifier
  readonly kind?: number
  readonly flags?: number
  readonly name?: Identifier
  readonly signature?: Signature
  readonly typeParameters?: readonly object[] | null
}

export interface Declaration {
  readonly name: Identifier
  readonly foreignName?: Identifier
  readonly flags?: number
}

export interface Message {
  readonly code: number
  readonly category: number
  readonly message: string
  readonly range: Range | null
  readonly relatedRange: Range | null
}

export interface Parser {
  readonly sources: Source[]
  readonly diagnostics: readonly Message[]
  parseFile(text: string, path: string, isEntry: boolean): void
}

export interface Options {
  readonly target: number
}

export interface Program {
  readonly parser: Parser
  registerConstantInteger(name: string, type: object, value: object): void
}

export interface Module {
  readonly ref: number
}

export interface AssemblyScript {
  readonly Parser: new () => Parser
  readonly NodeKind: Readonly<
    Record<
      | 'Import'
      | 'Export'
      | 'ExportDefault'
      | 'Variable'
      | 'FunctionDeclaration'
      | 'ClassDeclaration'
      | 'MethodDeclaration',
      number
    >
  >
  readonly CommonFlags: Readonly<
    Record<'Export' | 'Abstract' | 'Static' | 'Private' | 'Protected' | 'Get' | 'Set' | 'Constructor', number>
  >
  readonly DiagnosticCategory: { readonly Warning: number; readonly Error: number }
  readonly Type: { readonly i32: object; readonly bool: object }
  newOptions(): Options
  setRuntime(options: Options, runtime: number): void
  setStackSize(options: Options, bytes: number): void
  /** Exports what initialises the module, in place of running it at once. */
  setExportStart(options: Options, name: string): void
  /** Makes a global name that of an element, by its internal name. */
  addGlobalAlias(options: Options, alias: string, name: string): void
  setExportMemory(options: Options, value: boolean): void
  setOptimizeLevelHints(options: Options, optimize: number, shrink: number): void
  setBundleVersion(options: Options, major: number, minor: number, patch: number): void
  newProgram(options: Options): Program
  parse(program: Program, text: string | null, path: string, isEntry: boolean): void
  nextFile(program: Program): string | null
  getDependee(program: Program, file: string): string | null
  initializeProgram(program: Program): void
  compile(program: Program): Module
  nextDiagnostic(program: Program): Message | null
  optimize(module: Module, optimize: number, shrink: number, debug: boolean, zeroFilled: boolean): void
}

export interface Binaryen {
  setDebugInfo(on: boolean): void
  wrapModule(ref: number): BinaryenModule
  /** What an export is of, by its name in the module. */
  getExportInfo(ref: number): { readonly value: string }
}

export interface BinaryenModule {
  getExport(name: string): number
  removeExport(name: string): void
  addFunctionExport(internal: string, name: string): number
  emitBinary(): Uint8Array
  dispose(): void
}

/** The compiler, loaded once in a process. */
export interface Toolchain {
  readonly assemblyscript: AssemblyScript
  readonly binaryen: Binaryen
  /** AssemblyScript's standard library: text by path without extension. */
  readonly library: Readonly<Record<string, string>>
  readonly version: string
}

let toolchain: Promise<Toolchain> | undefined

/** Loads the compiler, the first time that it is asked to. */
export function loadToolchain(): Promise<Toolchain> {
  return (toolchain ??= load())
}

// Specifiers that are no literals are not looked into by the type checker.
const specifiers: Readonly<Record<'compiler' | 'frontend' | 'binaryen', string>> = {
  compiler: 'assemblyscript',
  frontend: 'assemblyscript/asc',
  binaryen: 'assemblyscript/binaryen',
}

async function load(): Promise<Toolchain> {
  // oxlint-disable-next-line typescript/no-unsafe-assignment -- their types are the ones above, which no checker can know
  const [assemblyscript, frontend, binaryen]: [AssemblyScript, Frontend, { default: Binaryen }] = await Promise.all([
    import(specifiers.compiler),
    import(specifiers.frontend),
    import(specifiers.binaryen),
  ])
  return { assemblyscript, binaryen: binaryen.default, library: frontend.libraryFiles, version: frontend.version }
}

interface Frontend {
  readonly libraryFiles: Readonly<Record<string, string>>
  readonly version: string
}
