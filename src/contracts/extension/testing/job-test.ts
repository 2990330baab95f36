import { jobKind } from '../../../storages/kinds.ts'
import type { State } from '../state.ts'
import { kindOptions, mailStorages, type Passed, webStorages } from './storages.ts'
import { WebTest } from './web-test.ts'

/** A test of a job. `jobTest` begins one. */
export class JobTest extends WebTest {
  /** When the job is due, for `sys.JobContext`: seconds since 1970. Default 0. */
  due(unixTime: number | bigint): this {
    return this.with({ unixTime: BigInt(unixTime) })
  }

  /** No mail is taken, and `sys.SendMail` says why. Without this every mail is. */
  refusingMails(why: string): this {
    return this.with({ mailError: why })
  }

  protected override open(passed: Passed): State {
    const storages = { ...webStorages(this.given, passed), ...mailStorages(this.given, passed) }
    const { unixTime } = this.given
    return jobKind(kindOptions(this.tested.app, this.given, storages)).open({ workspace: this.workspace, unixTime })
  }
}
