import type { AssemblyScript, Message, Program, Source, Statement } from './assemblyscript.ts'

/** Gives the `@json` classes of a program their code, which json-as writes. */
export interface JsonTransform {
  /**
   * To be called when everything is parsed, after which there is more to parse.
   *
   * @param sources - those with the user's classes, the entry last
   * @param folder - what their paths are relative to
   * @returns what keeps the classes from having code
   */
  apply(program: Program, sources: readonly Source[], folder: string): Message | undefined
  /** To be called when the program is initialized. */
  configure(program: Program, compiler: AssemblyScript): void
}

/** The part of json-as's transform that is used here. */
interface Transformer {
  program: Program
  parser: Program['parser']
  baseCWD: string
  imports: readonly Statement[]
  currentSource: Source
  readonly schemas: ReadonlyMap<string, object>
  visit(source: Source): void
  addImports(source: Source): void
}

// Not a literal, because its types are written in AssemblyScript.
const specifiers: Readonly<Record<'json', string>> = { json: 'json-as' }

/** json-as without its tricks on whole words and vectors: the smallest, and the one whose number readers are repaired. */
const plain = 2

let loading: Promise<JsonTransform> | undefined

/** Loads the transform, the first time that it is asked to. */
export function loadJsonTransform(): Promise<JsonTransform> {
  return (loading ??= load())
}

async function load(): Promise<JsonTransform> {
  // oxlint-disable-next-line typescript/no-unsafe-assignment -- it has no types that TypeScript could read
  const { JSONTransform }: { JSONTransform: new () => Transformer } = await withSettings(() => import(specifiers.json))
  return {
    apply(program, sources, folder) {
      const transformer = new JSONTransform()
      Object.assign(transformer, { program, parser: program.parser, baseCWD: folder })
      try {
        for (const source of sources) transform(transformer, source)
        return undefined
      } catch (error) {
        return explain(error, sources)
      }
    },
    configure(program, { Type }) {
      // Instead of the transform's own hook, which remembers a mode over builds and takes settings from the environment.
      program.registerConstantInteger('JSON_MODE', Type.i32, i64_new(plain))
      program.registerConstantInteger('JSON_STRICT', Type.bool, i64_new(1))
      // A cache that is off, but would have its 1 MiB in every guest.
      program.registerConstantInteger('JSON_CACHE_SIZE', Type.i32, i64_new(0))
    },
  }
}

/**
 * One round of the transform's own hook. That one leaves out whatever has `util/`, `memory` or `uri` anywhere in its path,
 * and takes `import { JSON as J }` for an import of the name `JSON`.
 */
function transform(transformer: Transformer, source: Source): void {
  transformer.imports = []
  transformer.currentSource = source
  transformer.visit(source)
  if (!transformer.schemas.has(source.internalPath)) return
  transformer.imports = transformer.imports.filter(
    ({ declarations }) =>
      !declarations?.some(({ name, foreignName }) => foreignName?.text === 'JSON' && name.text !== 'JSON'),
  )
  transformer.addImports(source)
}

/** The transform throws where a field's class has no code, and says its name. */
function explain(error: unknown, sources: readonly Source[]): Message {
  const name = error instanceof Error ? /^Class (\S+) is missing an @json/.exec(error.message)?.[1] : undefined
  if (name === undefined) throw error
  const declared = sources.flatMap(({ statements }) => statements).find((statement) => statement.name?.text === name)
  const message = `Class '${name}' is in a field of an @json class, and is not marked @json`
  return { code: 0, category: 3, message, range: declared?.name?.range ?? null, relatedRange: null }
}

/**
 * json-as reads its settings from the environment as it is loaded, and the same source is to give the same bytes everywhere.
 * Its fast path is off: it takes no notice of the kind of a value, writes into strings that others may hold, and was no
 * faster when it was measured.
 */
async function withSettings<T>(load: () => Promise<T>): Promise<T> {
  const settings = Object.entries(process.env).filter(([name]) => name.startsWith('JSON_'))
  for (const [name] of settings) Reflect.deleteProperty(process.env, name)
  process.env['JSON_USE_FAST_PATH'] = '0'
  try {
    return await load()
  } finally {
    delete process.env['JSON_USE_FAST_PATH']
    Object.assign(process.env, Object.fromEntries(settings))
  }
}

/** The compiler's own 64-bit integers, whose constructor it leaves in the global scope. */
declare const i64_new: (low: number) => object
