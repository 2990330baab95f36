import { MortiseError } from '../../errors.ts'
import { checkOption } from '../../options.ts'

/** The first parts of paths that are the server's own. */
const reserved: ReadonlySet<string> = new Set(['run', 'init', 'web', 'healthz', 'readyz', 'metrics', '_mortise'])
/** Parts that a mount may have; of a longer path no more are looked at. */
const parts = 8
const form = /^(?:\/|(?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,99}){1,8})$/

/** Whether a path is the server's own, whatever is mounted. */
export const isReserved = (path: string): boolean => reserved.has(path.split('/', 2)[1] ?? '')

/** The one parser of a mount: `OPTION_INVALID`. */
export function parseMount(mount: string): string {
  const wanted = "'/', or a path like '/shop' of up to 8 parts of letters, digits, '.', '_', '-' and '~'"
  checkOption('mount', mount, typeof mount === 'string' && form.test(mount), wanted)
  checkOption('mount', mount, !isReserved(mount), `none of /${[...reserved].join(', /')}, which are the server's`)
  return mount
}

/** Which plugin answers at which path: of several the one with the longest mount. */
export class Mounts {
  readonly #names = new Map<string, string>()

  /** The name of what is mounted exactly here. */
  at(mount: string): string | undefined {
    return this.#names.get(mount)
  }

  /**
   * The name of what answers at a path, which begins with a slash.
   *
   * @param answers - whether it does; who has taken a mount may not be there yet
   */
  find(path: string, answers: (name: string) => boolean): string | undefined {
    let end = 0
    for (let part = 0; part < parts && end !== -1; part++) end = path.indexOf('/', end + 1)
    const first = end === -1 ? path : path.slice(0, end)
    for (let mount = first; mount.length > 1; mount = mount.slice(0, mount.lastIndexOf('/'))) {
      const name = this.#names.get(mount)
      if (name !== undefined && answers(name)) return name
    }
    const name = this.#names.get('/')
    return name !== undefined && answers(name) ? name : undefined
  }

  /**
   * Mounts a plugin, perhaps where it is mounted already.
   *
   * @returns whether nothing was there before
   * @throws MortiseError `MOUNT_TAKEN`
   */
  take(mount: string, name: string): boolean {
    const there = this.#names.get(mount)
    if (there !== undefined && there !== name) {
      throw new MortiseError(
        'MOUNT_TAKEN',
        `Cannot mount '${name}' at '${mount}': '${there}' is there. Take another mount, or remove '${there}'`,
        { plugin: name },
      )
    }
    this.#names.set(mount, name)
    return there === undefined
  }

  free(mount: string): void {
    this.#names.delete(mount)
  }
}
