import { GuestFault } from '../../fault.ts'
import type { KindParts } from './kind-parts.ts'

/** The names of packages as a kind of state has them. */
type Packages = Pick<KindParts<unknown>, 'full' | 'local'>

/** A package's full path, for the guest. */
export function fullPackage({ full }: Packages, pkg: string): string {
  return full === undefined || pkg === '' ? pkg : (full.get(pkg) ?? undefinedPackage(pkg))
}

/** A package's local name, for the host. */
export function localPackage({ local }: Packages, path: string): string {
  return local === undefined || path === '' ? path : (local.get(path) ?? undefinedPackage(path))
}

/** An entity as the host names it. */
export function localEntity(packages: Packages, entity: string): string {
  const dot = entity.lastIndexOf('.')
  if (dot < 0) throw new GuestFault('EXTENSION_NAME', `convert error: string «${entity}» to QName`)
  return packages.local === undefined ? entity : `${localPackage(packages, entity.slice(0, dot))}${entity.slice(dot)}`
}

function undefinedPackage(path: string): never {
  throw new GuestFault('EXTENSION_NAME', `undefined package: ${path}`)
}
