import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { Mortise, MortiseError, type ErrorCode, type Plugin, type PluginLogLine } from 'mortise'
import { action, type JsonObject } from 'mortise/action'
import { childProcess, type ProcessEvent, type ProcessOptions } from 'mortise/process'

/** A program for the shell that every POSIX system has: it starts in a millisecond. */
export const shell = (text: string): Uint8Array => Buffer.from(`#!/bin/sh\n${text}\n`)

/** A program for Node that speaks the protocol by itself: `lines(each)` runs for every line, `say(line)` answers. */
export const raw = (text: string): Uint8Array =>
  Buffer.from(`#!${process.execPath}
const { writeSync } = require('node:fs')
const say = (value) => writeSync(3, (typeof value === 'string' ? value : JSON.stringify(value)) + '\\n')
const lines = (each) => require('node:readline').createInterface({ input: process.stdin }).on('line', each)
${text}
`)

/** Answers every call with the same line, which needs no process but the shell's own. */
export const answers = (line: string): Uint8Array =>
  shell(`while read -r line; do printf '%s\\n' '${line.replaceAll("'", "'\\''")}' >&3; done`)

/** A plugin on a process, with all that can be seen of it. */
export interface Watched extends AsyncDisposable {
  readonly host: Mortise<'process'>
  readonly plugin: Plugin<{ readonly main: (event: JsonObject) => Promise<JsonObject> }>
  readonly main: (event: JsonObject) => Promise<JsonObject>
  readonly logs: PluginLogLine[]
  readonly events: ProcessEvent[]
  /** Resolves when something has happened so many times. */
  happened(what: ProcessEvent['what'], times?: number): Promise<void>
}

/** Plugs a program into a host of its own. */
export async function plugProcess(
  source: Uint8Array | string,
  options: ProcessOptions = {},
  config: Readonly<Record<string, string>> = {},
): Promise<Watched> {
  const logs: PluginLogLine[] = []
  const events: ProcessEvent[] = []
  let changed = Promise.withResolvers<void>()
  const watch = (event: ProcessEvent): void => {
    events.push(event)
    changed.resolve()
    changed = Promise.withResolvers<void>()
  }
  const runtime = childProcess({ start: '60 s', grace: '10 s', ...options, watch })
  const host = new Mortise({ runtimes: [runtime], log: (line) => void logs.push(line) })
  const plugin = await host.plug('guest', source, action, { config }).catch(async (error: unknown) => {
    await host.close()
    throw error
  })
  return {
    host,
    plugin,
    main: plugin.hooks.main,
    logs,
    events,
    async happened(what, times = 1) {
      while (events.filter((event) => event.what === what).length < times) await changed.promise
    },
    [Symbol.asyncDispose]: () => host.close(),
  }
}

/** Waits for an error of one of some codes, and gives it. */
export async function fails(code: ErrorCode | readonly ErrorCode[], call: Promise<unknown>): Promise<MortiseError> {
  const error: unknown = await call.then(
    (value) => assert.fail(`it gave ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  )
  assert(error instanceof MortiseError, String(error))
  assert(([code].flat() as readonly string[]).includes(error.code), `${error.code}: ${error.message}`)
  return error
}

/** Whether a process is alive. A zombie, which nobody has waited for, is not. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  if (process.platform !== 'linux') return true
  const { readFile } = await import('node:fs/promises')
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z')
  return !/\) [ZX]/.test(stat)
}

/** Waits until processes are gone. */
export async function gone(...pids: readonly number[]): Promise<void> {
  for (const pid of pids) while (await isAlive(pid)) await setImmediate()
}
