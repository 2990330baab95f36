import { basename } from 'node:path'
import { performance } from 'node:perf_hooks'
import { type Diagnostic, MortiseError } from '../errors.ts'
import { type Message, type Toolchain, loadToolchain } from './assemblyscript.ts'
import { compile } from './compile.ts'
import { appendSections, producers } from './custom-sections.ts'
import { type Seam, place, show, toDiagnostics } from './diagnostics.ts'
import { type Entry, parseEntry } from './entry.ts'
import { action } from './glue/action.ts'
import { extension } from './glue/extension.ts'
import type { Glue, Gluer, Refusal, Settings } from './glue/glue.ts'
import { http } from './glue/http.ts'
import { scheduler } from './glue/scheduler.ts'
import { typed } from './glue/typed.ts'
import { alienImport } from './imports.ts'
import { loadJsonTransform } from './json.ts'
import { type BuildOptions, type Parsed, parseOptions } from './options.ts'
import { type EntryFile, Sources, readEntry, tenonVersion, userPath } from './sources.ts'

export type { BuildOptions } from './options.ts'

/** A guest that was built. */
export interface Build {
  /** The WebAssembly module. The same sources give the same bytes, wherever they lie. */
  readonly wasm: Uint8Array
  /** What the compiler has to say about the user's code, though it compiles. */
  readonly warnings: readonly Diagnostic[]
  /** How long it took. */
  readonly milliseconds: number
  /** Absolute paths of the user's files that went into it, the entry first. */
  readonly sources: readonly string[]
}

/** The contracts that a guest chooses by what it imports; the first is that of a guest which chooses none. */
const gluers: readonly [Gluer, ...Gluer[]] = [action, extension, http, scheduler]

/**
 * Compiles a guest that is written in AssemblyScript with tenon. Nothing is written to disk, and nothing needs to be
 * installed beside the guest. The compiler stays loaded, so the first build in a process takes longest; while it works,
 * the calling thread does nothing else.
 *
 * @param entry - a `.ts` file, or a folder with an `index.ts` in it
 * @throws MortiseError with the code
 *   - `BUILD_UNREADABLE` where a file can't be read,
 *   - `BUILD_ENTRY` where the file lacks a function that its contract asks for, or has it in another shape,
 *   - `BUILD_CONTRACT` where a file beside the guest is called as the bindings of its contract are, and isn't them,
 *   - `BUILD_FAILED` where it doesn't compile: `details.diagnostics` has every message with file, line and column,
 *   - `OPTION_UNKNOWN` or `OPTION_INVALID`
 *
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises'
 * import { build } from 'mortise/build'
 *
 * const { wasm, milliseconds } = await build('guests/hello', { optimize: 'size' })
 * await writeFile('hello.wasm', wasm)
 * console.log(`${wasm.length} bytes in ${milliseconds} ms`)
 * ```
 */
export async function build(entry: string, options: BuildOptions = {}): Promise<Build> {
  const begin = performance.now()
  const parsed = parseOptions(options)
  const file = readEntry(entry)
  const [toolchain, transform] = await Promise.all([loadToolchain(), loadJsonTransform()])
  const sources = new Sources(file, toolchain.library, parsed.within)
  const name = basename(file.path, '.ts')
  const syntax = parseEntry(toolchain.assemblyscript, file.text, `${name}.ts`)
  sources.keep([syntax.source])
  const gluer = chooseGluer(parsed.contract, entry, syntax)
  const glue = glueTo(gluer, entry, file, syntax, name, sources)
  const { module, range, blame, exported = new Map(), modules = new Map(), sections = [], compiler } = glue
  sources.provide(new Map([...modules, ...rewritten(toolchain, compiler)]))
  const seam: Seam = { path: `${name}.ts`, offset: file.text.length, range, ...(blame && { blame }) }
  const text = `${file.text}\n${glue.tail}`
  const chosen = { optimize: parsed.optimize, gc: parsed.gc ?? compiler?.gc ?? 'none' }
  const { wasm, messages } = compileSafely(entry, () =>
    compile(toolchain, {
      entry: file,
      name,
      text,
      module,
      exported,
      settings: compiler,
      sources,
      options: chosen,
      transform,
    }),
  )
  if (wasm === undefined) throw failure(entry, toDiagnostics(errors(toolchain, messages), sources, seam))
  const alien = compiler && alienImport(wasm, gluer.name, compiler)
  if (alien !== undefined) throw failure(entry, [{ message: alien }])
  const stamp = JSON.stringify({ version: tenonVersion, contract: gluer.name, gc: chosen.gc })
  return {
    wasm: appendSections(wasm, [
      ['tenon', Buffer.from(stamp)],
      ...sections,
      [
        'producers',
        producers([
          ['language', [['AssemblyScript', '']]],
          [
            'processed-by',
            [
              ['AssemblyScript', toolchain.version],
              ['tenon', tenonVersion],
            ],
          ],
        ]),
      ],
    ]),
    warnings: [
      ...(glue.warnings ?? []).map((one) => told(one, file, sources)),
      ...toDiagnostics(warnings(toolchain, messages, sources), sources, seam),
    ],
    milliseconds: performance.now() - begin,
    sources: sources.read,
  }
}

