import { readFileSync } from 'node:fs'

// oxlint-disable-next-line no-unsafe-type-assertion -- it is our own
const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>
}

/**
 * Loads a peer when a bench needs it. Its types are written out in the file that uses it, so that everything else works
 * without the peers installed.
 */
export async function load<T>(specifier: string): Promise<T> {
  // oxlint-disable-next-line no-unsafe-type-assertion -- the caller says what it uses of the peer
  return (await import(specifier)) as T
}

/** `name@version`, as bench/package.json pins it. */
export function pinned(dependency: string): string {
  const version = dependencies[dependency] ?? 'unknown'
  return version.startsWith('npm:') ? version.slice(4) : `${dependency}@${version}`
}
