import { basename, extname, resolve } from 'node:path'

/** A plugin's name, from where its artifact lies. */
export function guestName(path: string): string {
  const name = basename(resolve(path), extname(path)).replace(/[^A-Za-z0-9._-]/g, '-')
  return /^[A-Za-z0-9]/.test(name) ? name.slice(0, 100) : 'guest'
}
