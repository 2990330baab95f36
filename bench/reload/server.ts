import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DeployClient } from 'mortise/client'
import { freePort, serving } from '../actions/serving.ts'
import { wrong } from '../engine/work.ts'
import { mortise } from '../harness/compiled.ts'
import { guest } from './guests.ts'

/** A server with a deploy API, in a process of its own. */
export interface DeployServer {
  readonly client: DeployClient
  /** Asks the plugin, and takes nothing but an answer of this version. */
  readonly check: (version: number) => Promise<void>
}

export async function startServer(): Promise<DeployServer> {
  const store = mkdtempSync(join(tmpdir(), 'mortise-bench-'))
  // Servers tell their user's other programs of themselves, in a folder that is this one.
  const env = { XDG_RUNTIME_DIR: store }
  const add = [mortise, 'token', 'add', 'bench', '--role', 'deploy,read', '--store', store]
  const token = execFileSync(process.execPath, add, { encoding: 'utf8' }).trim()
  const deployPort = await freePort()
  const port = await freePort()
  const ports = ['--port', `${port}`, '--deploy-port', `${deployPort}`]
  // Its deploy API listens last.
  await serving([process.execPath, mortise, 'serve', '--store', store, ...ports, '--log', 'off'], {
    env,
    port: deployPort,
  })
  const client = new DeployClient({ url: `http://127.0.0.1:${deployPort}`, token })
  return {
    client,
    async check(version) {
      const init = { method: 'POST', body: '{"value":{"name":"Mike"}}' }
      const response = await fetch(`http://127.0.0.1:${port}/run/hello`, init)
      const answer = await response.text()
      if (answer !== '{"greetings":"Hello, Mike"}\n') wrong(answer)
      const said = response.headers.get('x-mortise-version')
      if (said !== `${version}`) wrong(`version ${said}, not ${version}`)
    },
  }
}

/** What is sent for a hello world. @returns bytes, compressed, and before */
export async function sendHello(): Promise<{ readonly sent: number; readonly bytes: number }> {
  const { client, check } = await startServer()
  const wasm = readFileSync(guest)
  const { sent, version } = await client.push('hello', wasm)
  await check(version)
  return { sent, bytes: wasm.length }
}
