import { opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { reasonOf } from '../errors.ts'
import { importsTenon } from './javascript.ts'
import { type FoundFile, isProgram, readInside } from './program.ts'
import { notRunnable } from './refused.ts'

/** What in a folder is to be plugged. */
export type Entry =
  | { readonly kind: 'program' | 'wasm' | 'assemblyscript'; readonly file: FoundFile }
  | { readonly kind: 'javascript'; readonly file: FoundFile; readonly main: string }

/** What Node loads, in the order in which it is looked for. */
const extensions = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts']

/** The sentence of OpenWhisk's runtime for Node. */
const nothingForNode = 'Zipped actions must contain either package.json or index.js at the root.'

/**
 * Finds what is run of an unpacked archive: a program or module by the name `exec`; what `package.json` names, or `index.js` and its
 * kin, or with `main` as `file.function` that file; `main.wasm`; the only module of WebAssembly that there is.
 *
 * @param main - as it was posted
 * @throws MortiseError `CODE_NOT_RUNNABLE`
 */
export async function findEntry(folder: string, main: string): Promise<Entry> {
  const exec = await readInside(folder, join(folder, 'exec'))
  if (exec !== undefined && isProgram(exec.kind)) return { kind: 'program', file: exec }
  if (exec?.kind === 'wasm-module') return { kind: 'wasm', file: exec }
  const node = await findForNode(folder, main)
  if (node !== undefined) return node
  const wasm = (await readInside(folder, join(folder, 'main.wasm'))) ?? (await onlyWasm(folder))
  if (wasm?.kind === 'wasm-module') return { kind: 'wasm', file: wasm }
  const execIs = exec === undefined ? '' : `, and what it holds as 'exec' is of kind '${exec.kind}'`
  throw notRunnable(
    `the archive holds none of exec, package.json, index.js (or .mjs, .cjs, .ts, .mts, .cts), main.wasm and a single .wasm file${execIs}`,
    { output: nothingForNode },
  )
}

async function findForNode(folder: string, main: string): Promise<Entry | undefined> {
  const [, name, inner] = /^([^.]+)\.(.+)$/.exec(main) ?? []
  if (name !== undefined && inner !== undefined) {
    const file = await first(
      folder,
      extensions.map((extension) => name + extension),
    )
    if (file !== undefined) return entryOf(file, inner)
  }
  const named = await mainOfPackage(folder)
  const candidates =
    named === undefined ? [] : [named, ...extensions.flatMap((one) => [named + one, join(named, `index${one}`)])]
  const file = await first(folder, [...candidates, ...extensions.map((extension) => `index${extension}`)])
  if (file !== undefined) return entryOf(file, main)
  if (named !== undefined)
    throw notRunnable(`package.json names '${named}' as its main, which the archive does not hold`, {
      output: nothingForNode,
    })
  return undefined
}

function entryOf(file: FoundFile, main: string): Entry {
  if (file.kind === 'wasm-module') return { kind: 'wasm', file }
  if (file.path.endsWith('.ts') && importsTenon(Buffer.from(file.bytes).toString()))
    return { kind: 'assemblyscript', file }
  return { kind: 'javascript', file, main }
}

async function first(folder: string, names: readonly string[]): Promise<FoundFile | undefined> {
  for (const name of names) {
    const file = await readInside(folder, join(folder, name))
    if (file !== undefined) return file
  }
  return undefined
}

async function mainOfPackage(folder: string): Promise<string | undefined> {
  const { main } = await readPackage(folder, folder)
  return typeof main === 'string' && main !== '' ? main : undefined
}

/** The `package.json` of a folder; nothing where there is none. */
export async function readPackage(
  root: string,
  folder: string,
): Promise<{ readonly main?: unknown; readonly type?: unknown }> {
  const file = await readInside(root, join(folder, 'package.json'))
  if (file === undefined) return {}
  try {
    const json: unknown = JSON.parse(Buffer.from(file.bytes).toString())
    return typeof json === 'object' && json !== null ? json : {}
  } catch (cause) {
    throw notRunnable(`its package.json is not JSON: ${reasonOf(cause)}`, { cause })
  }
}

async function onlyWasm(folder: string): Promise<FoundFile | undefined> {
  const paths: string[] = []
  await collectWasm(folder, paths)
  const [path] = paths
  return path === undefined || paths.length > 1 ? undefined : readInside(folder, path)
}

/** Links are not followed: they may lead up. */
async function collectWasm(folder: string, paths: string[]): Promise<void> {
  for await (const entry of await opendir(folder)) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await collectWasm(path, paths)
    else if (entry.isFile() && entry.name.endsWith('.wasm')) paths.push(path)
  }
}
