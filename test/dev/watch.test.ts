import assert from 'node:assert/strict'
import { mkdir, rename, rm, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Dev, list } from '../support/dev.ts'

const says = (word: string): string => `export const main = () => ({ word: ${JSON.stringify(word)} })\n`

describe('what mortise dev takes for a change', () => {
  let dev: Dev
  before(async () => {
    dev = await Dev.start(
      {
        'guest/index.ts': says('first'),
        '.gitignore': 'made/\n*.gen.ts\n!kept.gen.ts\n',
        '.git/HEAD': '',
        'guest/made/out.ts': '',
        'guest/lib/deep/far.ts': "export const far = 'far'\n",
      },
      ['guest', '--ext', 'html'],
    )
    await dev.next('live')
  })
  after(() => dev[Symbol.asyncDispose]())

  const changed = async (): Promise<readonly unknown[]> => {
    const files = list(await dev.next('changed'), 'files')
    await dev.next('live')
    return files
  }
  const write = (name: string, text = `// ${name}\n`): Promise<void> => writeFile(join(dev.path, 'guest', name), text)
  const index = (word: string): Promise<void> => write('index.ts', says(word))

  it('is a save, once, and what the guest answers then', async () => {
    await index('saved')
    assert.deepEqual(await changed(), ['guest/index.ts'])
    assert.deepEqual(await dev.call(), { word: 'saved' })
  })

  it('is a file that takes the place of another, as editors save', async () => {
    await write('index.ts~', says('replaced'))
    await rename(join(dev.path, 'guest/index.ts~'), join(dev.path, 'guest/index.ts'))
    assert.deepEqual(await changed(), ['guest/index.ts'])
    assert.deepEqual(await dev.call(), { word: 'replaced' })
  })

  it('is a file in a folder below, one that is made, and one that is removed', async () => {
    await write('lib/deep/far.ts', "export const far = 'farther'\n")
    assert.deepEqual(await changed(), ['guest/lib/deep/far.ts'])
    await write('lib/near.ts')
    assert.deepEqual(await changed(), ['guest/lib/near.ts'])
    await unlink(join(dev.path, 'guest/lib/near.ts'))
    assert.deepEqual(await changed(), ['guest/lib/near.ts'])
  })

  it('is what is in a folder that is made, and what is saved there later', async () => {
    await mkdir(join(dev.path, 'guest/new/er'), { recursive: true })
    await write('new/er/one.ts')
    assert.ok((await changed()).includes('guest/new/er/one.ts'))
    await write('new/er/two.ts')
    assert.deepEqual(await changed(), ['guest/new/er/two.ts'])
  })

  it('is a folder that takes the place of another, with all that is in it', async () => {
    await mkdir(join(dev.path, 'elsewhere'))
    await writeFile(join(dev.path, 'elsewhere/far.ts'), "export const far = 'moved'\n")
    await rm(join(dev.path, 'guest/lib'), { recursive: true })
    await changed()
    await rename(join(dev.path, 'elsewhere'), join(dev.path, 'guest/lib'))
    assert.ok((await changed()).includes('guest/lib/far.ts'))
    await write('lib/far.ts', "export const far = 'saved'\n")
    assert.deepEqual(await changed(), ['guest/lib/far.ts'])
  })

  it('is none of what git ignores, by the rules of any folder, nor packages, hidden files and other endings', async () => {
    await mkdir(join(dev.path, 'guest/node_modules/x'), { recursive: true })
    await write('node_modules/x/index.js')
    await write('made/out.ts')
    await write('some.gen.ts')
    await write('.#index.ts')
    await write('notes.md')
    await write('kept.gen.ts')
    assert.deepEqual(await changed(), ['guest/kept.gen.ts'])
    await write('page.html')
    assert.deepEqual(await changed(), ['guest/page.html'])
  })

  it('goes by rules that come while it watches', async () => {
    await write('.gitignore', '/later.ts\n')
    await write('later.ts')
    await write('made/more.ts')
    await index('ruled')
    assert.deepEqual(await changed(), ['guest/index.ts'])
    await write('.gitignore', '')
    await write('later.ts', '// again\n')
    assert.deepEqual(await changed(), ['guest/later.ts'])
  })
})
