import { MortiseError } from '../../errors.ts'
import { assemble, type Line } from '../binary/assemble.ts'
import type { ModuleInfo } from '../binary/module.ts'
import { addBrackets } from './bracket.ts'
import { divideBulk } from './bulk.ts'
import { analyseCalls, type Calls } from './calls.ts'
import { checkDeadline } from './deadline.ts'
import { markStores } from './dirty.ts'
import { ModuleEdit } from './edit.ts'
import { burnFuel } from './fuel.ts'
import { isSavable, type MutableGlobal, saveGlobals } from './globals.ts'
import { capMemories, countPages } from './memory.ts'
import { hidden } from './names.ts'
import { type Scan, scan } from './scan.ts'
import { addRestore, addSave, addShadow } from './shadow.ts'
import { capTables } from './tables.ts'

/** What is compiled into a guest. Whatever is off leaves no trace in its code. */
export interface Features {
  /** Bytes, over all memories of the module. */
  readonly memory: number
  /** Look at the running call's word, so that a watchdog can end it. */
  readonly deadline: boolean
  /** Burn fuel, and end when there is none left. */
  readonly fuel: boolean
  /**
   * Mark the pages that are written to, so that a restore costs what was written and not what there is. Or that only in modules that
   * look like commands, which are likely to be restored after every call.
   */
  readonly dirty: boolean | 'commands'
}

/** A module as it is compiled, and what the checkpoint must know of it. */
export interface Rewritten {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly features: Features
  readonly scan: Scan
  /** Mutable globals that only JavaScript can save, which are exported under `hidden.global(index)`. */
  readonly references: readonly MutableGlobal[]
  /** The largest size of each memory, in pages. */
  readonly maxPages: readonly number[]
}

/**
 * Makes of a guest's module the one that is compiled: everything that a checkpoint must save can be reached, the memory has
 * a maximum, its size is counted by us, the start function waits until it is called, and the limits that are on are in the
 * code.
 *
 * @throws MortiseError `MEMORY_LIMIT`, `MODULE_INVALID`, `MODULE_UNSUPPORTED`
 */
export function rewrite(module: ModuleInfo, features: Features): Rewritten {
  const facts = scan(module)
  const edit = new ModuleEdit(module)
  refuseOurNames(module)
  const maxPages = capMemories(module, edit, features.memory)
  capTables(module, edit)
  const globals: MutableGlobal[] = []
  for (const [index, { mutable, value }] of module.globals.entries()) if (mutable) globals.push({ index, value })
  const calls: Calls | undefined = features.deadline || features.fuel ? analyseCalls(module) : undefined
  let words: number | undefined
  if (features.deadline && calls !== undefined) {
    edit.importMemories(hidden.module, hidden.memory)
    words = edit.importShared(hidden.module, hidden.words)
    checkDeadline(edit, words, calls)
  }
  let pages: readonly Line[] = [['memory.size', 0]]
  let refused: number | undefined
  if (facts.sizesMemory) {
    const count = countPages(edit, module.memories[0]?.min ?? 0, maxPages[0] ?? 0, words)
    for (const index of count.globals) globals.push({ index, value: 'i32' })
    ;({ pages, refused } = count)
    edit.export(
      hidden.pages,
      'func',
      edit.function({ params: [], results: ['i32'] }, (out) => void assemble(out, ...pages)),
    )
  }
  const restoreGlobals = saveGlobals(edit, globals.filter(isSavable))
  const fuel = features.fuel && calls !== undefined ? burnFuel(edit, calls) : undefined
  let map: number | undefined
  let restore: number | undefined
  if ((features.dirty === 'commands' ? looksLikeCommand(module) : features.dirty) && module.memories.length > 0) {
    const shadow = addShadow(edit, maxPages[0] ?? 0)
    map = shadow.memory
    addSave(edit, shadow, pages)
    restore = addRestore(edit, shadow, restoreGlobals)
    markStores(edit, map)
    edit.export(hidden.shadow, 'memory', map)
  }
  if (facts.bulk && (words ?? map ?? fuel) !== undefined) divideBulk(edit, { words, map, fuel })
  addBrackets(edit, { words, fuel, refused, restore, pages: facts.sizesMemory ? pages : undefined })
  const references = globals.filter((global) => !isSavable(global))
  for (const { index } of references) edit.export(hidden.global(index), 'global', index)
  for (const index of module.memories.keys()) edit.export(hidden.memory(index), 'memory', index)
  refuseExceptionTables(module, facts)
  for (const index of facts.writtenTables) edit.export(hidden.table(index), 'table', index)
  if (module.start !== undefined) {
    edit.export(hidden.start, 'func', module.start)
    edit.dropStart()
  }
  return { bytes: edit.emit(), features, scan: facts, references, maxPages }
}

function looksLikeCommand({ exports }: ModuleInfo): boolean {
  const has = (wanted: string): boolean => exports.some(({ name }) => name === wanted)
  return has('_start') && !has('_initialize')
}

/** JavaScript can neither read nor write an entry that is an exception, so no checkpoint could keep it. */
function refuseExceptionTables({ tables }: ModuleInfo, { writtenTables }: Scan): void {
  const index = tables.findIndex(({ element }, table) => element.includes('exn') && writtenTables.has(table))
  if (index < 0) return
  throw new MortiseError(
    'MODULE_UNSUPPORTED',
    `Cannot take the module: table ${index} of exnref is written to, and a host can neither save nor restore exceptions. Build it without`,
  )
}

function refuseOurNames({ imports, exports }: ModuleInfo): void {
  const names = [...exports.map(({ name }) => name), ...imports.map(({ module }) => module)]
  const ours = names.find((name) => name.startsWith(hidden.prefix))
  if (ours === undefined) return
  throw new MortiseError(
    'MODULE_UNSUPPORTED',
    `Cannot take the module: it uses the name '${ours}', and those that begin with '${hidden.prefix}' are the host's. Rename it`,
  )
}
