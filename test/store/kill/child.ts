import { openStore } from 'mortise/store'
import { type Change, changeOf, contentOf } from './changes.ts'

// Changes a store until it is killed: says each change before it begins, and after it was answered.
const [folder = '', seed = '', first = ''] = process.argv.slice(2)
const store = await openStore({ folder, versions: 5 })
for (let number = Number(first); ; number++) {
  const change = changeOf(Number(seed), number)
  console.log(`begin ${number}`)
  console.log(`end ${number} ${JSON.stringify(await make(change))}`)
}

async function make({ what, plugin, content, back }: Change): Promise<unknown> {
  try {
    if (what === 'remove') return await store.remove(plugin, 'child')
    if (what === 'collect') return await store.collect()
    if (what === 'rollback') {
      const versions = await store.versions(plugin)
      return await store.activate(plugin, versions[back % versions.length]?.version ?? 1, 'child')
    }
    const digest = await store.put(contentOf(content))
    return await store.deploy(plugin, { digest, settings: { content } }, 'child')
  } catch (error) {
    // Nothing to go back to, or to remove: that is no failure here.
    if (error instanceof Error && 'code' in error && error.code === 'VERSION_ABSENT') return 'absent'
    throw error
  }
}
