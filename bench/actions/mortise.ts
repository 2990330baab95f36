import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { wrong } from '../engine/work.ts'
import type { Bench, Subject, Variants } from '../harness/suite.ts'
import { cases } from './cases.ts'
import { files, unseen } from './guests.ts'
import { greeting, runCases } from './run.ts'
import { freePort, listening, serving } from './serving.ts'

const node = process.execPath
const folder = (): string => mkdtempSync(join(tmpdir(), 'mortise-bench-'))

/** A server of the function `hello`. */
const serve =
  (path: string, allow: readonly string[] = [], log = 'off') =>
  (): Promise<number> =>
    serving([
      node,
      files.mortise,
      'serve',
      '--function',
      `hello=${path}`,
      ...allow.flatMap((runtime) => ['--allow', runtime]),
      '--log',
      log,
    ])

/** A runtime with an action, as OpenWhisk has it. */
const openWhisk = (path: string) => async (): Promise<number> => {
  const port = await serving([node, files.mortise, 'serve', '--openwhisk'], { cwd: folder() })
  await post(port, '/init', { value: { code: readFileSync(path).toString('base64'), binary: true } })
  return port
}

const named = runCases(
  {
    wasm: serve(files.wasm),
    esm: serve(files.esm, ['esm']),
    'process, Go': serve(files.go, ['process']),
    'process, JavaScript': serve(files.esm, ['process']),
  },
  greeting('/run/hello'),
)

const alone = runCases(
  { 'wasm, --openwhisk': openWhisk(files.wasm), 'process, Go, --openwhisk': openWhisk(files.go) },
  greeting('/run'),
)

const logged = runCases({ 'wasm, access logs': serve(files.wasm, [], 'json') }, greeting('/run/hello'))

const both = (name: string, ...more: readonly (typeof named)[]): Variants =>
  Object.fromEntries([named, ...more].flatMap((each) => Object.entries(each[name] ?? {})))

export const subject: Subject = {
  name: 'mortise',
  url: import.meta.url,
  role: 'ours',
  cases: {
    [cases.one]: both(cases.one, alone),
    [cases.many]: both(cases.many, alone, logged),
    [cases.tail]: both(cases.tail),
    [cases.init]: { 'wasm, 20 KB': initBench },
    [cases.start]: {
      'serve --openwhisk': () => startBench(['serve', '--openwhisk']),
      'serve, a wasm function': () => startBench(['serve', '--function', `hello=${files.wasm}`, '--log', 'off']),
    },
  },
}

async function initBench(): Promise<Bench> {
  const port = await serving([node, files.mortise, 'serve', '--openwhisk', '--reinit'], { cwd: folder() })
  let bodies: string[] = []
  let n = 0
  return {
    most: 20,
    before(count) {
      bodies = Array.from({ length: count }, () =>
        JSON.stringify({ value: { code: Buffer.from(unseen(n++)).toString('base64'), binary: true } }),
      )
    },
    async run() {
      for (const body of bodies) {
        const ready = await send(port, '/init', body)
        if (ready.trimEnd() !== '{"ok":true}') wrong(ready)
        const answer = await send(port, '/run', '{"value":{"name":"Mike"}}')
        if (answer.trimEnd() !== '{"greetings":"Hello, Mike"}') wrong(answer)
      }
    },
  }
}

function startBench(args: readonly string[]): Bench {
  return {
    most: 1,
    async run() {
      const port = await freePort()
      const child = spawn(node, [files.mortise, ...args], {
        env: { ...process.env, PORT: `${port}` },
        cwd: folder(),
        stdio: 'ignore',
      })
      await listening(child, port)
      const answer = await send(port, '/run', '{}')
      if (!answer.startsWith('{"error":')) wrong(answer)
      child.kill('SIGKILL')
    },
  }
}

/** Posts, and takes nothing but success for an answer. */
export async function post(port: number, path: string, body: unknown): Promise<void> {
  const answer = await send(port, path, JSON.stringify(body))
  if (answer.trimEnd() !== '{"ok":true}') wrong(answer)
}

async function send(port: number, path: string, body: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body })
  return response.text()
}
