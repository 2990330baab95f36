import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { wrong } from '../../engine/work.ts'
import { type MechanismSubject, type Opened, subjectOf } from '../mechanism.ts'
import { hooksByAsync, script } from '../script.ts'
import type { Size } from '../work.ts'

const cache = join(import.meta.dirname, '../../.cache')

/** What the child does beside the guest's own code: lines on its standard input and output, or messages of Node's. */
const ends = {
  lines: `
const { createInterface } = require('node:readline')
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, hook, params } = JSON.parse(line)
  process.stdout.write(JSON.stringify({ id, result: hooks[hook](params) }) + '\\n')
})`,
  fork: `
process.on('message', ({ id, hook, params }) => process.send({ id, result: hooks[hook](params) }))`,
} as const

function program(end: keyof typeof ends, size: Size): string {
  mkdirSync(cache, { recursive: true })
  const path = join(cache, `child-${end}-${size}.cjs`)
  writeFileSync(path, script(size) + ends[end])
  return path
}

interface Answer {
  readonly id: number
  readonly result?: unknown
}

function opened(
  child: ChildProcess,
  send: (call: object) => void,
  listen: (on: (answer: Answer) => void) => void,
): Opened {
  const waiting = new Map<number, (result: unknown) => void>()
  let calls = 0
  listen(({ id, result }) => {
    const answer = waiting.get(id) ?? wrong(id)
    waiting.delete(id)
    answer(result)
  })
  const hooks = hooksByAsync((hook, params) => {
    const { promise, resolve } = Promise.withResolvers<unknown>()
    const id = calls++
    waiting.set(id, resolve)
    send({ id, hook, params })
    return promise
  })
  const close = async (): Promise<void> => {
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }
  return { mode: 'async', hooks, close }
}

function lines(size: Size): Opened {
  const child = spawn(process.execPath, [program('lines', size)], { stdio: ['pipe', 'pipe', 'inherit'] })
  return opened(
    child,
    (call) => child.stdin.write(`${JSON.stringify(call)}\n`),
    (on) => {
      // oxlint-disable-next-line no-unsafe-type-assertion -- every result is checked
      createInterface({ input: child.stdout }).on('line', (line) => on(JSON.parse(line) as Answer))
    },
  )
}

function messages(size: Size): Opened {
  const child = fork(program('fork', size), { execArgv: [] })
  return opened(
    child,
    (call) => child.send(call),
    (on) => void child.on('message', on),
  )
}

export const subject: MechanismSubject = subjectOf({
  name: 'child process',
  url: import.meta.url,
  role: 'sandbox',
  variants: { 'JSON lines on stdio': lines, 'fork()': messages },
  overlaps: true,
  isolation: { crash: 'yes', memory: 'yes', loop: 'SIGKILL', unload: 'yes' },
  artifact: () => script(4).length,
})
