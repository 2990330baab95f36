import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { fails, gone, isAlive, plugProcess, raw, shell, type Watched } from '../support/process.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

/** Answers with its own process and with that of a child that it leaves behind, which ignores SIGTERM. */
const family = (more = ''): Uint8Array =>
  shell(`
    trap '' TERM
    (trap '' TERM HUP; exec sleep 1000) >/dev/null 2>&1 3>&- &
    ${more}
    while read -r line; do echo "{\\"self\\":$$,\\"child\\":$!}" >&3; done`)

const pids = async (main: Watched['main']): Promise<readonly number[]> => {
  const values = Object.values(await main({})).map(Number)
  for (const pid of values) assert(await isAlive(pid))
  return values
}

describe('a process is stopped', () => {
  it('by the end of its input, if it cares', async () => {
    const guest = await plugProcess(shell("trap 'exit 9' TERM; while read -r line; do echo '{}' >&3; done; exit 8"))
    await guest.plugin.unplug()
    assert.deepEqual([guest.events.at(-1)?.what, guest.events.at(-1)?.exitCode], ['ended', 8])
  })

  it('by SIGTERM, if it does not', async () => {
    const guest = await plugProcess(
      raw("process.on('SIGTERM', () => process.exit(9)); say({ ok: true }); setInterval(() => {}, 1000)"),
      {
        ack: true,
        grace: 100,
      },
    )
    await guest.plugin.unplug()
    assert.equal(guest.events.at(-1)?.exitCode, 9)
  })

  it('by SIGKILL, if it ignores that too', async () => {
    const guest = await plugProcess(
      raw("process.on('SIGTERM', () => {}); say({ ok: true }); setInterval(() => {}, 1000)"),
      {
        ack: true,
        grace: 100,
      },
    )
    await guest.plugin.unplug()
    assert.equal(guest.events.at(-1)?.signal, 'SIGKILL')
  })

  it('with all that it has started', async () => {
    const guest = await plugProcess(family())
    const both = await pids(guest.main)
    await guest.plugin.unplug()
    await gone(...both)
  })

  it('with all that it has started, when it is itself deaf', async () => {
    const guest = await plugProcess(family('exec sleep 1000 <&0 & wait; exec sleep 1000'), { grace: 50 })
    const { pid = 0 } = guest.events[0] ?? {}
    const { stdout } = await run('pgrep', ['-g', String(pid)])
    const group = stdout.trim().split('\n').map(Number)
    assert(group.length > 1 && group.includes(pid))
    await guest.plugin.unplug()
    await gone(...group)
  })

  it('with all that it has started, when it crashes', async () => {
    await using guest = await plugProcess(
      shell(`
        (trap '' TERM HUP; exec sleep 1000) >/dev/null 2>&1 3>&- &
        read -r line; echo "{\\"child\\":$!}" >&3
        read -r line; exit 1`),
    )
    const left = await pids(guest.main)
    await fails('PROCESS_ENDED', guest.main({}))
    await gone(...left)
  })

  it('also where something outside of its group holds its pipes open', async () => {
    await using guest = await plugProcess(
      raw(`
        const { spawn } = require('node:child_process')
        lines((line) => {
          if (JSON.parse(line).value.die) process.exit(5)
          const { pid } = spawn('sleep', ['5'], { detached: true, stdio: ['ignore', 'inherit', 'inherit', 3] })
          say({ pid })
        })`),
      { env: { PATH: process.env['PATH'] ?? '' } },
    )
    const { pid } = await guest.main({})
    const error = await fails('PROCESS_ENDED', guest.main({ die: true }))
    assert.equal(error.details.exitCode, 5)
    process.kill(Number(pid), 'SIGKILL')
  })

  it('and its folder is gone', async () => {
    const guest = await plugProcess(raw('lines(() => say({ cwd: process.cwd() }))'))
    const { cwd } = await guest.main({})
    assert(typeof cwd === 'string')
    assert.equal((await stat(cwd)).mode & 0o777, 0o700)
    await guest.plugin.unplug()
    await assert.rejects(stat(cwd), { code: 'ENOENT' })
  })

  it('after the calls under way, when it is swapped out', async () => {
    const slow = (version: number): Uint8Array =>
      raw(`lines(() => setTimeout(() => say({ version: ${version}, pid: process.pid }), 200))`)
    await using guest = await plugProcess(slow(1), { pipeline: 4 })
    const before = Array.from({ length: 10 }, () => guest.main({}))
    await guest.plugin.swap(slow(2))
    const after = guest.main({})
    assert.deepEqual(new Set((await Promise.all(before)).map(({ version }) => version)), new Set([1]))
    assert.equal((await after)['version'], 2)
    await guest.happened('ended')
    assert.deepEqual(
      guest.events.map(({ what }) => what),
      ['started', 'started', 'ended'],
    )
  })
})

describe('a host that', () => {
  const program = (rest: string, source = family()): readonly string[] => [
    '-C',
    'source',
    '--input-type=module',
    '-e',
    `import { Mortise } from 'mortise'
     import { action } from 'mortise/action'
     import { childProcess } from 'mortise/process'
     const host = new Mortise({ runtimes: [childProcess({ watch: ({ what, pid }) => what === 'started' && console.log(pid) })] })
     const guest = Buffer.from(${JSON.stringify(Buffer.from(source).toString())})
     const plugin = await host.plug('guest', guest, action)
     console.log((await plugin.hooks.main({})).child)
     ${rest}`,
  ]

  const printed = async (rest: string, act?: (pid: number) => void): Promise<readonly number[]> => {
    const host = spawn(process.execPath, program(rest), { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(host, 'exit')
    const numbers: number[] = []
    for await (const line of createInterface({ input: host.stdout })) {
      numbers.push(Number(line))
      if (numbers.length === 2) act?.(host.pid ?? 0)
    }
    await ended
    assert.equal(numbers.length, 2)
    return numbers
  }

  it('waits for a call, and does nothing else, is kept running by it', async () => {
    const slow = shell('while read -r line; do /bin/sleep 0.3; echo \'{"child":1}\' >&3; done')
    const { stdout } = await run(process.execPath, program("console.log('done')", slow), { cwd: root })
    assert.match(stdout, /^\d+\n1\ndone\n$/)
  })

  it('exits takes its processes along', async () => gone(...(await printed('process.exit()'))))

  it('throws takes its processes along', async () =>
    gone(...(await printed("process.on('uncaughtException', () => process.exit(1)); throw new Error('mine')"))))

  it('has nothing else to do ends, plugged-in processes or not', async () => gone(...(await printed(''))))

  it('is killed leaves a process that sees the end of its input', async () => {
    const [leader = 0, child = 0] = await printed('setInterval(() => {}, 1000)', (pid) => process.kill(pid, 'SIGKILL'))
    await gone(leader)
    // The system ends no child with its parent, and this one listens to nobody.
    process.kill(child, 'SIGKILL')
  })
})
