import type { Argument } from '../../../storages/argument.ts'
import { commandKind } from '../../../storages/kinds.ts'
import type { Subject } from '../../../storages/request-subject.ts'
import type { State } from '../state.ts'
import { ExtensionTest } from './extension-test.ts'
import type { Fields } from './given.ts'
import { kindOptions } from './storages.ts'

/** A test of a command. `commandTest` begins one. */
export class CommandTest extends ExtensionTest {
  /**
   * What the command is called with: `ArgumentObject` of `sys.CommandContext`.
   *
   * @param argument - fields by name; a list of such objects is a container
   */
  argument(argument: Argument): this {
    return this.with({ argument })
  }

  /** What it is called with and what is not logged: `ArgumentUnloggedObject`. */
  unlogged(argument: Argument): this {
    return this.with({ unlogged: argument })
  }

  /** Who asks, in `sys.RequestSubject`: `kind` (default `user`), `name` (`test`), `profile` (1), `token` (empty). */
  subject(subject: Partial<Subject>): this {
    return this.with({ subject: { ...this.given.subject, ...subject } })
  }

  /** The command gives this result. */
  expectResult(fields: Fields): this {
    return this.expecting({ results: [fields] })
  }

  /** The command answers with a status of HTTP. */
  expectResponse(status: number, message = ''): this {
    return this.expecting({ response: { status, message } })
  }

  protected override open(): State {
    const { subject, argument, unlogged, logged } = this.given
    return commandKind(kindOptions(this.tested.app, this.given)).open({
      workspace: this.workspace,
      wlogOffset: (logged.at(-1)?.wlogOffset ?? 0n) + 1n,
      subject,
      ...(argument && { argument }),
      ...(unlogged && { unlogged }),
    })
  }
}
