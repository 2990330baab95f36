import { readFile, realpath } from 'node:fs/promises'
import { createRequire, isBuiltin } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { reasonOf } from '../errors.ts'
import { refuseImport, withoutPlace } from './refusal.ts'
import type { Language } from './transform.ts'

const languages: Readonly<Record<string, Language | 'json'>> = {
  '.js': 'js',
  '.mjs': 'js',
  '.ts': 'ts',
  '.mts': 'ts',
  '.json': 'json',
}

/** What the name of a file says that it is; `undefined` where it says nothing that is known here. */
export function languageOf(url: string): Language | 'json' | undefined {
  const extension = /\.\w+$/.exec(new URL(url).pathname)?.[0]
  return extension === undefined ? undefined : languages[extension]
}

/** Whether a specifier names a file of the guest's own, not something that Node's loader finds. */
export const isRelative = (specifier: string): boolean => /^\.{0,2}\//.test(specifier)

/** The URL of a file of the guest's own. */
export function resolveFile(specifier: string, importer: string): string {
  if (importer.startsWith('file:')) return new URL(specifier, importer).href
  return refuseImport(specifier, importer, withoutPlace)
}

/** Where a file really is: what it imports starts there. */
export async function realUrl(url: string): Promise<string> {
  const { search } = new URL(url)
  return pathToFileURL(await realpath(fileURLToPath(url))).href + search
}

/** Reads a file that a module imports: `MODULE_REFUSED` for one that is not there, or of no kind that is loaded here. */
export async function readImport(
  url: string,
  importer: string,
): Promise<{ url: string; source: string; language: Language | 'json' }> {
  const language = languageOf(url)
  if (language === undefined) {
    const kinds = Object.keys(languages).join(', ')
    const what = `what is imported by a relative path ends in ${kinds}. Import others from a package, or by createRequire`
    return refuseImport(url, importer, what)
  }
  try {
    return { url: await realUrl(url), source: await readFile(fileURLToPath(url), 'utf8'), language }
  } catch (cause) {
    return refuseImport(url, importer, reasonOf(cause), cause)
  }
}

/** `import.meta` of a module. */
export function importMeta(url: string): object {
  const filename = url.startsWith('file:') ? fileURLToPath(url) : undefined
  return {
    url,
    ...(filename !== undefined && { filename, dirname: dirname(filename) }),
    main: false,
    resolve(specifier: string): string {
      if (isRelative(specifier)) return resolveFile(specifier, url)
      if (isBuiltin(specifier)) return specifier.startsWith('node:') ? specifier : `node:${specifier}`
      if (URL.canParse(specifier)) return specifier
      if (filename === undefined) return resolveFile(specifier, url)
      return pathToFileURL(createRequire(url).resolve(specifier)).href
    },
  }
}
