import type { Entry } from './entry.ts'
import { quote, unsafe } from './refused.ts'

/** As many links in a row as Linux follows. */
const mostHops = 40

/** What an archive says so far of what lies where, so that no two entries mean different things by one path. */
export class Tree {
  readonly #kinds = new Map<string, Entry['kind']>()
  readonly #targets = new Map<string, string>()
  readonly #outside: boolean

  /** @param outside - links may lead out */
  constructor(outside: boolean) {
    this.#outside = outside
  }

  /** @throws MortiseError `CODE_UNSAFE` where something else lies there, or on the way there */
  add(names: readonly string[], entry: Entry): void {
    for (let length = 1; length < names.length; length++) this.#put(names.slice(0, length), 'folder')
    this.#put(names, entry.kind)
    if (entry.kind === 'link') this.#targets.set(key(names), entry.target)
  }

  /** Whether a file lies there, under its first name. */
  isFile(names: readonly string[]): boolean {
    return this.#kinds.get(key(names)) === 'file'
  }

  /**
   * Follows a link as a system would, through all others, once all entries are known.
   *
   * @throws MortiseError `CODE_UNSAFE` where it leads out of the folder, or in a circle
   */
  checkLink(names: readonly string[], target: string): void {
    if (target === '' || target.includes('\0')) throw unsafe(`the link ${show(names)} leads nowhere`)
    if (this.#outside) return
    const at = names.slice(0, -1)
    const ahead = target.split('/').toReversed()
    if (leadsFromRoot(target)) throw leadsOut(names, target)
    let hops = 0
    for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
      if (name === '' || name === '.') continue
      if (name === '..') {
        if (at.pop() === undefined) throw leadsOut(names, target)
        continue
      }
      at.push(name)
      const next = this.#targets.get(key(at))
      if (next === undefined) continue
      if (leadsFromRoot(next)) throw leadsOut(names, target)
      if (++hops > mostHops) throw unsafe(`the link ${show(names)} leads in a circle`)
      at.pop()
      ahead.push(...next.split('/').toReversed())
    }
  }

  #put(names: readonly string[], kind: Entry['kind']): void {
    const known = this.#kinds.get(key(names))
    if (known !== undefined && known !== kind)
      throw unsafe(`${show(names)} is a ${known} in one place of it, and a ${kind} in another`)
    this.#kinds.set(key(names), kind)
  }
}

/** Such systems take names for the same that differ in case, or in how an accent is spelt. */
const folds = process.platform === 'darwin' || process.platform === 'win32'

function key(names: readonly string[]): string {
  const path = names.join('/')
  return folds ? path.normalize('NFC').toLowerCase() : path
}

const leadsFromRoot = (target: string): boolean => /^[/\\]|^[A-Za-z]:|\\/.test(target)

const leadsOut = (names: readonly string[], target: string): Error =>
  unsafe(`the link ${show(names)} leads out of its folder, to ${quote(target)}`)

const show = (names: readonly string[]): string => quote(names.join('/'))
