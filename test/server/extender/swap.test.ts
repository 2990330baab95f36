import assert from 'node:assert/strict'
import { mkdir, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { serveExtender } from 'mortise/extender'
import { evenOnly, lastDigit, schedulerGuest } from '../../scheduling/guests.ts'
import { folder } from '../server.ts'
import { field, inFull, nodeNamed, podNamed, TestExtender } from './extender.ts'
import { same } from './guests.ts'

const [web, api] = [podNamed('web'), podNamed('api')]
const nodes = ['node-1', 'node-2', 'node-4'].map((name) => nodeNamed(name))
const oddOnly = schedulerGuest(
  `(func (export "filter") (result i32)
     (if (result i32) (i32.and (call $last) (i32.const 1)) (then (i32.const 0)) (else (call $why) (i32.const 2))))
   (func (export "score") (result i64) (i64.shl (i64.const 100) (i64.const 32)))`,
  'its number is even',
)

const failed = (json: unknown): unknown => field(json, 'FailedNodes')
const scores = (json: unknown): unknown => Array.isArray(json) && json.map((entry) => field(entry, 'Score'))

test('a plugin is swapped between requests, and attempts under way end on the version that they began on', async () => {
  await using extender = await TestExtender.start({ plugin: lastDigit })
  const before = extender.extender.plugins
  await extender.post('filter', inFull(web, nodes))
  await extender.replace('plugin', oddOnly)
  await extender.extender.refresh()
  assert.notDeepEqual(extender.extender.plugins, before)
  const { json } = await extender.post('filter', inFull(api, nodes))
  assert.deepEqual(failed(json), { 'node-2': 'its number is even', 'node-4': 'its number is even' })
  assert.deepEqual(scores((await extender.post('prioritize', inFull(web, nodes))).json), [1, 2, 4])
  assert.deepEqual(scores((await extender.post('prioritize', inFull(api, nodes))).json), [10, 10, 10])
})

test('files are watched, and what is no plugin changes nothing', async () => {
  await using extender = await TestExtender.start({ plugin: evenOnly }, { watch: true })
  const [first] = extender.extender.plugins
  await extender.replace('plugin', Buffer.from('no plugin'))
  await extender.extender.refresh()
  assert.deepEqual(extender.extender.plugins, [first])
  assert.deepEqual(failed((await extender.post('filter', inFull(web, nodes))).json), { 'node-1': 'its number is odd' })
  await extender.replace('plugin', oddOnly)
  while (extender.extender.plugins[0]?.digest === first?.digest) await extender.post('filter', inFull(web, nodes))
  const left = failed((await extender.post('filter', inFull(web, nodes))).json)
  assert.deepEqual(left, { 'node-2': 'its number is even', 'node-4': 'its number is even' })
})

test('files that are links, which Kubernetes moves all at once, are watched too', async () => {
  await using files = await folder()
  const version = async (name: string, wasm: Uint8Array): Promise<void> => {
    await mkdir(join(files.path, name))
    await writeFile(join(files.path, name, 'plugin.wasm'), wasm)
    await symlink(name, join(files.path, '..data_tmp'))
    await rename(join(files.path, '..data_tmp'), join(files.path, '..data'))
  }
  await version('..1', evenOnly)
  const path = join(files.path, 'plugin.wasm')
  await symlink('..data/plugin.wasm', path)
  await using extender = await serveExtender({ port: 0, plugins: [{ name: 'plugin', path }] })
  const [first] = extender.plugins
  await version('..2', oddOnly)
  while (extender.plugins[0]?.digest === first?.digest) await wait(10)
})

test('plugins come, go and weigh something else while requests are answered, and attempts keep theirs', async () => {
  await using extender = await TestExtender.start({ last: lastDigit, even: evenOnly })
  const [last, even, hundred] = ['last', 'even', 'hundred'].map((name) => ({ name, path: extender.path(name) }))
  assert(last && even && hundred)
  await writeFile(hundred.path, same(100))
  await extender.post('filter', inFull(web, nodes))
  await extender.extender.use([last, { ...hundred, weight: 3 }])
  assert.deepEqual(
    extender.extender.plugins.map(({ name }) => name),
    ['last', 'hundred'],
  )
  assert.deepEqual(scores((await extender.post('prioritize', inFull(web, nodes))).json), [1, 2, 4])
  assert.deepEqual(failed((await extender.post('filter', inFull(api, nodes))).json), {})
  assert.deepEqual(scores((await extender.post('prioritize', inFull(api, nodes))).json), [8, 8, 9])
  await assert.rejects(extender.extender.use([last, { name: 'absent', path: '/absent.wasm' }]), {
    code: 'ARTIFACT_UNREADABLE',
  })
  await assert.rejects(extender.extender.use([]), { code: 'OPTION_INVALID' })
  assert.deepEqual(
    extender.extender.plugins.map(({ name }) => name),
    ['last', 'hundred'],
  )
  await extender.extender.use([
    { ...last, weight: 1 },
    { ...hundred, weight: 1 },
  ])
  await extender.post('filter', inFull(api, nodes))
  assert.deepEqual(scores((await extender.post('prioritize', inFull(api, nodes))).json), [6, 6, 7])
})

test('requests go on while plugins are swapped all the time', async () => {
  await using extender = await TestExtender.start({ plugin: lastDigit })
  const swapping = { done: false }
  const swaps = (async () => {
    for (let count = 0; count < 20; count++) {
      await extender.replace('plugin', count % 2 === 0 ? same(50) : lastDigit)
      await extender.extender.refresh()
    }
    swapping.done = true
  })()
  const seen = new Set<string>()
  for (let count = 0; !swapping.done; count++) {
    const pod = podNamed(`web-${count}`)
    const { json } = await extender.post('filter', inFull(pod, nodes))
    assert.equal(field(json, 'Error'), '')
    const { status, text } = await extender.post('prioritize', inFull(pod, nodes))
    assert.equal(status, 200)
    seen.add(text)
  }
  await swaps
  assert(seen.size <= 2, 'no scores but those of the two versions')
})
