import type { AssemblyScript, Binaryen, BinaryenModule, Message, Program, Toolchain } from './assemblyscript.ts'
import type { JsonTransform } from './json.ts'
import { gluePath } from './diagnostics.ts'
import type { Settings } from './glue/glue.ts'
import { choices, type CompilerOptions } from './options.ts'
import type { EntryFile, Sources } from './sources.ts'

/** One guest, ready to be compiled. */
export interface Job {
  readonly entry: EntryFile
  /** The entry's name for the compiler, and its text with the glue. */
  readonly name: string
  readonly text: string
  /** Text of the module that exports what the contract asks for. */
  readonly module: string
  /** What its functions are called in WebAssembly, where that is no name of AssemblyScript's. */
  readonly exported: ReadonlyMap<string, string>
  readonly settings: Settings | undefined
  readonly sources: Sources
  readonly options: CompilerOptions
  readonly transform: JsonTransform
}

/** What came of it: the module, unless a message is an error. */
export interface Compiled {
  readonly wasm: Uint8Array | undefined
  readonly messages: readonly Message[]
}

/** The optimizer's level for speed and for size. */
const levels = { none: [0, 0], size: [3, 2], speed: [3, 0] } as const
const shadowStack = 32768

/** Compiles in one go, so that builds never mix: the compiler's settings are global. */
export function compile(toolchain: Toolchain, job: Job): Compiled {
  const { assemblyscript: compiler, binaryen } = toolchain
  const [optimize, shrink] = levels[job.options.optimize]
  const program = newProgram(toolchain, job, optimize, shrink)
  parse(toolchain, program, job)
  const messages: Message[] = []
  job.sources.keep(program.parser.sources)
  if (drain(compiler, program, messages)) return { wasm: undefined, messages }
  const json = program.parser.sources.some(({ normalizedPath }) => normalizedPath.startsWith('~lib/json-as/'))
  if (json) {
    // What was imported last is likely to be what the others build on.
    const mine = program.parser.sources
      .filter(({ normalizedPath }) => job.sources.locate(normalizedPath) !== undefined)
      .toReversed()
    const mistake = job.transform.apply(program, mine, job.entry.folder)
    if (mistake !== undefined) return { wasm: undefined, messages: [...messages, mistake] }
    parseBacklog(compiler, program, job.sources)
    job.sources.keep(program.parser.sources)
  }
  if (drain(compiler, program, messages)) return { wasm: undefined, messages }
  compiler.initializeProgram(program)
  if (json) job.transform.configure(program, compiler)
  const module = compiler.compile(program)
  const emitted = binaryen.wrapModule(module.ref)
  try {
    if (drain(compiler, program, messages)) return { wasm: undefined, messages }
    rename(binaryen, emitted, job.exported)
    compiler.optimize(module, optimize, shrink, false, false)
    // Names only: whoever reads a stack trace needs them.
    binaryen.setDebugInfo(job.options.optimize !== 'size' || job.settings?.named === true)
    return { wasm: emitted.emitBinary(), messages }
  } finally {
    binaryen.setDebugInfo(false)
    emitted.dispose()
  }
}

function rename(binaryen: Binaryen, emitted: BinaryenModule, exported: Job['exported']): void {
  for (const [name, as] of exported) {
    const { value } = binaryen.getExportInfo(emitted.getExport(name))
    emitted.removeExport(name)
    emitted.addFunctionExport(value, as)
  }
}

function newProgram(toolchain: Toolchain, job: Job, optimize: number, shrink: number): Program {
  const { assemblyscript: compiler, library, version } = toolchain
  const { gc } = job.options
  const options = compiler.newOptions()
  const runtime = choices.gc.indexOf(gc)
  compiler.setRuntime(options, runtime)
  compiler.setStackSize(options, gc === 'incremental' ? shadowStack : 0)
  compiler.setExportMemory(options, true)
  if (job.settings !== undefined) compiler.setExportStart(options, job.settings.start)
  for (const [alias, name] of job.settings?.aliases ?? []) compiler.addGlobalAlias(options, alias, name)
  compiler.setOptimizeLevelHints(options, optimize, shrink)
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  compiler.setBundleVersion(options, major, minor, patch)
  const program = compiler.newProgram(options)
  // What lies in folders of the standard library is parsed where it is imported.
  for (const [name, text] of Object.entries(library)) {
    if (!name.includes('/')) compiler.parse(program, text, `~lib/${name}.ts`, false)
  }
  const start = `rt/index-${['stub', 'minimal', 'incremental'][runtime]}`
  compiler.parse(program, library[start] ?? null, `~lib/${start}.ts`, true)
  return program
}

function parse({ assemblyscript: compiler }: Toolchain, program: Program, job: Job): void {
  compiler.parse(program, job.text, `${job.name}.ts`, false)
  compiler.parse(program, job.module, gluePath, true)
  parseBacklog(compiler, program, job.sources)
}

function parseBacklog(compiler: AssemblyScript, program: Program, sources: Sources): void {
  for (let name = compiler.nextFile(program); name !== null; name = compiler.nextFile(program)) {
    const file = sources.find(name, compiler.getDependee(program, name))
    compiler.parse(program, file?.text ?? null, file?.path ?? `${name}.ts`, false)
  }
}

/** Takes the messages since the last time; whether one is an error. */
function drain(compiler: AssemblyScript, program: Program, into: Message[]): boolean {
  for (let message = compiler.nextDiagnostic(program); message !== null; message = compiler.nextDiagnostic(program)) {
    into.push(message)
  }
  return into.some(({ category }) => category === compiler.DiagnosticCategory.Error)
}
