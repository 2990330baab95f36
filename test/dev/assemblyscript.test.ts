import assert from 'node:assert/strict'
import { unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Dev, list, type Told } from '../support/dev.ts'

const greeter = (expression: string, head = ''): string => `import { log } from 'tenon/action'
${head}
@json
class Event {
  name: string = ''
}

export function main(event: Event): string {
  log.info('called')
  return '{"greetings":"' + ${expression} + '"}'
}
`

const stage = ({ stage, version }: Told): readonly unknown[] => [stage, version]

describe('mortise dev with AssemblyScript', () => {
  it('makes a build in a hurry live, and behind it one that is optimized', async () => {
    await using dev = await Dev.start({ 'hello.ts': greeter("'Hello, ' + event.name") })
    const first = await dev.next('live')
    assert.deepEqual(stage(first), ['quick', 1])
    assert.deepEqual(await dev.call({ name: 'Mike' }), { greetings: 'Hello, Mike' })
    const second = await dev.next('live')
    assert.deepEqual(stage(second), ['optimized', 2])
    assert.ok(Number(second['bytes']) < Number(first['bytes']), `${String(second['bytes'])} bytes`)
    const saved = await dev.save('hello.ts', greeter("'Hi, ' + event.name"))
    assert.deepEqual(stage(saved), ['quick', 3])
    assert.match(JSON.stringify(saved), /"took":\{"wait":[\d.]+,"build":[\d.]+,"load":[\d.]+,"total":[\d.]+\}/)
    assert.deepEqual(await dev.call({ name: 'Mike' }), { greetings: 'Hi, Mike' })
    assert.deepEqual(stage(await dev.next('live')), ['optimized', 4])
    assert.deepEqual(await dev.call({ name: 'Mike' }), { greetings: 'Hi, Mike' })
    assert.equal(await dev.stop(), 0)
  })

  it('keeps what is live where a build fails, says where and why, and takes the next good one', async () => {
    await using dev = await Dev.start({ 'hello.ts': greeter("'one'") }, ['hello.ts', '--optimize', 'none'])
    await dev.next('live')
    const { error, live } = await dev.save('hello.ts', greeter('evnt.name'), 'failed')
    assert.equal(live, 1)
    assert.ok(typeof error === 'object' && error !== null && 'code' in error)
    assert.equal(error.code, 'BUILD_FAILED')
    const [first] = list(error, 'diagnostics')
    assert.ok(typeof first === 'object' && first !== null && 'message' in first)
    const { message, ...place } = first
    assert.match(String(message), /'evnt'/)
    const source = '  return \'{"greetings":"\' + evnt.name + \'"}\''
    assert.deepEqual(place, { file: 'hello.ts', line: 10, column: 29, source })
    const response = await fetch(dev.url, { method: 'POST', body: '{}' })
    assert.deepEqual(
      [await response.json(), response.headers.get('x-mortise-broken')],
      [{ greetings: 'one' }, '/_mortise'],
    )
    const page = await fetch(new URL('/_mortise', dev.url), { headers: { accept: 'text/html' } })
    assert.match(await page.text(), /hello <small>\/run\/hello · version 1<[\s\S]*hello\.ts:10:29<[\s\S]*evnt\.name/)
    await dev.save('hello.ts', greeter("'two'"))
    const mended = await fetch(dev.url, { method: 'POST', body: '{}' })
    assert.deepEqual([await mended.json(), mended.headers.get('x-mortise-broken')], [{ greetings: 'two' }, null])
  })

  it('answers requests with what is wrong while nothing has ever been good', async () => {
    await using dev = await Dev.start({ 'hello.ts': greeter('evnt') }, ['hello.ts', '--optimize', 'none'])
    await dev.next('failed')
    const response = await fetch(dev.url, { method: 'POST', body: '{}' })
    const answer: unknown = await response.json()
    assert.equal(response.status, 502)
    assert.ok(typeof answer === 'object' && answer !== null && 'code' in answer && 'diagnostics' in answer)
    assert.equal(answer.code, 'BUILD_FAILED')
    assert.match(JSON.stringify(answer.diagnostics), /"file":"hello\.ts","line":10,"column":29,"source":/)
    await dev.save('hello.ts', greeter("'good'"))
    assert.deepEqual(await dev.call(), { greetings: 'good' })
  })

  it('builds what a guest imports, in folders that come and outside of its own', async () => {
    const files = { 'guest/index.ts': greeter("'alone'"), 'shared/word.ts': "export const word: string = 'shared'\n" }
    await using dev = await Dev.start(files, ['guest', '--optimize', 'none'])
    await dev.next('live')
    await dev.save('guest/index.ts', greeter('near', "import { near } from './lib/near'"), 'failed')
    await dev.save('guest/lib/near.ts', "export const near: string = 'near'\n")
    assert.deepEqual(await dev.call(), { greetings: 'near' })
    await dev.save('guest/index.ts', greeter('word', "import { word } from '../shared/word'"))
    await dev.replace('shared/word.ts', "export const word: string = 'changed'\n")
    assert.deepEqual(await dev.call(), { greetings: 'changed' })
    await unlink(join(dev.path, 'shared/word.ts'))
    await dev.next('failed')
    assert.deepEqual(await dev.call(), { greetings: 'changed' })
  })

  it('does nothing for a save that changes nothing, and calls the guest after each that does', async () => {
    const files = { 'hello.ts': greeter('event.name'), 'call.json': '{"name":"Mike"}' }
    await using dev = await Dev.start(files, ['hello.ts', '--optimize', 'none', '--invoke', 'call.json'])
    const { status, text } = await dev.next('answered')
    assert.deepEqual([status, text], [200, '{"greetings":"Mike"}\n'])
    await dev.save('hello.ts', `${greeter('event.name')}// a comment\n`, 'unchanged')
    await dev.save('hello.ts', greeter("event.name + '!'"), 'answered')
    assert.equal(dev.told.at(-1)?.['text'], '{"greetings":"Mike!"}\n')
    assert.equal(dev.told.filter(({ event }) => event === 'live').length, 2)
  })

  it('optimizes what is live though it is saved once more as it was', async () => {
    await using dev = await Dev.start({ 'hello.ts': greeter("'one'") })
    await dev.next('live')
    await dev.next('live')
    assert.deepEqual(stage(await dev.save('hello.ts', greeter("'two'"))), ['quick', 3])
    await dev.save('hello.ts', greeter("'two'"), 'unchanged')
    const before = dev.told.find(({ version }) => version === 4)
    assert.deepEqual(stage(before ?? (await dev.next('live'))), ['optimized', 4])
  })
})
