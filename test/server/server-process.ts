import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { request } from 'undici'

const bin = fileURLToPath(new URL('../../bin/mortise.js', import.meta.url))

/** Of a child: its input, output, errors and answers. */
const streams = 4

/** A function that a server is started with: a file, and its limits. */
export interface FileFunction {
  readonly file: string
  readonly data: string | Uint8Array
  readonly deadline?: string
  readonly concurrency?: number
}

/** What a process holds. */
export interface Footprint {
  /** Bytes. */
  readonly resident: number
  /** Files, sockets and pipes; without those of its threads and children, of which there are more or fewer at times. */
  readonly descriptors: number
  readonly children: number
}

/** `mortise serve` in a process and a folder of its own, with JavaScript and programs allowed. */
export class ServerProcess implements AsyncDisposable {
  readonly url: string
  readonly #child: ChildProcess
  readonly #folder: string
  readonly #token: string

  private constructor(url: string, child: ChildProcess, folder: string, token: string) {
    this.url = url
    this.#child = child
    this.#folder = folder
    this.#token = token
  }

  static async start(functions: Readonly<Record<string, FileFunction>>): Promise<ServerProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'mortise-server-'))
    for (const { file, data } of Object.values(functions)) await writeFile(join(folder, file), data)
    const sources: Record<string, unknown> = {}
    for (const [name, { file, data: _, ...limits }] of Object.entries(functions))
      sources[name] = { path: file, ...limits }
    const config = { allow: ['esm', 'process'], log: 'off', functions: sources }
    await writeFile(join(folder, 'config.json'), JSON.stringify(config))
    const token = randomBytes(32).toString('hex')
    const args = ['-C', 'source', bin, 'serve', '--config', join(folder, 'config.json'), '--port', '0']
    const child = spawn(process.execPath, args, {
      env: { ...process.env, MORTISE_TOKEN: token },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    return new ServerProcess(await ready(child), child, folder, token)
  }

  /** Posts a function. */
  async init(name: string, code: string): Promise<void> {
    const reply = await request(`${this.url}/init/${name}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#token}` },
      body: JSON.stringify({ value: { code } }),
    })
    const text = await reply.body.text()
    if (reply.statusCode !== 200) throw new Error(`/init/${name}: ${reply.statusCode} ${text}`)
  }

  /** What it holds once that no longer changes, as Linux counts it; zeros elsewhere. */
  async footprint(): Promise<Footprint> {
    if (process.platform !== 'linux') return { resident: 0, descriptors: 0, children: 0 }
    let before = await this.#count()
    for (;;) {
      // A connection that was closed here is not yet closed there, and nothing tells when it is.
      await setTimeout(200)
      const now = await this.#count()
      if (now.descriptors === before.descriptors && now.children === before.children) return now
      before = now
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) {
      const exited = once(this.#child, 'exit')
      this.#child.kill('SIGTERM')
      await exited
    }
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #count(): Promise<Footprint> {
    const { pid } = this.#child
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(status) ?? []
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
    const count = children.split(' ').filter((each) => each.trim() !== '').length
    return {
      resident: Number(kilobytes) * 1024,
      descriptors: (await openFiles(pid)) - streams * count,
      children: count,
    }
  }
}

/** A thread waits with inodes without names, and with a pipe whose ends are both here. */
async function openFiles(pid: number | undefined): Promise<number> {
  const folder = `/proc/${pid}/fd`
  const links = (await readdir(folder)).map((name) =>
    readlink(join(folder, name)).catch(() => 'anon_inode: closed since'),
  )
  const targets = await Promise.all(links)
  const counts = Map.groupBy(targets, (target) => target)
  return targets.filter((target) => {
    if (target.startsWith('pipe:')) return counts.get(target)?.length === 1
    return !target.startsWith('anon_inode:')
  }).length
}

/** The address that it prints. */
async function ready(child: ChildProcess): Promise<string> {
  let said = ''
  for await (const text of child.stdout?.setEncoding('utf8').iterator({ destroyOnReturn: false }) ?? []) {
    said += String(text)
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? []
    if (url === undefined) continue
    child.stdout?.resume()
    return url
  }
  throw new Error(`The server ended: ${said}`)
}
