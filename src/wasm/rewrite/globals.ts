import { assemble } from '../binary/assemble.ts'
import { type ModuleEdit, zeros } from './edit.ts'
import { hidden } from './names.ts'

/** A mutable global and its type, as the text format spells it. */
export interface MutableGlobal {
  readonly index: number
  readonly value: string
}

/** Whether a global has a type with a zero or a null: then the module itself can save it, in a global of the same type. */
export const isSavable = ({ value }: MutableGlobal): boolean => value in zeros

/**
 * Adds `() -> ()` functions that save the values of globals and bring them back. JavaScript could do neither for a v128 or
 * an exception, nor for the bits of a NaN.
 *
 * @returns the index of the function that brings them back
 */
export function saveGlobals(edit: ModuleEdit, globals: readonly MutableGlobal[]): number | undefined {
  if (globals.length === 0) return undefined
  const copies = globals.map(({ index, value }) => ({ index, copy: edit.global(value) }))
  const type = { params: [], results: [] }
  const save = edit.function(type, (out) => {
    for (const { index, copy } of copies) assemble(out, ['global.get', index], ['global.set', copy])
  })
  const restore = edit.function(type, (out) => {
    for (const { index, copy } of copies) assemble(out, ['global.get', copy], ['global.set', index])
  })
  edit.export(hidden.saveGlobals, 'func', save)
  edit.export(hidden.restoreGlobals, 'func', restore)
  return restore
}
