import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { artifactKind } from '../artifact.ts'
import { MortiseError } from '../errors.ts'

/** A program as it was posted to `/init`. */
export interface Posted {
  readonly bytes: Uint8Array
  /** On top of the environment of all programs. */
  readonly env: Readonly<Record<string, string>>
}

/** A program in a folder of its own, which only this user can read. */
export interface Placed {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  dispose(): Promise<void>
}

/** Bytes of a program, as OpenWhisk's own limit; and of a body with one, in base64 and with room for its environment. */
const largestProgram = 48 * 2 ** 20
export const largestInit: number = Math.ceil((largestProgram * 4) / 3) + 2 ** 20

/** Reads the body of `/init`: `{"value":{"code","binary","env"}}`. Refuses with `EVENT_INVALID`. */
export function readPosted(body: Buffer): Posted {
  const { value } = fields(parse(body.toString()), 'it')
  const { code, binary, env } = fields(value ?? {}, "'value'")
  if (typeof code !== 'string' || code === '') refuse("it has no program as text in 'value.code'")
  const bytes = Buffer.from(code, binary === true ? 'base64' : 'utf8')
  if (binary === true && !isBase64(code)) refuse("'value.code' is not base64, which 'value.binary' says it is")
  if (bytes.length > largestProgram) refuse(`its program takes ${bytes.length} bytes, and may take ${largestProgram}`)
  return { bytes, env: environment(env) }
}

/**
 * Writes a program to where it can be started from: `ARTIFACT_UNKNOWN`. A module for Node finds the package that this file is part of by
 * its name.
 */
export async function placeProgram({ bytes }: Posted): Promise<Placed> {
  const kind = artifactKind(bytes)
  const module = kind === 'javascript'
  if (!module && kind !== 'script' && kind !== 'elf' && kind !== 'mach-o' && kind !== 'pe') {
    throw new MortiseError(
      'ARTIFACT_UNKNOWN',
      `Cannot start what was posted: its bytes are of kind '${kind}'. Post an executable, a script that begins with #!, or a module for Node`,
    )
  }
  const folder = await privateFolder()
  const file = join(folder, module ? 'exec.mjs' : kind === 'pe' ? 'exec.exe' : 'exec')
  await writeFile(file, bytes, { mode: 0o700 })
  return placed(folder, file, module)
}

/** In a checkout the package is its sources, which are found under a condition of their own. */
const conditions = import.meta.url.endsWith('.ts') ? ['--conditions=source'] : []

/** A folder that only this user can read. */
export const privateFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'mortise-takeover-'))

/**
 * A program that lies in such a folder.
 *
 * @param module - it is for Node, and finds this package beside its own
 */
export async function placed(folder: string, file: string, module: boolean): Promise<Placed> {
  const packages = join(folder, 'node_modules')
  if (module) {
    await mkdir(packages, { recursive: true })
    await symlink(fileURLToPath(new URL('../..', import.meta.url)), join(packages, 'mortise'), 'junction').catch(
      ownCopy,
    )
  }
  return {
    command: module ? process.execPath : file,
    args: module ? [...conditions, file] : [],
    cwd: dirname(file),
    dispose: () => rm(folder, { recursive: true, force: true }),
  }
}

/** It has brought the package with it. */
function ownCopy(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
}

/** As the platform has it: what is not text is spelled as JSON. */
function environment(given: unknown): Record<string, string> {
  const named = Object.entries(fields(given ?? {}, "'value.env'"))
  const texts = named.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const)
  const wrong = texts.find(([name, text]) => !/^[^=\0]+$/.test(name) || text.includes('\0'))
  if (wrong !== undefined) refuse(`an environment cannot hold '${wrong[0]}' of its 'value.env'`)
  return Object.fromEntries(texts)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    return refuse(`it is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

function fields(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (isFields(value)) return value
  return refuse(`${what} is not a JSON object`)
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** With line breaks, as the command `base64` writes them, or the spaces that a shell makes of them. */
const isBase64 = (text: string): boolean => /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text)

function refuse(why: string): never {
  throw new MortiseError('EVENT_INVALID', `Cannot read the posted program: ${why}`)
}
