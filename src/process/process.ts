import type { Artifact, ArtifactKind } from '../artifact.ts'
import { MortiseError } from '../errors.ts'
import type { Code, Instance, LimitsOf, Runtime, Setting, Surface } from '../runtime.ts'
import { guestError, ProcessInstance } from './instance.ts'
import { narrow, parseProcess, type ProcessOptions, type ProcessSettings } from './options.ts'
import { makeProgram } from './program.ts'
import { Supervisor } from './supervisor.ts'

/**
 * The runtime for programs in any language, each in a process of its own: executables and scripts that begin with `#!`, and
 * JavaScript and TypeScript modules, which a launcher of ours calls. A process that crashes, hangs or floods its output takes
 * down its own calls and nothing else, and the next call finds a new one. It is no sandbox: the program may do whatever this
 * user may.
 *
 * A program reads one line from standard input for each call and writes one line to descriptor 3 for each answer, which is
 * the ActionLoop protocol of Apache OpenWhisk; docs/process.md has it, with programs in C and Python.
 *
 * The name is not `process`, which is Node's own global.
 *
 * @param options - `deadline` (60 s) and `output` (1 MiB) of a call; `concurrency` (1), the calls that a process may work on at once; `env`, all that a process finds in its environment
 *   beside the plugin's `config`; `ack`, `start` (10 s), `settle` (5 ms) for starting; `grace` (1 s) for stopping; `restarts`
 *   (10); `pipeline` (1), `queue` (1,000), `buffer` (64 MiB), `answer` (16 MiB), `spin` for calls; `watch` for events
 * @returns a runtime for the list of a `Mortise`
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
 * @example
 * ```ts
 * import { Mortise } from 'mortise'
 * import { action } from 'mortise/action'
 * import { childProcess } from 'mortise/process'
 *
 * await using host = new Mortise({ runtimes: [childProcess({ deadline: '10 s' })] })
 * const source = new TextEncoder().encode('export const main = ({ name }) => ({ greetings: `Hello, ${name}` })')
 * const hello = await host.plug('hello', source, action)
 * console.log(await hello.hooks.main({ name: 'Mike' }))
 * ```
 */
export function childProcess(options: ProcessOptions = {}): Runtime<'process'> {
  const settings = parseProcess(options)
  return Object.freeze({
    kind: 'process',
    async prepare(artifact: Artifact, limits: LimitsOf<'process'>) {
      checkKind(artifact.kind)
      return new ProcessCode(artifact, narrow(settings, limits))
    },
  })
}

class ProcessCode implements Code<'process'> {
  readonly digest: string
  /** What a program takes and gives cannot be read from its bytes. */
  readonly surface: Surface = { imports: [], exports: [] }
  readonly instantiateSync = undefined
  readonly #artifact: Artifact
  readonly #settings: ProcessSettings

  constructor(artifact: Artifact, settings: ProcessSettings) {
    this.digest = artifact.digest
    this.#artifact = artifact
    this.#settings = settings
  }

  async instantiate(setting: Setting<'process'>): Promise<Instance<'process'>> {
    const program = await makeProgram(this.#artifact, this.#settings, setting)
    const supervisor = new Supervisor(program, this.#settings, setting)
    try {
      await supervisor.open()
    } catch (error) {
      await program.dispose()
      const { plugin } = setting
      throw guestError(`Cannot start the process of plugin '${plugin}'`, error, { plugin })
    }
    return new ProcessInstance(supervisor, setting)
  }
}

/** Which native programs a system runs: others would be handed to a shell, as if they were text. */
const nativeTo: Readonly<Record<string, ArtifactKind>> = { darwin: 'mach-o', win32: 'pe' }

function checkKind(kind: ArtifactKind): void {
  const native = nativeTo[process.platform] ?? 'elf'
  if (kind === 'javascript' || kind === native || (kind === 'script' && process.platform !== 'win32')) return
  throw new MortiseError(
    'PROCESS_NOT_STARTED',
    `Cannot plug the artifact: it is of kind '${kind}', and this system (${process.platform}) runs programs of kind '${native}'`,
  )
}

export type { ProcessEvent, ProcessOptions } from './options.ts'
export type { ProcessUnit } from '../units.ts'
