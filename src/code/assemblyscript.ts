import { relative, resolve, sep } from 'node:path'
import { ResidentCompiler } from '../build/resident.ts'
import { type Diagnostic, MortiseError, reasonOf } from '../errors.ts'
import { compileFailed } from './refused.ts'

/** A source that was posted. */
export interface Task {
  /** Path of the file, and of the folder that all of the source lies in. */
  readonly entry: string
  readonly folder: string
}

/** So many sources may wait. */
const mostWaiting = 100

/** Milliseconds without work after which the compiler is ended. */
const longestIdle = 30_000

/** The compiler of AssemblyScript for what was posted, in a thread, one source after another. */
export class AssemblyScript {
  readonly #compiler: ResidentCompiler

  /** @param longest - milliseconds that one source may take */
  constructor(longest: number) {
    this.#compiler = new ResidentCompiler({ longest, idle: longestIdle })
  }

  /** @throws MortiseError `COMPILE_FAILED`, with the compiler's messages as `details.diagnostics` */
  async compile({ entry, folder }: Task): Promise<Uint8Array> {
    if (this.#compiler.waiting >= mostWaiting)
      throw compileFailed(`as many wait for the compiler as may, ${mostWaiting}`, { limit: mostWaiting })
    try {
      const { wasm } = await this.#compiler.build(entry, { within: folder })
      return wasm
    } catch (error) {
      throw refusal(error, folder)
    }
  }
}

/** The failure in the words of whoever posted the source, who knows no path of this machine. */
function refusal(error: unknown, folder: string): MortiseError {
  const { diagnostics: found = [], limit } = MortiseError.is(error) ? error.details : {}
  const cause = error instanceof Error ? error.cause : undefined
  const diagnostics = found.map((one) => named(one, folder))
  const lines = diagnostics.map(({ message, file, line, column }) =>
    [...[file, line, column].filter((part) => part !== undefined), ` ${message}`].join(':').trim(),
  )
  const output = lines.length === 0 ? reasonOf(error).replace(/^Cannot build '[^']*': /, '') : lines.join('\n')
  return compileFailed(output, {
    output,
    diagnostics,
    ...(limit !== undefined && { limit }),
    ...(cause !== undefined && { cause }),
  })
}

function named(diagnostic: Diagnostic, folder: string): Diagnostic {
  if (diagnostic.file === undefined) return diagnostic
  return { ...diagnostic, file: relative(folder, resolve(diagnostic.file)).split(sep).join('/') }
}
