import type { ErrorCode } from '../../../errors.ts'
import { checkOption } from '../../../options.ts'
import type { Event } from '../../../storages/event.ts'
import type { LogLevel } from '../../../storages/logger.ts'
import type { Argument } from '../../../storages/argument.ts'
import type { State } from '../state.ts'
import { check, type Expected, nothingExpected } from './expected.ts'
import { type Fields, type Given, nameOf, nothingGiven, type TestedExtension } from './given.ts'
import type { Outcome, TestIntent } from './outcome.ts'
import { run } from './run.ts'
import type { Passed } from './storages.ts'

/** What is known of an event besides its name and its argument. What is left out has a default. */
export type EventDetails = Partial<Pick<Event, 'wlogOffset' | 'registeredAt' | 'synced' | 'error' | 'cuds'>>

/** What the tests of all kinds of extensions have in common. Each method gives a new test, so one can be the beginning of several. */
export abstract class ExtensionTest {
  protected readonly tested: TestedExtension
  protected readonly given: Given
  protected readonly expected: Expected

  constructor(tested: TestedExtension, given: Given = nothingGiven, expected: Expected = nothingExpected) {
    this.tested = tested
    this.given = given
    this.expected = expected
  }

  /**
   * A record is there, in `sys.Record`, and for `sys.Uniq` to be found by its fields.
   *
   * @param entity - its type, such as `app.Order`
   * @param id - its `sys.ID`, above 0
   * @param fields - what it holds, also `sys.ParentID` and `sys.Container` if it has them; with a schema the others are zero
   * @throws MortiseError `OPTION_INVALID` for what the schema does not have
   */
  record(entity: string, id: number | bigint, fields: Fields = {}): this {
    return this.#record(entity, BigInt(id), false, fields)
  }

  /**
   * The only record of a type is there, for keys with `IsSingleton`. Its `sys.ID` is 65536.
   *
   * @param entity - its type
   * @param fields - what it holds
   * @throws MortiseError `OPTION_INVALID` for what the schema does not have
   */
  singleton(entity: string, fields: Fields = {}): this {
    return this.#record(entity, 65_536n, true, fields)
  }

  /**
   * A row of a view is there, in `sys.View`.
   *
   * @param entity - the view, such as `app.OrderedItems`
   * @param key - all fields of its key
   * @param value - what it holds; with a schema the other fields are zero
   * @throws MortiseError `OPTION_INVALID` for what the schema does not have
   */
  view(entity: string, key: Fields, value: Fields): this {
    const { schema } = this.tested.app
    const type = schema?.views.get(entity)
    checkOption('view', entity, schema === undefined || type !== undefined, 'a view of the schema')
    if (type !== undefined) {
      const names = [...type.partition, ...type.clustering].map(({ name }) => name)
      checkFields('view', key, names)
      for (const name of names) checkOption('view', name, Object.hasOwn(key, name), 'a key with this field')
      checkFields(
        'view',
        value,
        type.value.map(({ name }) => name),
      )
    }
    return this.with({ views: [...this.given.views, { entity, key, value }] })
  }

  /**
   * An event is in the log, `sys.WLog`, behind those before.
   *
   * @param name - the command's name, such as `app.NewOrder`
   * @param argument - what that was called with
   * @param details - `wlogOffset` (default: one more than the event before; the first is 1), `registeredAt`, `synced`, `cuds`
   */
  logged(name: string, argument?: Argument, details: EventDetails = {}): this {
    const { logged } = this.given
    const wlogOffset = (logged.at(-1)?.wlogOffset ?? 0n) + 1n
    const event = this.eventOf(name, argument, { wlogOffset, ...details })
    return this.with({ logged: [...logged, event] })
  }

  /** A secret is there, in `sys.AppSecret`. */
  secret(name: string, text: string): this {
    return this.with({ secrets: { ...this.given.secrets, [name]: text } })
  }

