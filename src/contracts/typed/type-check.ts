import { layoutOf } from './abi/layout.ts'
import { partsOf } from './abi/weight.ts'
import { isMemberName, isReserved, isTypeName, kebabCase } from './names.ts'
import type { NamedType, Type } from './types.ts'
import { describeNamed, witType } from './describe.ts'

/** How many types a type may hold inside itself, one in the other. */
const deepest = 64
/** How many bytes a value may take beside its strings and lists. */
const largest = 65_536
/** How many types without a name may be inside one another. */
const mostMentions = 1000
/** The largest number of flags of the canonical ABI, which holds them in 32 bits. */
const mostFlags = 32

const scalars: ReadonlySet<string> = new Set('bool u8 s8 u16 s16 u32 s32 u64 s64 f32 f64 char string'.split(' '))

/** Checks the types of one contract and collects those that have a name. */
export class TypeChecker {
  readonly #named = new Map<string, { readonly type: NamedType; readonly says: string }>()
  /** How many types stand in the text of a type, where those with a name are mentioned by it. */
  readonly #mentions = new Map<Type, number>()
  readonly #open: Type[] = []
  readonly #invalid: (why: string) => never

  constructor(invalid: (why: string) => never) {
    this.#invalid = invalid
  }

  /** The types with a name, each after those that it mentions. */
  get found(): readonly NamedType[] {
    return [...this.#named.values()].map(({ type }) => type)
  }

  /** Checks a type and all that it holds, and returns it. */
  check(type: Type, where: string): Type {
    const { kind } = this.#known(type, where)
    if (scalars.has(kind) || this.#mentions.has(type)) return type
    if (this.#open.includes(type)) this.#refuse(`the type of ${where} holds itself`)
    if (this.#open.length >= deepest)
      this.#refuse(`the type of …${where.slice(-60)} lies more than ${deepest} types deep`)
    this.#open.push(type)
    this.#parts(type, where)
    this.#open.pop()
    const { size } = layoutOf(type)
    if (size > largest)
      this.#refuse(`the type of ${where} takes ${size} bytes even where its lists are empty, and may take ${largest}`)
    const mentions = 'name' in type ? 1 : partsOf(type).reduce((sum, part) => sum + (this.#mentions.get(part) ?? 1), 1)
    if (mentions > mostMentions)
      this.#refuse(
        `the type of ${where} is too large to be written down: give a name to a part of it, as a record has one`,
      )
    this.#mentions.set(type, mentions)
    if ('name' in type) this.#collect(type, where)
    return type
  }

  #known(type: unknown, where: string): { readonly kind: string } {
    if (typeof type === 'object' && type !== null && 'kind' in type && typeof type.kind === 'string') {
      if (scalars.has(type.kind) || compound.has(type.kind)) return { kind: type.kind }
    }
    return this.#refuse(`${where} has no type: give one such as string, u32 or list(string)`)
  }

  #parts(type: Type, where: string): void {
    switch (type.kind) {
      case 'list':
        this.check(type.element, `an element of ${where}`)
        break
      case 'option':
        this.check(type.some, where)
        break
      case 'result':
        if (type.ok !== null) this.check(type.ok, `'ok' of ${where}`)
        if (type.err !== null) this.check(type.err, `'err' of ${where}`)
        break
      case 'tuple':
        if (type.items.length === 0) this.#refuse(`the tuple of ${where} is empty`)
        for (const [index, item] of type.items.entries()) this.check(item, `item ${index} of ${where}`)
        break
      case 'record':
        this.#names(type, Object.keys(type.fields), 'field', isMemberName)
        for (const [name, field] of Object.entries(type.fields)) this.check(field, `field '${name}' of '${type.name}'`)
        break
      case 'variant':
        this.#names(type, Object.keys(type.cases), 'case', isTypeName)
        for (const [name, held] of Object.entries(type.cases)) {
          if (held !== null) this.check(held, `case '${name}' of '${type.name}'`)
        }
        break
      case 'enum':
        this.#names(type, type.cases, 'case', isTypeName)
        break
      case 'flags':
        this.#names(type, type.flags, 'flag', isMemberName)
        if (type.flags.length > mostFlags)
          this.#refuse(`'${type.name}' has ${type.flags.length} flags, and may have ${mostFlags}`)
        break
      default:
    }
  }

  #names(type: NamedType, names: readonly string[], what: string, fits: (name: unknown) => boolean): void {
    const own = `${type.kind} '${type.name}'`
    if (!isTypeName(type.name)) this.#refuse(`the name of ${own} is not in kebab-case, such as 'user-id'`)
    if (names.length === 0) this.#refuse(`${own} has no ${what}s`)
    const seen = new Set<string>()
    for (const name of names) {
      if (!fits(name)) {
        const form =
          fits === isTypeName ? "kebab-case or camelCase, such as 'not-found'" : "camelCase, such as 'opaqueId'"
        this.#refuse(`the name of ${what} '${name}' of ${own} is not in ${form}`)
      }
      if (fits === isMemberName && isReserved(name))
        this.#refuse(`no ${what} of ${own} may be called '${name}': it is a reserved word of JavaScript`)
      if (seen.has(kebabCase(name))) this.#refuse(`'${kebabCase(name)}' is the name of more than one ${what} of ${own}`)
      seen.add(kebabCase(name))
    }
  }

  #collect(type: NamedType, where: string): void {
    const name = kebabCase(type.name)
    const says = JSON.stringify([type.kind, type.name, describeNamed(type)])
    const known = this.#named.get(name)
    if (known === undefined) this.#named.set(name, { type, says })
    else if (known.says !== says)
      this.#refuse(`'${type.name}' is the name of two different types, one of them that of ${where}: ${witType(type)}`)
  }

  #refuse(why: string): never {
    return this.#invalid(why)
  }
}

const compound: ReadonlySet<string> = new Set('list option result tuple record variant enum flags'.split(' '))
