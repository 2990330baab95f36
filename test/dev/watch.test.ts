import assert from 'node:assert/strict'
import { mkdir, rename, rm, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Dev, list } from '../support/dev.ts'

const says = (word: string): string => `export const main = () => ({ word: ${JSON.stringify(word)} })\n`

describe('what mortise dev takes for a change', () => {
  let dev: Dev
  /** All files that were ever told of. */
  const seen = new Set<unknown>()
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

  const at = (name: string): string => join(dev.path, 'guest', name)
  const write = (name: string, text = `// ${name}\n`): Promise<void> => dev.write(`guest/${name}`, text)

  /** Resolves when a file is told of, perhaps for the second time: a machine that is busy may tell twice of one save. */
  async function changed(name: string): Promise<void> {
    const files = list(await dev.next('changed'), 'files')
    for (const file of files) seen.add(file)
    if (!files.includes(`guest/${name}`)) await changed(name)
  }

  it('is a save, by a file that takes the place of another or in place', async () => {
    await write('index.ts', says('replaced'))
    await changed('index.ts')
    await dev.answers({ word: 'replaced' })
    await writeFile(at('index.ts'), says('written'))
    await changed('index.ts')
    await dev.answers({ word: 'written' })
  })

  it('is a file in a folder below, one that is made, and one that is removed', async () => {
    await write('lib/deep/far.ts', "export const far = 'farther'\n")
    await changed('lib/deep/far.ts')
    await write('lib/near.ts')
    await changed('lib/near.ts')
    await unlink(at('lib/near.ts'))
    await changed('lib/near.ts')
  })

  it('is what is in a folder that is made, and what is saved there later', async () => {
    await write('new/er/one.ts')
    await changed('new/er/one.ts')
    await write('new/er/two.ts')
    await changed('new/er/two.ts')
  })

  it('is a folder that takes the place of another, with all that is in it', async () => {
    await mkdir(join(dev.path, 'elsewhere'))
    await writeFile(join(dev.path, 'elsewhere/moved.ts'), '')
    await rm(at('lib'), { recursive: true })
    await changed('lib')
    await rename(join(dev.path, 'elsewhere'), at('lib'))
    await changed('lib/moved.ts')
    await write('lib/later.ts')
    await changed('lib/later.ts')
  })

  it('is none of what git ignores, by the rules of any folder, nor packages, hidden files and other endings', async () => {
    const nothing = ['node_modules/x/index.js', 'made/out.ts', 'some.gen.ts', '.#index.ts', 'notes.md']
    for (const name of nothing) await write(name)
    await write('kept.gen.ts')
    await changed('kept.gen.ts')
    await write('page.html')
    await changed('page.html')
    for (const name of nothing) assert.ok(!seen.has(`guest/${name}`), name)
  })

  it('goes by rules that come while it watches', async () => {
    await write('.gitignore', '/later.ts\n')
    await write('later.ts')
    await write('index.ts', says('ruled'))
    await changed('index.ts')
    await dev.answers({ word: 'ruled' })
    assert.ok(!seen.has('guest/later.ts'))
    await write('.gitignore', '')
    await write('later.ts', '// again\n')
    await changed('later.ts')
  })
})