  /**
   * The extension inserts this, and nothing that is not expected too. In which order does not matter.
   *
   * @param target - the storage with its entity, such as `sys.View(app.OrderedItems)`
   * @param key - all fields of the key
   * @param fields - all fields that it puts into the intent
   */
  expectInsert(target: string, key: Fields, fields: Fields): this {
    return this.#expectIntent({ operation: 'insert', target, key, fields })
  }

  /**
   * The extension updates this, and nothing that is not expected too.
   *
   * @param target - the storage with its entity, such as `sys.View(app.OrderedItems)`
   * @param key - all fields of the key
   * @param fields - all fields that it puts into the intent; those that stay are no part of it
   */
  expectUpdate(target: string, key: Fields, fields: Fields): this {
    return this.#expectIntent({ operation: 'update', target, key, fields })
  }

  /** The extension writes nothing. Its result, its response and its log are no intents here. */
  expectNoIntents(): this {
    return this.expecting({ intents: [] })
  }

  /** The extension logs this line, maybe among others. */
  expectLog(level: LogLevel, message: string): this {
    return this.expecting({ logs: [...this.expected.logs, { level, message }] })
  }

  /**
   * The call fails.
   *
   * @param code - of the error, such as `GUEST_ABORT` where the extension gives up by itself
   * @param text - is a part of the error's sentence, or matches it; default: any
   */
  expectFailure(code: ErrorCode, text: string | RegExp = ''): this {
    return this.expecting({ failure: { code, text } })
  }

  /**
   * Plugs the guest into a host of its own, calls the extension once, and compares.
   *
   * @returns what came of it, for assertions of your own
   * @throws AssertionError of `node:assert` where something else came of it than was expected, with a diff
   * @throws MortiseError how the call failed, where that was not expected, `INTENTS_NOT_APPLIED` where storages would refuse its intents;
   *   what `plug` throws, such as `ARTIFACT_UNREADABLE` and `MODULE_REFUSED`
   */
  async run(): Promise<Outcome> {
    const passed: Passed = { rows: [], requests: [], commands: [], mails: [] }
    const outcome = await run(this.tested, this.open(passed), passed)
    check(this.tested.name, this.expected, outcome)
    return outcome
  }

  /** Opens the state that the extension is called on. */
  protected abstract open(passed: Passed): State

  /** The workspace of everything. */
  protected get workspace(): bigint {
    return this.tested.app.workspace ?? 1n
  }

  protected eventOf(name: string, argument: Argument | undefined, details: EventDetails): Event {
    const event = {
      name: nameOf(name),
      workspace: this.workspace,
      wlogOffset: 1n,
      registeredAt: 0n,
      cuds: [],
      ...details,
    }
    return argument === undefined ? event : { ...event, argument }
  }

  protected with(change: Partial<Given>): this {
    return this.#copy({ ...this.given, ...change }, this.expected)
  }

  protected expecting(change: Partial<Expected>): this {
    return this.#copy(this.given, { ...this.expected, ...change })
  }

  #copy(given: Given, expected: Expected): this {
    // oxlint-disable-next-line no-unsafe-type-assertion -- subclasses have this constructor
    const Same = this.constructor as new (tested: TestedExtension, given: Given, expected: Expected) => this
    return new Same(this.tested, given, expected)
  }

  #expectIntent(intent: TestIntent): this {
    return this.expecting({ intents: [...(this.expected.intents ?? []), intent] })
  }

  #record(entity: string, id: bigint, singleton: boolean, fields: Fields): this {
    checkOption('record', id, id > 0n, 'an identifier above 0')
    const { schema } = this.tested.app
    const type = schema?.records.get(entity)
    checkOption('record', entity, schema === undefined || type !== undefined, 'a record of the schema')
    if (type !== undefined) checkFields('record', fields, [...system, ...type.fields.map(({ name }) => name)])
    return this.with({ records: [...this.given.records, { entity, id, singleton, fields }] })
  }
}

const system = ['sys.ParentID', 'sys.Container', 'sys.IsActive']

function checkFields(option: string, fields: Fields, names: readonly string[]): void {
  for (const name of Object.keys(fields))
    checkOption(option, name, names.includes(name), `fields of the schema: ${names.join(', ')}`)
}
