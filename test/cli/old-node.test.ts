import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../../bin/mortise.js', import.meta.url))
const sentence = /^mortise needs Node 24 or newer, and this is Node (\d+)\.\d+\.\d+: .+\n$/

interface Old {
  readonly name: string
  readonly node: string
  readonly args: readonly string[]
}

/** Every machine can run this Node under a false number; a really old one is tried too wherever the PATH has one. */
const pretend = "data:text/javascript,Object.defineProperty(process.versions, 'node', { value: '20.11.1' })"
const olds: readonly Old[] = [
  { name: 'a Node that says it is 20', node: process.execPath, args: ['--import', pretend] },
  ...oldNodes().map((node) => ({ name: `the old Node at ${node}`, node, args: [] })),
]

for (const { name, node, args } of olds) {
  test(`${name} gets one sentence and exit code 1`, () => {
    const { status, stdout, stderr } = spawnSync(node, [...args, bin, 'run', 'x.wasm'], { encoding: 'utf8' })
    assert.match(stderr, sentence)
    assert.equal(stdout, '')
    assert.equal(status, 1)
  })
}

function oldNodes(): string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const nodes = new Set(folders.map((folder) => join(folder, 'node')).filter((node) => existsSync(node)))
  return [...nodes].filter((node) => {
    const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' })
    const major = Number(/^v(\d+)\./.exec(stdout)?.[1])
    // Below 14.8 a module has no top-level await, and Node says that instead.
    return major < 24 && major > 14
  })
}
