/** `opaqueId` as WIT spells it: `opaque-id`. */
export function kebabCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** `opaque-id` as JavaScript spells it: `opaqueId`. */
export function camelCase(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** `user-id` as the name of a class or type: `UserId`. */
export function pascalCase(name: string): string {
  const camel = camelCase(name)
  return `${camel.slice(0, 1).toUpperCase()}${camel.slice(1)}`
}

/** A field, a flag, a parameter, a function or a value: `opaqueId`. */
export function isMemberName(name: unknown): boolean {
  return typeof name === 'string' && /^[a-z][a-zA-Z0-9]*$/.test(name)
}

/** A type or a case: `user-id`, or as a member is named. */
export function isTypeName(name: unknown): boolean {
  return isMemberName(name) || (typeof name === 'string' && /^[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*$/.test(name))
}

/** Names that no guest could give to a function, a parameter or a field in one of its languages. */
const reserved: ReadonlySet<string> = new Set(
  `arguments await break case catch class const constructor continue debugger default delete do else enum eval export
   extends false finally for function if implements import in instanceof interface let new null package private protected
   prototype public return static super switch this throw true try typeof undefined var void while with yield`.split(
    /\s+/,
  ),
)

/** Whether a member may not have a name: the reserved words of JavaScript. */
export function isReserved(name: string): boolean {
  return reserved.has(name)
}

/** What else an export may not be called: `memory` is one already, and a module that exports `then` is taken for a promise. */
export function isReservedExport(name: string): boolean {
  return name === 'memory' || name === 'then'
}
