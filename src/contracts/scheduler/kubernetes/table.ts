import { fields } from './fields.ts'

/** How often a field may be there. */
export type Repetition = 'single' | 'list' | 'map'

/** A field of a message. */
export interface Field {
  readonly number: number
  /** Its name in JSON. */
  readonly name: string
  /** A scalar, or the name of a message. */
  readonly type: string
  readonly repetition: Repetition
  /** It is written even where it is empty. */
  readonly always: boolean
  /** Its own fields stand among those of its message in JSON. */
  readonly inline: boolean
}

/** The messages by name, each with its fields in the order of their numbers. */
export const messages: ReadonlyMap<string, readonly Field[]> = new Map(
  fields
    .trim()
    .split('\n')
    .map((line) => {
      const [message = '', list = ''] = line.split(': ')
      return [message, list.split(', ').map(parse)]
    }),
)

function parse(text: string): Field {
  const [number = '', name = '', type = ''] = text.split(' ')
  const [, scalar = '', suffix, always] = /^(\w+)(\[\]|\{\})?(!)?$/.exec(type) ?? []
  return {
    number: Number(number),
    name: name.replace('...', ''),
    type: scalar,
    repetition: suffix === '[]' ? 'list' : suffix === '{}' ? 'map' : 'single',
    always: always === '!',
    inline: name.startsWith('...'),
  }
}