function* rewritten({ library }: Toolchain, settings: Settings | undefined): Generator<readonly [string, string]> {
  for (const [path, rewrite] of Object.entries(settings?.library ?? {}))
    yield [`~lib/${path}`, rewrite(library[path] ?? '')]
}

function chooseGluer(contract: Parsed['contract'], entry: string, syntax: Entry): Gluer {
  if (typeof contract === 'object') return typed(contract)
  return gluers.find(({ name }) => name === contract) ?? chooseContract(entry, syntax)
}

function chooseContract(entry: string, { imports }: Entry): Gluer {
  const found = gluers.filter(({ name }) =>
    imports.some((path) => path === `tenon/${name}` || path.startsWith(`tenon/${name}/`)),
  )
  if (found.length > 1) {
    const names = found.map(({ name }) => `'tenon/${name}'`).join(' and ')
    throw new MortiseError(
      'BUILD_ENTRY',
      `Cannot build '${entry}': it imports from ${names}, and a guest has one contract`,
    )
  }
  return found[0] ?? gluers[0]
}

function glueTo(gluer: Gluer, entry: string, file: EntryFile, syntax: Entry, name: string, sources: Sources): Glue {
  const glue = gluer.glue(syntax, `./${name}`)
  // A hook of a shape that the language has no words for is a syntax error too, and a clearer one here.
  const broken = syntax.messages.length > 0
  if (broken && (!('message' in glue) || glue.range === undefined))
    throw failure(entry, toDiagnostics(syntax.messages, sources, undefined))
  if (!('message' in glue)) return glue
  const diagnostic = told(glue, file, sources)
  throw new MortiseError('BUILD_ENTRY', `Cannot build a guest of '${gluer.name}': ${show(diagnostic)}`, {
    diagnostics: [diagnostic],
  })
}

function told({ message, range }: Refusal, file: EntryFile, sources: Sources): Diagnostic {
  const at = range === undefined ? { file: userPath(file.path), line: 1, column: 1 } : place(range, sources)
  return { message, ...at }
}

function failure(entry: string, diagnostics: readonly Diagnostic[], cause?: unknown): MortiseError {
  const [first] = diagnostics
  const more = diagnostics.length > 1 ? ` (and ${diagnostics.length - 1} more)` : ''
  const what = first === undefined ? 'the compiler itself failed' : `${show(first)}${more}`
  const details = cause === undefined ? { diagnostics } : { diagnostics, cause }
  return new MortiseError('BUILD_FAILED', `Cannot build '${entry}': ${what}`, details)
}

/** The compiler and json-as throw on a few mistakes, with a stack of their own that means nothing to users. */
function compileSafely<T>(entry: string, run: () => T): T {
  try {
    return run()
  } catch (cause) {
    if (MortiseError.is(cause)) throw cause
    const said = cause instanceof Error ? (cause.message === '' ? cause.stack : cause.message) : undefined
    throw failure(entry, said ? [{ message: `The compiler gave up: ${said.split('\n', 1).join('')}` }] : [], cause)
  }
}

function errors(
  { assemblyscript: { DiagnosticCategory } }: Toolchain,
  messages: readonly Message[],
): readonly Message[] {
  return messages.filter(({ category }) => category === DiagnosticCategory.Error)
}

/** Warnings about the user's own code; nobody can do anything about those in a library. */
function warnings(
  { assemblyscript: { DiagnosticCategory } }: Toolchain,
  messages: readonly Message[],
  sources: Sources,
): readonly Message[] {
  return messages.filter(
    ({ category, range }) => category === DiagnosticCategory.Warning && place(range, sources) !== undefined,
  )
}
