import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseSize } from '../limits.ts'
import { checkKeys, checkOption } from '../options.ts'
import type { Secrets } from './app-secret.ts'

/**
 * Secrets of an object, by their names.
 *
 * @throws MortiseError `OPTION_INVALID`
 * @example
 * ```ts
 * import { objectSecrets } from 'mortise/storages'
 *
 * console.log(objectSecrets({ 'mail.password': 'quite secret' }).get('mail.password'))
 * ```
 */
export function objectSecrets(secrets: Readonly<Record<string, string>>): Secrets {
  checkKeys(secrets, Object.keys(secrets), 'objectSecrets()')
  for (const [name, secret] of Object.entries(secrets)) checkOption(name, secret, typeof secret === 'string', 'a text')
  const all = new Map(Object.entries(secrets))
  return { get: (name) => all.get(name) }
}

/**
 * Secrets of the process's environment: those variables whose names begin with a prefix, and no other.
 *
 * @param prefix - what comes before a secret's name, such as `APP_SECRET_`; never empty, since guests could read all variables then
 * @throws MortiseError `OPTION_INVALID`
 */
export function environmentSecrets(prefix: string): Secrets {
  checkOption('prefix', prefix, typeof prefix === 'string' && prefix !== '', 'a text, such as APP_SECRET_')
  return { get: (name) => process.env[`${prefix}${name}`] }
}

/**
 * Secrets of a folder in which each file is one, as containers get them: the file's name is the secret's, its whole content the
 * secret. A file is read anew each time, so that a secret can change.
 *
 * @param folder - its path
 * @param options - `size`: the most bytes that a secret may have; default 64 KiB
 * @returns secrets; `get` throws for a file that cannot be read, that is no UTF-8 or that is larger
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
 */
export function folderSecrets(folder: string, options: { readonly size?: number | string } = {}): Secrets {
  checkOption('folder', folder, typeof folder === 'string' && folder !== '', 'the path of a folder')
  checkKeys(options, ['size'], 'folderSecrets()')
  const size = parseSize('size', options.size ?? '64 KiB', '64 KiB')
  return {
    get(name) {
      if (!isFileName(name)) return undefined
      const file = join(folder, name)
      const found = statSync(file, { throwIfNoEntry: false })
      if (found?.isFile() !== true) return undefined
      if (found.size > size) throw new Error(`the secret '${name}' has ${found.size} bytes, and may have ${size}`)
      return decoder.decode(readFileSync(file))
    },
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Guests name secrets: no name leads out of the folder, or to what it keeps for itself. */
const isFileName = (name: string): boolean => /^[^./\\\0][^/\\\0]{0,254}$/.test(name)
