import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { startMortise } from './cli.ts'

/** What `mortise dev --json` says, one of it. */
export type Told = Readonly<Record<string, unknown>>

/** A field of what was said, which has to be a list. */
export function list(told: unknown, name: string): readonly unknown[] {
  const value: unknown = typeof told === 'object' && told !== null ? Reflect.get(told, name) : undefined
  assert.ok(Array.isArray(value), JSON.stringify(told))
  return Array.from<unknown>(value)
}

/** `mortise dev` in a process and a folder of its own. */
export class Dev implements AsyncDisposable {
  readonly path: string
  /** Where the guest is called. */
  url = ''
  /** All that was said so far. */
  readonly told: Told[] = []
  readonly #process: ReturnType<typeof startMortise>

  private constructor(path: string, process: ReturnType<typeof startMortise>) {
    this.path = path
    this.#process = process
  }

  /**
   * Starts it and waits until it says what it has found.
   *
   * @param files - by their paths in the folder; the first is the guest, unless `args` name one
   */
  static async start(files: Readonly<Record<string, string | Uint8Array>>, args: readonly string[] = []): Promise<Dev> {
    const path = await mkdtemp(join(tmpdir(), 'mortise-dev-'))
    const [first = ''] = Object.keys(files)
    for (const [name, text] of Object.entries(files)) await write(join(path, name), text)
    const guest = args[0]?.startsWith('-') === false ? [] : [first]
    const dev = new Dev(path, startMortise(['dev', ...guest, ...args, '--port', '0', '--json'], path))
    const { url } = await dev.next('ready')
    if (typeof url === 'string') dev.url = url
    return dev
  }

  /** The next thing of this kind that is said. */
  async next(event: string): Promise<Told> {
    for (;;) {
      const line = await this.#process.lines.next()
      if (line.done === true) assert.fail(`it ended, and had said ${JSON.stringify(this.told)}`)
      const told: unknown = JSON.parse(line.value)
      if (typeof told !== 'object' || told === null) continue
      this.told.push({ ...told })
      if ('event' in told && told.event === event) return { ...told }
    }
  }

  /** Writes a file as editors do: beside it, and then in its place. Its folder is made where it is not there. */
  async write(name: string, text: string | Uint8Array): Promise<void> {
    const path = join(this.path, name)
    await write(`${path}~`, text)
    await rename(`${path}~`, path)
  }

  /** The same, and gives what is told then. */
  async save(name: string, text: string | Uint8Array, event = 'live'): Promise<Told> {
    await this.write(name, text)
    return this.next(event)
  }

  /** Resolves once the guest answers so: now, or when something else is live. */
  async answers(wanted: object): Promise<void> {
    while (!isDeepStrictEqual(await this.call(), wanted)) await this.next('live')
  }

  /** What the guest answers. */
  async call(value: object = {}): Promise<unknown> {
    const response = await fetch(this.url, { method: 'POST', body: JSON.stringify({ value }) })
    return response.json()
  }

  /** Ends it as Ctrl-C does. @returns its exit code */
  async stop(): Promise<number | null> {
    const exited = this.#process.stop()
    // A process has not ended before all that it has said is read.
    for (let done: boolean | undefined = false; done !== true;) ({ done } = await this.#process.lines.next())
    return exited
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    await rm(this.path, { recursive: true, force: true })
  }
}

async function write(path: string, text: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}
