import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import { Client, type Reply } from './client.ts'
import { initBody, type Tools } from './code.ts'
import { type Answer, type Ask, type Dialect, expectedOf, type Lines, type Row, type Step } from './row.ts'
import { Runtime, type Target, toolsOf } from './runtime.ts'

/** Where nothing is expected to come, so many milliseconds are waited for it. */
const silence = 1000

/** A row that is a race may be lost so often. */
const attempts = 5

/** Runs a row against a runtime that is started for it. @returns what is not as it has to be: nothing, where it conforms */
export async function check(row: Row, target: Target, dialect: Dialect): Promise<readonly string[]> {
  for (let attempt = 1; ; attempt++) {
    const unlike = await checkOnce(row, target, dialect)
    if (unlike.length === 0 || row.race !== true || attempt === attempts) return unlike
  }
}

async function checkOnce(row: Row, target: Target, dialect: Dialect): Promise<readonly string[]> {
  await using runtime = await Runtime.start(target, row)
  await using client = new Client(runtime.url)
  const tools = toolsOf(target)
  const unlike: string[] = []
  for (const [index, step] of row.steps.entries()) {
    const found = await take(step, client, tools, dialect, () => pidOf(runtime.stdout))
    unlike.push(...found.map((what) => `step ${index + 1}: ${what}`))
  }
  const files = await runtime.files()
  const { stdout, stderr } = await runtime.stop()
  unlike.push(
    ...compareLines('stdout', stdout, expectedOf(row.stdout ?? [], dialect)),
    ...compareLines('stderr', stderr, expectedOf(row.stderr ?? [], dialect)),
    ...compareFiles(files, expectedOf(row.files ?? [], dialect)),
  )
  return unlike
}

/** Runs the steps of a row against a runtime that is there already. */
export async function checkAnswers(row: Row, url: string, dialect: Dialect): Promise<readonly string[]> {
  await using client = new Client(url)
  const unlike: string[] = []
  for (const [index, step] of row.steps.entries()) {
    const found = await take(step, client, noTools, dialect, () => undefined)
    unlike.push(...found.map((what) => `step ${index + 1}: ${what}`))
  }
  return unlike
}

const noTools: Tools = {
  async command() {
    throw new Error('only where the suite starts the runtime')
  },
}

async function take(
  step: Step,
  client: Client,
  tools: Tools,
  dialect: Dialect,
  pid: () => number | undefined,
): Promise<readonly string[]> {
  if ('gone' in step) {
    await gone(pid)
    return []
  }
  if ('command' in step) {
    const { code, stdout, stderr } = await tools.command(step.command, { input: step.input ?? '' })
    const prints = expectedOf(step.prints, dialect)
    return [
      ...(code === prints.code ? [] : [`ended with ${code}, not ${prints.code}`]),
      ...compareText('stdout', stdout.toString(), prints.stdout),
      ...compareText('stderr', stderr.toString(), prints.stderr),
    ]
  }
  const asked = 'together' in step ? step.together : [step]
  const found = await Promise.all(
    asked.map(async ({ ask, answer }) => {
      const expected = expectedOf(answer, dialect)
      return compareReply(await send(ask, client, tools, expected), expected, ask)
    }),
  )
  return found.flat()
}

async function send({ path, body, method, type }: Ask, client: Client, tools: Tools, expected: Answer): Promise<Reply> {
  const text = typeof body === 'string' ? body : await initBody(body, tools)
  return client.ask(path, text, {
    ...(method !== undefined && { method }),
    ...(type !== undefined && { type }),
    ...(expected === 'nothing' && { patience: silence }),
  })
}

function compareReply(reply: Reply, expected: Answer, { path }: Ask): readonly string[] {
  if (typeof reply === 'string' || typeof expected === 'string')
    return reply === expected ? [] : [`${path}: ${show(reply)}, not ${show(expected)}`]
  const { status, body, headers } = reply
  const unlike = status === expected.status ? [] : [`${path}: status ${status}, not ${expected.status}: ${body}`]
  unlike.push(...('json' in expected ? compareJson(path, body, expected.json) : compareText(path, body, expected.body)))
  if (body === '') return unlike
  if (headers['content-type'] !== 'application/json') unlike.push(`${path}: content-type is ${headers['content-type']}`)
  const length = Buffer.byteLength(body)
  if (headers['content-length'] !== `${length}`)
    unlike.push(`${path}: content-length is ${headers['content-length']}, of ${length} bytes`)
  return unlike
}

function show(value: Reply | Answer): string {
  if (typeof value === 'string') return value === 'closed' ? 'closed without an answer' : 'no answer'
  return `${value.status} ${'json' in value ? JSON.stringify(value.json) : String(value.body)}`.slice(0, 500)
}

function compareText(what: string, text: string, expected: string | RegExp): string[] {
  const like = typeof expected === 'string' ? text === expected : expected.test(text)
  return like
    ? []
    : [
        `${what}: ${JSON.stringify(text).slice(0, 500)}, not ${String(expected instanceof RegExp ? expected : JSON.stringify(expected)).slice(0, 500)}`,
      ]
}

function compareJson(what: string, text: string, expected: unknown): string[] {
  try {
    assert.deepEqual(JSON.parse(text), expected)
    return []
  } catch {
    return [`${what}: ${text.slice(0, 500)}, not ${JSON.stringify(expected).slice(0, 500)}`]
  }
}

function compareLines(stream: string, text: string, expected: Lines): string[] {
  if (expected === 'any') return []
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n')
  const like =
    lines.length === expected.length &&
    expected.every((line, index) => (typeof line === 'string' ? line === lines[index] : line.test(lines[index] ?? '')))
  return like ? [] : [`${stream}:\n    ${lines.join('\n    ')}\n  expected:\n    ${expected.join('\n    ')}`]
}

function compareFiles(files: readonly string[], expected: readonly string[]): string[] {
  return expected.flatMap((name) => {
    if (name.startsWith('-')) return files.includes(name.slice(1)) ? [`'${name.slice(1)}' is in the work folder`] : []
    return files.includes(name) ? [] : [`'${name}' is not in the work folder, but ${files.join(', ')}`]
  })
}

function pidOf(stdout: string): number | undefined {
  const [, pid] = /^pid (\d+)$/m.exec(stdout) ?? []
  return pid === undefined ? undefined : Number(pid)
}

/** Until its parent has taken note of a process's end, which is when it can no longer be signalled. */
async function gone(pid: () => number | undefined): Promise<void> {
  for (;;) {
    const found = pid()
    try {
      if (found !== undefined) process.kill(found, 0)
    } catch {
      return
    }
    await setTimeout(5)
  }
}
