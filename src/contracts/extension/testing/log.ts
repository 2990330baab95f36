import type { Event } from '../../../storages/event.ts'
import { integer, workspaceOf } from '../../../storages/sql/key.ts'
import { wlogKeyFields, wlogRow } from '../../../storages/sql/wlog.ts'
import type { WorkspaceContext } from '../../../storages/workspace.ts'
import type { Row } from '../fields.ts'
import type { Key, Storage } from '../storage.ts'

/** `sys.WLog` over the events of a test. */
export function logStorage(events: readonly Event[]): Storage<WorkspaceContext> {
  const from = (key: Key, context: WorkspaceContext): readonly Event[] => {
    if (workspaceOf(key, context) !== context.workspace) return []
    const offset = integer(key.fields.get('Offset')) ?? 0n
    return events.filter(({ wlogOffset }) => wlogOffset >= offset)
  }
  return {
    keyFields: () => wlogKeyFields,
    get(key, context) {
      const [event] = from(key, context)
      return event !== undefined && event.wlogOffset === integer(key.fields.get('Offset')) ? rowOf(event) : undefined
    },
    *read(key, context) {
      const count = integer(key.fields.get('Count'))
      const events = from(key, context)
      for (const event of count === undefined ? events : events.slice(0, Number(count)))
        yield [{ Offset: event.wlogOffset }, rowOf(event)]
    },
  }
}

const rowOf = (event: Event): Row => wlogRow({ ...event, position: event.wlogOffset })
