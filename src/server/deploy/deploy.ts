import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { MortiseError, reasonOf } from '../../errors.ts'
import { openStore } from '../../store/folder-store.ts'
import type { Store } from '../../store/store.ts'
import type { ActivationLine } from '../../functions/functions.ts'
import type { Log } from '../access.ts'
import type { Admission } from '../admission.ts'
import type { Guard } from '../guard.ts'
import { Listener, type Patience } from '../listener.ts'
import type { Registry } from '../registry.ts'
import { Access } from './access.ts'
import { deployApp } from './deploy-app.ts'
import { deployedFunctions } from './deployed-functions.ts'
import { Deployer } from './deployer.ts'
import { EventHub } from './event-hub.ts'
import type { Serving } from './serving.ts'
import { operationsOf } from './operations.ts'
import type { DeploySettings } from './options.ts'
import { readKeys } from './signatures.ts'
import { ownToken, TokenFile } from './tokens.ts'
import { Uploads } from './upload.ts'

/** What {@link DeployApi} works with beside its settings. */
export interface DeployParts {
  readonly registry: Registry
  readonly admission: Admission
  /** Plugins of the contract `http`. */
  readonly sites: Serving
  readonly guard: Guard
  readonly patience: Patience
  /** Bytes that an artifact may have. */
  readonly code: number
  readonly log: Log | undefined
}

/** The deploy API of a server, with the store that it changes. */
export class DeployApi implements AsyncDisposable {
  readonly #store: Store
  readonly #access: Access
  readonly #events: EventHub
  readonly #logs: EventHub
  readonly #listener: Listener
  readonly #app: FastifyInstance
  readonly #settings: DeploySettings

  private constructor(parts: {
    store: Store
    access: Access
    events: EventHub
    logs: EventHub
    listener: Listener
    app: FastifyInstance
    settings: DeploySettings
  }) {
    this.#store = parts.store
    this.#access = parts.access
    this.#events = parts.events
    this.#logs = parts.logs
    this.#listener = parts.listener
    this.#app = parts.app
    this.#settings = parts.settings
  }

  /**
   * Opens the store, and loads what was live when it was closed. It does not listen yet.
   *
   * @throws MortiseError `OPTION_INVALID` where there is no token, `CONFIG_UNREADABLE`, `LISTEN_FAILED`, and what `openStore` throws
   */
  static async open(settings: DeploySettings, parts: DeployParts): Promise<DeployApi> {
    const own = settings.token === undefined ? [] : [ownToken(settings.token)]
    const tokens = new TokenFile(join(settings.store, 'tokens.json'), own)
    if (own.length === 0 && (await tokens.all()).length === 0) {
      throw new MortiseError(
        'OPTION_INVALID',
        `Cannot offer the deploy API: no token is in the store '${settings.store}'. 'mortise token add <name> --store ${settings.store}' makes one`,
      )
    }
    const keys = await readKeys(settings.trustedKeys)
    const listener = await Listener.make({ tls: settings.tls, wait: parts.patience })
    const store = await openStore({ folder: settings.store })
    const [events, logs] = [new EventHub(), new EventHub()]
    try {
      const serving = { action: deployedFunctions(parts.registry, parts.admission), http: parts.sites }
      const deployer = new Deployer({ store, keys, events, serving })
      await deployer.start((plugin, error) => {
        parts.log?.error({ plugin, err: error }, `Cannot load '${plugin}', which was live: ${reasonOf(error)}`)
        events.send(plugin, 'failed', {
          action: 'start',
          plugin,
          code: MortiseError.is(error) ? error.code : 'INTERNAL',
        })
      })
      const { default: said } = await import('mortise/package.json', { with: { type: 'json' } })
      const uploads = new Uploads(parts.code)
      const operations = operationsOf({ store, deployer, uploads, events, logs, version: said.version })
      const access = new Access(tokens, store)
      const app = await deployApp({ operations, access, listener, guard: parts.guard, log: parts.log })
      return new DeployApi({ store, access, events, logs, listener, app, settings })
    } catch (error) {
      await store[Symbol.asyncDispose]()
      throw error
    }
  }

  /**
   * Begins to listen.
   *
   * @returns where it is reached
   * @throws MortiseError `LISTEN_FAILED`
   */
  listen(): Promise<string> {
    return this.#listener.listen(this.#settings.place)
  }

  /**
   * Lets whoever has a token with the role `invoke` run functions.
   *
   * @throws MortiseError `TOKEN_REFUSED`, `ATTEMPTS_LIMIT`, `ROLE_REFUSED`
   */
  async admit(request: IncomingMessage): Promise<void> {
    await this.#access.enter(request, ['invoke'])
  }

  /** Sends a line to whoever follows the log of its function. */
  line({ function: plugin, activation, source, level, text, late }: ActivationLine): void {
    this.#logs.send(plugin, 'line', { at: Date.now(), activation, source, level, text, late })
  }

  /** Takes no more, and waits so long for what is under way. */
  async drain(limit: number): Promise<boolean> {
    this.#events.close()
    this.#logs.close()
    const inTime = await this.#listener.drain(limit)
    await this.#app.close()
    return inTime
  }

  /** Closes the store. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#store[Symbol.asyncDispose]()
  }
}
