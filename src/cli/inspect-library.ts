import type { Artifact } from '../artifact.ts'
import type { Image } from '../native/image/image.ts'
import { parse } from '../native/image/read.ts'
import { surfaceOf, versionOf } from '../native/image/surface.ts'
import type { Surface } from '../runtime.ts'
import { columns } from './format.ts'

/** What the file of a native library says. */
interface LibraryReport extends Pick<Image, 'format' | 'machine' | 'stays' | 'mayStay'>, Surface {
  /** The version of the native ABI. */
  readonly abi: number | undefined
}

/** Reads the file of a library for any machine; nothing of it runs. */
export function inspectLibrary(artifact: Artifact): LibraryReport {
  const image = parse(artifact)
  const { format, machine, stays, mayStay } = image
  return { format, machine, abi: versionOf(image), ...surfaceOf(image), stays, mayStay }
}

/** The same for people. */
export function printLibrary({
  format,
  machine,
  abi,
  contract,
  imports,
  exports,
  stays,
  mayStay,
}: LibraryReport): string {
  const facts: [string, string][] = [
    ['library', `${format} for ${machine}`],
    ['native ABI', abi === undefined ? 'none' : `version ${abi}`],
  ]
  if (contract !== undefined) facts.push(['contract', contract])
  if (stays !== undefined) facts.push(['unloads', `never: ${stays}`])
  else if (mayStay !== undefined) facts.push(['unloads', `perhaps not: ${mayStay}`])
  const list = (title: string, ports: Surface['exports']): string =>
    `${title}: ${ports.length}\n${columns(ports.map(({ name, type }) => [name, type]))}`
  return columns(facts, '') + list('host functions', imports) + list('exports', exports)
}
