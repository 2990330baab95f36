import type { AssemblyScript, Member, Range, Source, Statement } from './assemblyscript.ts'

/** A class that the entry file declares at its top. */
export interface FoundClass {
  readonly name: string
  readonly range: Range
  readonly exported: boolean
  readonly abstract: boolean
  /** How many arguments its constructor has to be given. */
  readonly required: number
  /** Its own methods and those of the classes of the same file that it extends, by name. */
  readonly methods: ReadonlyMap<string, FoundMethod>
}

/** A method of a class. */
export interface FoundMethod {
  readonly range: Range
  /** What it is, where it is none that can be called from outside on an object. */
  readonly other?: string
  readonly generic: boolean
  /** How many arguments it takes at most, and at least. */
  readonly parameters: number
  readonly required: number
  /** The text of the result's type; empty where none is written. */
  readonly result: string
}

/** The classes of a file, in order. */
export function classesOf(compiler: AssemblyScript, source: Source): readonly FoundClass[] {
  const declared = source.statements.filter(({ kind }) => kind === compiler.NodeKind.ClassDeclaration)
  const exported = new Set(
    source.statements.flatMap(({ kind, members }) =>
      kind === compiler.NodeKind.Export ? (members ?? []).map(({ localName }) => localName.text) : [],
    ),
  )
  const find = (name: string | undefined): Statement | undefined => declared.find((one) => one.name?.text === name)
  return declared.flatMap((statement) => {
    const { name, range, flags = 0 } = statement
    if (name === undefined) return []
    const lineage = [...lineageOf(source, statement, find)]
    const constructor = lineage.map((one) => constructorOf(compiler, one)).find((one) => one !== undefined)
    return {
      name: name.text,
      range: name.range ?? range,
      exported: (flags & compiler.CommonFlags.Export) !== 0 || exported.has(name.text),
      abstract: (flags & compiler.CommonFlags.Abstract) !== 0,
      required: constructor === undefined ? 0 : countRequired(constructor),
      // Of two methods of a name that of the class itself counts, which comes last.
      methods: new Map(lineage.toReversed().flatMap((one) => methodsOf(compiler, source, one))),
    }
  })
}

/** A class, and those that it extends. */
function* lineageOf(
  source: Source,
  statement: Statement,
  find: (name: string | undefined) => Statement | undefined,
): Generator<Statement> {
  const seen = new Set<Statement>()
  for (let at: Statement | undefined = statement; at !== undefined && !seen.has(at);) {
    seen.add(at)
    yield at
    const base: Range | undefined = at.extendsType?.range
    at = base && find(source.text.slice(base.start, base.end).trim())
  }
}

function constructorOf({ CommonFlags }: AssemblyScript, { members }: Statement): Member | undefined {
  return members?.find(({ flags = 0 }) => (flags & CommonFlags.Constructor) !== 0)
}

function methodsOf(
  { NodeKind, CommonFlags }: AssemblyScript,
  source: Source,
  { members }: Statement,
): readonly (readonly [string, FoundMethod])[] {
  const others = [
    [CommonFlags.Static, 'static'],
    [CommonFlags.Private, 'private'],
    [CommonFlags.Protected, 'protected'],
    [CommonFlags.Abstract, 'abstract'],
    [CommonFlags.Get | CommonFlags.Set, 'a property'],
  ] as const
  return (members ?? []).flatMap((member) => {
    const { kind, name, flags = 0, signature, typeParameters } = member
    if (name === undefined || (flags & CommonFlags.Constructor) !== 0) return []
    const other =
      kind === NodeKind.MethodDeclaration ? others.find(([flag]) => (flags & flag) !== 0)?.[1] : 'a property'
    const type = signature?.returnType.range
    const found: FoundMethod = {
      range: name.range,
      ...(other !== undefined && { other }),
      generic: (typeParameters?.length ?? 0) > 0,
      parameters: signature?.parameters.length ?? 0,
      required: countRequired(member),
      result: type === undefined ? '' : source.text.slice(type.start, type.end).trim(),
    }
    return [[name.text, found] as const]
  })
}

const countRequired = ({ signature }: Member): number =>
  signature?.parameters.filter(({ parameterKind, initializer }) => parameterKind === 0 && initializer === null)
    .length ?? 0
