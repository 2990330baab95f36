import { messages } from '../../../../src/contracts/scheduler/kubernetes/table.ts'

type Filled = Readonly<Record<string, unknown>>

/**
 * An object with a value of its own in every field of every message that it may hold, two in every list and map.
 *
 * @param type - `Pod` or `Node`
 */
export function filledObject(type: string): Filled {
  let count = 0
  const values: Readonly<Record<string, () => unknown>> = {
    string: () => `text-${count}`,
    bool: () => count % 2 === 0,
    int32: () => count * (count % 3 === 0 ? -1 : 1),
    int64: () => count * 1_000_003 * (count % 3 === 0 ? -1 : 1),
    Quantity: () =>
      [`${count}m`, `${count}Ki`, `${count}.5`, `${count}e3`, `${count * 1024}Mi`, `.${count}k`][count % 6],
    Time: () => new Date(count * 1e9).toISOString(),
    IntOrString: () => (count % 2 === 0 ? count : `port-${count}`),
    FieldsV1: () => ({ 'f:spec': { [`f:field-${count}`]: {} } }),
  }
  const fill = (name: string): unknown => {
    count++
    const scalar = values[name]
    return scalar === undefined ? objectOf(name) : scalar()
  }
  const objectOf = (name: string): Filled => {
    const object: Record<string, unknown> = {}
    for (const field of messages.get(name) ?? []) {
      if (field.inline) Object.assign(object, objectOf(field.type))
      else if (field.repetition === 'list') object[field.name] = [fill(field.type), fill(field.type)]
      else if (field.repetition === 'map') object[field.name] = { beta: fill(field.type), alpha: fill(field.type) }
      else object[field.name] = fill(field.type)
    }
    return object
  }
  return objectOf(type)
}
