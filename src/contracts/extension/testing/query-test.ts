import type { Argument } from '../../../storages/argument.ts'
import { queryKind } from '../../../storages/kinds.ts'
import type { Subject } from '../../../storages/request-subject.ts'
import type { State } from '../state.ts'
import type { Fields } from './given.ts'
import { kindOptions, type Passed, webStorages } from './storages.ts'
import { WebTest } from './web-test.ts'

/** A test of a query. `queryTest` begins one. */
export class QueryTest extends WebTest {
  /** What the query is called with: `ArgumentObject` of `sys.QueryContext`. */
  argument(argument: Argument): this {
    return this.with({ argument })
  }

  /** Who asks, in `sys.RequestSubject`: `kind` (default `user`), `name` (`test`), `profile` (1), `token` (empty). */
  subject(subject: Partial<Subject>): this {
    return this.with({ subject: { ...this.given.subject, ...subject } })
  }

  /** The query gives these rows, in this order, and no others. */
  expectRows(...rows: readonly Fields[]): this {
    return this.expecting({ results: rows })
  }

  /** The query answers with a status of HTTP. */
  expectResponse(status: number, message = ''): this {
    return this.expecting({ response: { status, message } })
  }

  protected override open(passed: Passed): State {
    const { subject, argument } = this.given
    return queryKind(kindOptions(this.tested.app, this.given, webStorages(this.given, passed))).open({
      workspace: this.workspace,
      subject,
      ...(argument && { argument }),
      onRow: (row) => void passed.rows.push(row),
    })
  }
}
