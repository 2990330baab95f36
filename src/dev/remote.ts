import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { readArtifact, type Source } from '../artifact.ts'
import type { DeployClient, DeploySettings } from '../client/client.ts'
import type { Guest } from './guest.ts'
import type { Put, Target } from './target.ts'

/** What goes with a guest to a server. */
export interface RemoteOptions {
  readonly name: string
  /** The guest, as it was named: of a folder of JavaScript all of it is sent, as `mortise deploy` does. */
  readonly path: string
  readonly settings: Omit<DeploySettings, 'contract' | 'mount' | 'web'>
  readonly mount: string
  readonly web: boolean
  /** Where the server's functions and sites are called. */
  readonly serves: string | undefined
}

/** A server elsewhere, by its deploy API. */
export class RemoteTarget implements Target {
  readonly #client: DeployClient
  readonly #options: RemoteOptions

  constructor(client: DeployClient, options: RemoteOptions) {
    this.#client = client
    this.#options = options
  }

  url({ contract }: Guest): string | undefined {
    const { serves, mount, name } = this.#options
    if (serves === undefined) return undefined
    return `${new URL(serves).origin}${contract === 'http' ? mount : `/run/${name}`}`
  }

  async put(guest: Guest, source: Source): Promise<Put> {
    const { name, settings, mount, web } = this.#options
    const { contract } = guest
    const start = performance.now()
    const bytes = source instanceof Uint8Array ? source : await this.#pack(guest)
    const pack = performance.now() - start
    const pushed = await this.#client.push(name, bytes, {
      ...settings,
      contract,
      ...(contract === 'http' ? { mount } : { web }),
    })
    const { version, sent, took, timings } = pushed
    const steps = Object.entries({ pack, upload: took.upload, ...timings }).filter(
      ([, milliseconds]) => milliseconds > 0.05,
    )
    return { version, sent, took: Object.fromEntries(steps) }
  }

  /** There is nobody to tell: who asks there is answered by the last good version. */
  broken(): void {}

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client[Symbol.dispose]()
  }

  /** What is sent of a guest that needs no compiler. */
  async #pack({ entry, language }: Guest): Promise<Uint8Array> {
    const isFolder = (await stat(this.#options.path)).isDirectory()
    if (language !== 'javascript' || !isFolder) return (await readArtifact(entry)).bytes
    const { zipFolder } = await import('../unpack/zip-folder.ts')
    return zipFolder(dirname(entry), (name) => !name.startsWith('.'))
  }
}
