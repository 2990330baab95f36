import { testModel } from './model.ts'
import type { StoreTarget } from './target.ts'
import { testRecord } from './record.ts'
import { testUniq } from './uniq.ts'
import { testView } from './view.ts'
import { testLog } from './log.ts'
import { testProjector } from './projector.ts'
import { testTransactions } from './transactions.ts'
import { testSchema } from './schema.ts'

/** Every storage of a store, with its log and its projectors, on a real database. */
export function testStore(target: StoreTarget): void {
  testRecord(target)
  testUniq(target)
  testView(target)
  testLog(target)
  testProjector(target)
  testTransactions(target)
  testSchema(target)
  testModel(target)
}
