import type { LinearMemory } from '../../units.ts'
import type { CoreFunction, Machine } from './abi/compile.ts'
import { Latin1Utf16 } from './abi/latin1-utf16.ts'
import { Lifter } from './abi/lifter.ts'
import { Lowerer, type Realloc } from './abi/lowerer.ts'
import type { Encoding, Text } from './abi/text.ts'
import { Utf16 } from './abi/utf16.ts'
import { Utf8 } from './abi/utf8.ts'
import { Views } from './abi/views.ts'

const encodings: { readonly [E in Encoding]: new (views: Views) => Text } = {
  utf8: Utf8,
  utf16: Utf16,
  'latin1+utf16': Latin1Utf16,
}

/** What an instance brings to its codec. */
export interface MachineParts {
  readonly memory: LinearMemory
  readonly encoding: Encoding
  readonly realloc: Realloc
  /** Finds a function of the guest, by the name of the contract. */
  readonly core: (name: string) => CoreFunction
  /** Finds what is called once the result of a function was read. */
  readonly after: (name: string) => CoreFunction | undefined
}

/** What compiled code works with for one instance. */
export function makeMachine(
  names: readonly string[],
  { memory, encoding, realloc, core, after }: MachineParts,
): Machine {
  const views = new Views(memory)
  const text = new encodings[encoding](views)
  return {
    views,
    text,
    lifter: new Lifter(views),
    lowerer: new Lowerer(views, text, realloc),
    core: Object.fromEntries(names.map((name) => [name, core(name)])),
    after: Object.fromEntries(names.map((name) => [name, after(name)])),
  }
}
