import type { AssemblyScript, Message, Range, Source, Statement } from './assemblyscript.ts'
import { type FoundClass, classesOf } from './classes.ts'

/** The guest's entry file, parsed. */
export interface Entry {
  readonly source: Source
  /** What is wrong with its syntax. */
  readonly messages: readonly Message[]
  /** Paths that it imports, as they are written. */
  readonly imports: readonly string[]
  /** Names of the functions and variables that it exports, in order; `*` where it passes on all of another file. */
  readonly exports: readonly string[]
  /** The classes that it declares. */
  readonly classes: readonly FoundClass[]
  /** Looks a name up among what the file declares at its top and what it exports. */
  find(name: string): Found | undefined
}

/** A top-level name of the entry file. */
export interface Found {
  readonly range: Range
  readonly exported: boolean
  /** What it is, where it is no function. */
  readonly other?: string
  readonly generic?: boolean
  readonly parameters?: readonly { readonly type: string; readonly required: boolean; readonly range: Range }[]
  /** The text of the result's type; empty where none is written. */
  readonly result?: string
}

/** Parses the entry file alone, to see what it exports before anything is compiled. */
export function parseEntry(compiler: AssemblyScript, text: string, path: string): Entry {
  const parser = new compiler.Parser()
  parser.parseFile(text, path, true)
  const source = parser.sources[0]
  if (source === undefined) throw new TypeError('the parser kept no source')
  const { NodeKind } = compiler
  const paths = source.statements.map((statement) =>
    statement.kind === NodeKind.Import ? statement.path?.value : undefined,
  )
  return {
    source,
    messages: parser.diagnostics,
    imports: paths.filter((value) => value !== undefined),
    exports: source.statements.flatMap((statement) => exportsOf(compiler, statement)),
    classes: classesOf(compiler, source),
    find: (name) => find(compiler, source, name),
  }
}

function exportsOf({ NodeKind, CommonFlags }: AssemblyScript, statement: Statement): readonly string[] {
  const { kind, flags = 0, name, declaration, declarations, members } = statement
  if (kind === NodeKind.Export) return members?.map(({ exportedName }) => exportedName.text) ?? ['*']
  if (kind === NodeKind.ExportDefault) return declaration?.name === undefined ? [] : [declaration.name.text]
  if (kind === NodeKind.FunctionDeclaration && (flags & CommonFlags.Export) !== 0) return name ? [name.text] : []
  if (kind !== NodeKind.Variable) return []
  const exported = declarations?.filter((one) => ((flags | (one.flags ?? 0)) & CommonFlags.Export) !== 0)
  return exported?.map((one) => one.name.text) ?? []
}

function find({ NodeKind, CommonFlags }: AssemblyScript, source: Source, name: string): Found | undefined {
  const exporting = source.statements.find(
    ({ kind, members }) => kind === NodeKind.Export && members?.some((member) => member.exportedName.text === name),
  )
  const isExported = ({ flags = 0 }: { readonly flags?: number }): boolean => (flags & CommonFlags.Export) !== 0
  for (const statement of source.statements) {
    const exported = exporting !== undefined || isExported(statement)
    if (statement.kind === NodeKind.ExportDefault && statement.declaration?.name?.text === name) {
      return { range: statement.declaration.name.range, exported: false, other: 'a default export' }
    }
    if (statement.kind === NodeKind.FunctionDeclaration && statement.name?.text === name) {
      return describe(source, statement, statement.name.range, exported)
    }
    const declared =
      statement.kind === NodeKind.Variable ? statement.declarations?.find((one) => one.name.text === name) : undefined
    if (declared !== undefined)
      return { range: declared.name.range, exported: exported || isExported(declared), other: 'a variable' }
    if (statement.name?.text === name) return { range: statement.name.range, exported, other: 'no function' }
  }
  const asynchronous = new RegExp(`^\\s*(?:export\\s+)?async\\s+function\\s+${name}\\b`, 'm').exec(source.text)
  if (asynchronous !== null) {
    const end = asynchronous.index + asynchronous[0].length
    return {
      range: { start: end - name.length, end, source },
      exported: true,
      other: 'asynchronous, and a guest cannot wait',
    }
  }
  return exporting && { range: exporting.range, exported: true, other: 'an export of something else' }
}

function describe(source: Source, statement: Statement, range: Range, exported: boolean): Found {
  const cut = (at: Range): string => source.text.slice(at.start, at.end).trim()
  const parameters = statement.signature?.parameters ?? []
  return {
    range,
    exported,
    generic: (statement.typeParameters?.length ?? 0) > 0,
    parameters: parameters.map(({ name, type, parameterKind, initializer }) => ({
      type: cut(type.range),
      required: parameterKind === 0 && initializer === null,
      range: name.range,
    })),
    result: statement.signature === undefined ? '' : cut(statement.signature.returnType.range),
  }
}
