import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gone } from '../support/process.ts'
import { libraryCompilerMissing } from '../support/libraries.ts'
import { functionOf, takeover } from '../support/takeover.ts'

/*
 * The document "openwhisk-runtime-go" as it was when the executable still replaced the server: what it has people type, and what they
 * see. Its server is here `serveTakeover`, its library `start` of `mortise/action`, and one of the same shape for Go.
 */

const run = promisify(execFile)
const sources = fileURLToPath(new URL('../guests/go/takeover/', import.meta.url))

/** What people type, with the port that it is here, and what they see. */
const transcript = [
  [
    `curl -XPOST http://localhost:8080/run -d '{"value":{"name":"Mike"}}'`,
    '{"error":"the action failed to locate a binary"}',
  ],
  ['curl -XPOST http://localhost:8080/init -d @hello.json', 'OK'],
  [`curl -XPOST http://localhost:8080/run -d '{"value":{"name":"Mike"}}'`, '{"greetings":"Hello, Mike"}'],
  ['curl -XPOST http://localhost:8080/init -d @ciao.json', 'OK'],
  [`curl -XPOST http://localhost:8080/run -d '{"value":{"name":"Mike"}}'`, '{"saluti":"Ciao, Mike"}'],
] as const

const tools = process.platform === 'win32' ? 'a listening socket is not handed over on Windows' : await missing()

async function missing(): Promise<string | false> {
  if (process.env['CI'] !== undefined && process.env['CI'] !== '') return false
  return run('curl', ['--version']).then(
    () => libraryCompilerMissing('go'),
    () => 'needs curl',
  )
}

describe('openwhisk-runtime-go, with replacement of the executable as the main server', { skip: tools }, () => {
  let folder = ''
  const env = { ...process.env, GOFLAGS: '' }
  const shell = async (command: string): Promise<string> =>
    (await run('sh', ['-c', command], { cwd: join(folder, 'test'), env })).stdout

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mortise-exec-'))
    await cp(sources, folder, { recursive: true })
    await mkdir(join(folder, 'test'))
    // "First, let's prepare the replacements"
    await shell('go build -o hello ../main/hello.go')
    await shell('go build -o ciao ../main/ciao.go')
    await shell(`echo '{"value":{"binary":true,"code":"'$(base64 hello)'"}}' >hello.json`)
    await shell(`echo '{"value":{"binary":true,"code":"'$(base64 ciao)'"}}' >ciao.json`)
  })
  after(() => rm(folder, { recursive: true, force: true }))

  const type = async (port: string): Promise<void> => {
    for (const [command, seen] of transcript)
      assert.equal(await shell(command.replace('curl', 'curl -s').replace('8080', port)), `${seen}\n`, command)
  }

  it('is what people see of a server that programs take over', async () => {
    await using server = await takeover()
    await type(new URL(server.url).port)
    assert.match(server.printed(), /^Hello, Mike\nCiao, Mike\n$/)
  })

  it('is what they see where the actions are functions of Node', async () => {
    await using server = await takeover()
    const hello = functionOf('{ greetings: "Hello, " + value.name }')
    const ciao = functionOf('{ saluti: "Ciao, " + value.name }')
    const binaries = await Promise.all(['hello.json', 'ciao.json'].map((name) => readFile(join(folder, 'test', name))))
    await writeFile(join(folder, 'test/hello.json'), JSON.stringify({ value: { code: hello } }))
    await writeFile(
      join(folder, 'test/ciao.json'),
      JSON.stringify({ value: { binary: true, code: Buffer.from(ciao).toString('base64') } }),
    )
    await type(new URL(server.url).port)
    for (const [index, name] of ['hello.json', 'ciao.json'].entries())
      await writeFile(join(folder, 'test', name), binaries[index] ?? '')
  })

  it('is what they see where each server executes the next by itself, as the library of the document does', async () => {
    const probe = createServer().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    const address = probe.address()
    assert(typeof address === 'object' && address !== null)
    probe.close()
    const port = String(address.port)
    // "go run", but for the process in between, so that its end is seen
    await shell('go build -o exec ../main/exec.go')
    const server = spawn(join(folder, 'test/exec'), { env: { ...env, PORT: port }, stdio: 'ignore' })
    const ended = once(server, 'exit')
    const seen = async (): Promise<boolean> =>
      shell(`curl -s http://localhost:${port}/run`).then(
        () => true,
        () => false,
      )
    while (!(await seen()));
    await type(port)
    assert.deepEqual(await ended, [0, null])
    // The last one is a program of Node, which says whom to end.
    const last = functionOf('{ pid: process.pid }').replace('mortise/action', import.meta.resolve('mortise/action'))
    const script = `#!${process.execPath} --conditions=source\n${last}`
    await writeFile(
      join(folder, 'test/last.json'),
      JSON.stringify({ value: { code: Buffer.from(script).toString('base64') } }),
    )
    assert.equal(await shell(`curl -s -XPOST http://localhost:${port}/init -d @last.json`), 'OK\n')
    const [, digits] = /"pid":(\d+)/.exec(await shell(`curl -s -XPOST http://localhost:${port}/run -d '{}'`)) ?? []
    const pid = Number(digits)
    process.kill(pid, 'SIGTERM')
    await gone(pid)
  })
})
