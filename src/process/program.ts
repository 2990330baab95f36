import { createHash } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Artifact } from '../artifact.ts'
import { reasonOf } from '../errors.ts'
import type { Setting } from '../runtime.ts'
import { checkEnvironment, holdable } from './environment.ts'
import { ProcessFault } from './fault.ts'
import type { ProcessSettings } from './options.ts'

/** What is started for an artifact, as often as it has to be. */
export interface Program {
  readonly command: string
  readonly args: readonly string[]
  /** The folder that the artifact lies in. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Says when it is ready, whatever the others do. */
  readonly acknowledges: boolean
  /** The first line that it gets. */
  readonly setup: string | undefined
  /** Fails with `PROCESS_NOT_STARTED` where the file is no longer the artifact. */
  check(): Promise<void>
  /** Clears away what was written for it. */
  dispose(): Promise<void>
}

/** Files that Node imports as they are, by its own rules. */
const importable: ReadonlySet<string> = new Set(['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'])

/** In a checkout this file and the launcher are TypeScript, in the package JavaScript. */
const launcher = fileURLToPath(
  new URL(`./launcher/launcher${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
)

/** By this a program knows that an acknowledgement is waited for. */
const acknowledge = { __OW_WAIT_FOR_ACK: '1' }

/**
 * Makes an artifact ready to be started. One with a path runs where it lies, with its neighbours; bytes run from a folder
 * of their own that only this user can read.
 *
 * @param settings - of the runtime
 * @param setting - of the plugin: its `config` goes on top of the runtime's `env`
 */
export async function makeProgram(
  artifact: Artifact,
  { env, ack, concurrency }: Pick<ProcessSettings, 'env' | 'ack' | 'concurrency'>,
  { config, adapter }: Pick<Setting<'process'>, 'config' | 'adapter'>,
): Promise<Program> {
  const script = artifact.kind === 'javascript'
  if (!script) checkEnvironment('config', config)
  const given = artifact.url === undefined ? undefined : fileURLToPath(artifact.url)
  const inPlace = given !== undefined && (!script || importable.has(extname(given)))
  const folder = inPlace ? undefined : await mkdtemp(join(tmpdir(), 'mortise-'))
  const place = folder ?? dirname(given ?? '')
  const files = inPlace ? [given] : await write(artifact, place)
  const [file = ''] = files
  return {
    command: script ? process.execPath : file,
    args: script ? [launcher] : [],
    cwd: place,
    env: Object.freeze({ ...(ack && acknowledge), ...env, ...holdable(config) }),
    acknowledges: script,
    setup: script
      ? JSON.stringify({ files: files.map((path) => pathToFileURL(path).href), config, concurrency, adapter })
      : undefined,
    check: () => (inPlace ? unchanged(file, artifact.digest) : Promise.resolve()),
    async dispose() {
      if (folder !== undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}

/** JavaScript that does not parse as that is TypeScript, so it is written as both. */
async function write({ bytes, kind }: Artifact, folder: string): Promise<readonly string[]> {
  const names = kind === 'javascript' ? ['guest.mjs', 'guest.mts'] : [kind === 'pe' ? 'guest.exe' : 'guest']
  const files = names.map((name) => join(folder, name))
  for (const file of files) {
    await writeFile(file, bytes)
    await chmod(file, 0o700)
  }
  return files
}

async function unchanged(file: string, digest: string): Promise<void> {
  let now: string
  try {
    now = createHash('sha256')
      .update(await readFile(file))
      .digest('hex')
  } catch (cause) {
    throw new ProcessFault(
      'PROCESS_NOT_STARTED',
      `its file '${file}' cannot be read any more: ${reasonOf(cause)}`,
      {},
      cause,
    )
  }
  if (now === digest) return
  throw new ProcessFault(
    'PROCESS_NOT_STARTED',
    `its file '${file}' was changed after it was plugged in. Swap the plugin to it`,
  )
}
