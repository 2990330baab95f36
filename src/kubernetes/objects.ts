/** An object of Kubernetes with a name, as JSON has it. What else is in it is checked where it is used. */
export type NamedObject = Readonly<Record<string, unknown>> & {
  readonly metadata: { readonly name: string; readonly namespace?: string }
}

/** A field of what may be anything. */
export function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  const field: unknown = Reflect.get(value, name)
  return field
}

/** Whether a value is an object with a name. */
export function isNamed(value: unknown): value is NamedObject {
  const name = fieldOf(fieldOf(value, 'metadata'), 'name')
  return typeof name === 'string' && name !== ''
}

/** What an object is known by among those of its kind. */
export function keyOf({ metadata: { namespace, name } }: NamedObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`
}

/** Where an object was changed last; the empty text where it does not say. */
export function versionOf(value: unknown): string {
  const version = fieldOf(fieldOf(value, 'metadata'), 'resourceVersion')
  return typeof version === 'string' ? version : ''
}
