import { Mortise, type Plugin } from 'mortise'
import { extensions, type State, type StateKind } from 'mortise/extension'
import {
  asyncProjectorKind,
  type CommandContext,
  commandKind,
  type ProjectorContext,
  type QueryContext,
  queryKind,
  resultOf,
  syncProjectorKind,
} from 'mortise/storages'
import { type LogEvent, openSqlite, type SqliteOptions, type SqliteStore } from 'mortise/storages/sqlite'
import { wasm } from 'mortise/wasm'
import { app } from './app.ts'

type Hook = (state: State) => void
type Hooks = Readonly<Record<keyof typeof app.extensions, Hook>>

/** An order as whoever calls writes it. Anything else is refused by the extension, which looks at every field that it needs. */
export type Order = Readonly<Record<string, string | number | readonly Readonly<Record<string, number>>[]>>

/** An order that was placed. */
export interface Placed {
  readonly id: number
  readonly amount: number
}

const workspace = 1n
const subject = { kind: 'user', name: 'anybody', profile: workspace, token: '' } as const

/** The orders of a restaurant: extensions over a store. */
export class Orders implements AsyncDisposable {
  readonly #host: Mortise<'wasm'>
  readonly #plugin: Plugin<Hooks>
  readonly #store: SqliteStore
  readonly #commands: StateKind<CommandContext>
  readonly #projectors: StateKind<ProjectorContext>
  readonly #replaying: StateKind<ProjectorContext>
  readonly #queries: StateKind<QueryContext>

  private constructor(host: Mortise<'wasm'>, plugin: Plugin<Hooks>, store: SqliteStore) {
    const options = { store, packages: app.packages }
    this.#host = host
    this.#plugin = plugin
    this.#store = store
    this.#commands = commandKind(options)
    this.#projectors = syncProjectorKind(options)
    this.#replaying = asyncProjectorKind(options)
    this.#queries = queryKind(options)
  }

  /**
   * @param guest - the module with the extensions
   * @param store - options of the store, such as its `file`
   */
  static async open(guest: Uint8Array, store: Omit<SqliteOptions, 'schema'>): Promise<Orders> {
    const host = new Mortise({ runtimes: [wasm({ deadline: '1 s' })] })
    const plugin = await host.plug('orders', guest, extensions(app.extensions))
    return new Orders(host, plugin, openSqlite({ ...store, schema: app.schema }))
  }

  /**
   * Places an order: the command, its event, all that it wrote, and the view, in one commit with the other orders that came at the same
   * time. When the promise resolves the order is on the disk; where it is rejected nothing of the order is.
   */
  place(order: Order): Promise<Placed> {
    return this.#store.group(() => {
      let amount
      const draft = { workspace, name: { pkg: 'app', entity: 'NewOrder' }, argument: order }
      const { newIDs } = this.#store.log.append(draft, (event) => {
        const { wlogOffset } = event
        const command = this.#commands.open({ workspace, subject, argument: order, wlogOffset })
        this.#plugin.hooks.NewOrder(command)
        amount = resultOf(command)?.['Amount']
        command.apply()
        const projector = this.#projectors.open({ workspace, event })
        this.#plugin.hooks.CalcOrderedItems(projector)
        projector.apply()
      })
      return { id: Number(newIDs.get(1n)), amount: Number(amount) }
    })
  }

  /** The amounts of a month by its days. */
  amounts(year: number, month: number): ReadonlyMap<number, number> {
    const amounts = new Map<number, number>()
    const state = this.#queries.open({
      workspace,
      subject,
      argument: { Year: year, Month: month },
      onRow: ({ Day, Amount }) => void amounts.set(Number(Day), Number(Amount)),
    })
    this.#plugin.hooks.AmountsOfMonth(state)
    return amounts
  }

  /** Makes the view anew from the log, all or nothing of it: for a projector that has changed. */
  replay(): void {
    const projector = this.#store.projector('CalcOrderedItems')
    const bundle = this.#replaying.bundle()
    const project = (events: readonly LogEvent[]): void => {
      for (const event of events) {
        const state = this.#replaying.open({ workspace, event }, bundle)
        this.#plugin.hooks.CalcOrderedItems(state)
        state.apply()
      }
      bundle.flush()
    }
    this.#store.transaction(() => {
      projector.restart(['app.OrderedItems'])
      while (projector.run(project) > 0);
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#store.close()
    await this.#host.close()
  }
}
