import { MortiseError } from '../../errors.ts'
import { constant } from '../binary/module.ts'
import type { ModuleInfo } from '../binary/module.ts'
import { Reader } from '../binary/reader.ts'
import { sizeLimits, valueType } from '../binary/types.ts'
import type { Writer } from '../binary/writer.ts'
import type { ModuleEdit } from './edit.ts'

/** The most entries that a table may have: they lie in V8's own memory, which no limit of the guest's reaches. */
const mostEntries = 100_000

const tableSection = 4

/**
 * Gives every table that the module defines a maximum.
 *
 * @throws MortiseError `MEMORY_LIMIT` for a table that begins larger
 */
export function capTables(module: ModuleInfo, edit: ModuleEdit): void {
  const large = module.tables.findIndex(({ min }) => min > mostEntries)
  if (large >= 0) {
    const asked = module.tables[large]?.min ?? 0
    throw new MortiseError(
      'MEMORY_LIMIT',
      `Cannot take the module: its table ${large} has ${asked} entries before it has run, and may have ${mostEntries}. Build it with less`,
      { asked, limit: mostEntries },
    )
  }
  const section = module.sections.find(({ id }) => id === tableSection)
  if (section === undefined) return
  edit.replaceSection(tableSection, (out) => {
    const reader = new Reader(module.bytes, section.body, section.end)
    const count = reader.u32()
    out.u32(count)
    for (let table = 0; table < count; table++) capTable(reader, out)
  })
}

/** Copies one table, with its maximum made smaller. */
function capTable(reader: Reader, out: Writer): void {
  const start = reader.offset
  const withInitial = reader.bytes[start] === 0x40
  if (withInitial) reader.skip(2)
  valueType(reader)
  out.raw(reader.bytes.subarray(start, reader.offset))
  const { min, max = mostEntries } = sizeLimits(reader, 'table')
  out.u8(1).u32(min).u32(Math.min(max, mostEntries))
  const initial = reader.offset
  if (withInitial) constant(reader)
  out.raw(reader.bytes.subarray(initial, reader.offset))
}
