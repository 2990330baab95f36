import { refuseOption } from '../../../options.ts'
import type { Argument } from '../../../storages/argument.ts'
import { asyncProjectorKind } from '../../../storages/kinds.ts'
import type { State } from '../state.ts'
import type { EventDetails } from './extension-test.ts'
import { type Fields, nameOf } from './given.ts'
import { kindOptions, mailStorages, type Passed, webStorages } from './storages.ts'
import { WebTest } from './web-test.ts'

/** A test of a projector. `projectorTest` begins one. */
export class ProjectorTest extends WebTest {
  /**
   * What happened: `sys.Event`. Every test of a projector needs one.
   *
   * @param name - the command's name, such as `app.NewOrder`
   * @param argument - what that was called with
   * @param details - `wlogOffset` (default 1), `registeredAt` (0), `synced`, `error`, `cuds`
   */
  event(name: string, argument?: Argument, details: EventDetails = {}): this {
    return this.with({ event: this.eventOf(name, argument, details) })
  }

  /** The event created a record: a row of its `CUDs`. */
  created(entity: string, id: number | bigint, fields: Fields = {}): this {
    return this.#changed(entity, id, true, fields)
  }

  /** The event updated a record: a row of its `CUDs`, with the fields that were written. */
  updated(entity: string, id: number | bigint, fields: Fields): this {
    return this.#changed(entity, id, false, fields)
  }

  /** No mail is taken, and `sys.SendMail` says why. Without this every mail is. */
  refusingMails(why: string): this {
    return this.with({ mailError: why })
  }

  protected override open(passed: Passed): State {
    const { event, cuds } = this.given
    if (event === undefined)
      return refuseOption('event', undefined, "a projector's event, such as .event('app.NewOrder', { Table: 5 })")
    const storages = { ...webStorages(this.given, passed), ...mailStorages(this.given, passed) }
    return asyncProjectorKind(kindOptions(this.tested.app, this.given, storages)).open({
      workspace: this.workspace,
      event: { ...event, cuds: [...event.cuds, ...cuds] },
    })
  }

  #changed(entity: string, id: number | bigint, isNew: boolean, fields: Fields): this {
    const change = { isNew, fields: { ...fields, 'sys.ID': BigInt(id), 'sys.QName': nameOf(entity) } }
    return this.with({ cuds: [...this.given.cuds, change] })
  }
}
