import type { Row } from './rows.ts'

/** What `guest/index.ts` imports: the users in AssemblyScript. */
export function assemblyScriptSource(rows: readonly Row[]): string {
  const users = rows.map((row) => {
    const entries = Object.entries(row.opaque.map).map(([name, { decoder, value }]) => {
      return `new OpaqueEntry(${quoted(name)}, ${quoted(decoder)}, bytes([${Buffer.from(value, 'base64').join(', ')}]))`
    })
    const { id, username, mail, mail_verified, display_name, groups, uid_number, gid_number } = row
    const fields = [
      `new UserId(${quoted(id.idp)}, ${quoted(id.opaque_id)}, <UserType>${id.type})`,
      ...[username, mail].map(quoted),
      mail_verified,
      quoted(display_name),
      `[${groups.map(quoted).join(', ')}]`,
      `[\n      ${entries.join(',\n      ')},\n    ]`,
      uid_number,
      gid_number,
    ]
    return `  users.push(new User(\n    ${fields.join(',\n    ')},\n  ))\n`
  })
  return `// Made from users.json by build.ts.
import { OpaqueEntry, User, UserId, UserType } from './users-bindings'

function bytes(values: StaticArray<u8>): Uint8Array {
  const array = new Uint8Array(values.length)
  for (let i = 0; i < values.length; i++) array[i] = values[i]
  return array
}

export function rows(): User[] {
  const users: User[] = []
${users.join('')}  return users
}
`
}

const quoted = (value: string): string => JSON.stringify(value)

/** What `native/users.c` includes: the users as constants. */
export function cSource(rows: readonly Row[]): string {
  const users = rows.map((row) => {
    const entries = Object.entries(row.opaque.map)
    const fields = {
      idp: text(row.id.idp),
      opaque_id: text(row.id.opaque_id),
      username: text(row.username),
      mail: text(row.mail),
      display_name: text(row.display_name),
      groups: braced(row.groups.map(text)),
      entries: braced(entries.map(([name, { decoder, value }]) => braced([text(name), text(decoder), bytes(value)]))),
      group_count: row.groups.length,
      entry_count: entries.length,
      uid_number: row.uid_number,
      gid_number: row.gid_number,
      type: row.id.type,
      mail_verified: Number(row.mail_verified),
    }
    return `  ${braced(Object.entries(fields).map(([name, value]) => `.${name} = ${value}`))},\n`
  })
  const most = (count: (row: Row) => number): number => Math.max(1, ...rows.map(count))
  return `/* Made from users.json by build.ts. */
#include <stdint.h>

struct text {
  const char *bytes;
  uint32_t length;
};
struct entry {
  struct text name, decoder, value;
};
struct row {
  struct text idp, opaque_id, username, mail, display_name;
  struct text groups[${most((row) => row.groups.length)}];
  struct entry entries[${most((row) => Object.keys(row.opaque.map).length)}];
  uint32_t group_count, entry_count, uid_number, gid_number;
  uint8_t type, mail_verified;
};
static const uint32_t row_count = ${rows.length};
static const struct row rows[] = {
${users.join('')}};
`
}

const braced = (items: readonly (string | number)[]): string => `{${items.join(', ')}}`
const text = (value: string): string => literal(Buffer.from(value))
const bytes = (value: string): string => literal(Buffer.from(value, 'base64'))

/** Bytes as C writes them, with three digits each where they are no plain letters: no digit after them can be taken for one of theirs. */
function literal(value: Buffer): string {
  const spelled = value.toString('latin1').replaceAll(/[^\w .@-]/g, (character) => {
    return `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`
  })
  return `{"${spelled}", ${value.length}}`
}
