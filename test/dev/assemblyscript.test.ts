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
  it('makes a build in a hurry live, and behind it one that is optimized, also where it is saved again as it was', async () => {
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
    await dev.save('hello.ts', greeter("'Hi, ' + event.name"), 'unchanged')
    const before = dev.told.find(({ version }) => version === 4)
    assert.deepEqual(stage(before ?? (await dev.next('live'))), ['optimized', 4])
    assert.deepEqual(await dev.call({ name: 'Mike' }), { greetings: 'Hi, Mike' })
    assert.equal(await dev.stop(), 0)
  })

  it('answers with what is wrong until something is good, then keeps that where a build fails, and says where and why', async () => {
    await using dev = await Dev.start({ 'hello.ts': greeter('evnt') }, ['hello.ts', '--optimize', 'none'])
    const ask = async (): Promise<Response> => fetch(dev.url, { method: 'POST', body: '{}' })
    await dev.next('failed')
    const none = await ask()
    assert.equal(none.status, 502)
    assert.match(await none.text(), /"code":"BUILD_FAILED".*"file":"hello\.ts","line":10,"column":29,"source":/)
    await dev.save('hello.ts', greeter("'one'"))
    assert.deepEqual(await dev.call(), { greetings: 'one' })

    const { error, live } = await dev.save('hello.ts', greeter('evnt.name'), 'failed')
    assert.equal(live, 1)
    const [first] = list(error, 'diagnostics')
    assert.ok(typeof first === 'object' && first !== null && 'message' in first)
    const { message, ...place } = first
    assert.match(String(message), /'evnt'/)
    const source = '  return \'{"greetings":"\' + evnt.name + \'"}\''
    assert.deepEqual(place, { file: 'hello.ts', line: 10, column: 29, source })
    const response = await ask()
    assert.deepEqual(
      [await response.json(), response.headers.get('x-mortise-broken')],
      [{ greetings: 'one' }, '/_mortise'],
    )
    const page = await fetch(new URL('/_mortise', dev.url), { headers: { accept: 'text/html' } })
    assert.match(await page.text(), /hello <small>\/run\/hello · version 1<[\s\S]*hello\.ts:10:29<[\s\S]*evnt\.name/)
    await dev.save('hello.ts', greeter("'two'"))
    const mended = await ask()
    assert.deepEqual([await mended.json(), mended.headers.get('x-mortise-broken')], [{ greetings: 'two' }, null])
  })

  it('builds what a guest imports, in folders that come and outside of its own, and calls it after each that differs', async () => {
    const files = {
      'guest/index.ts': greeter("'alone'"),
      'shared/word.ts': "export const word: string = 'shared'\n",
      'call.json': '{"name":"Mike"}',
    }
    const args = ['guest', '--optimize', 'none', '--invoke', 'call.json']
    await using dev = await Dev.start(files, args)
    const { status, text } = await dev.next('answered')
    assert.deepEqual([status, text], [200, '{"greetings":"alone"}\n'])
    await dev.save('guest/index.ts', `${greeter("'alone'")}// a comment\n`, 'unchanged')
    await dev.save('guest/index.ts', greeter('near', "import { near } from './lib/near'"), 'failed')
    await dev.save('guest/lib/near.ts', "export const near: string = 'near'\n", 'answered')
    assert.equal(dev.told.at(-1)?.['text'], '{"greetings":"near"}\n')
    await dev.save('guest/index.ts', greeter('word', "import { word } from '../shared/word'"))
    await dev.save('shared/word.ts', "export const word: string = 'changed'\n")
    assert.deepEqual(await dev.call(), { greetings: 'changed' })
    await unlink(join(dev.path, 'shared/word.ts'))
    await dev.next('failed')
    assert.deepEqual(await dev.call(), { greetings: 'changed' })
  })
})
