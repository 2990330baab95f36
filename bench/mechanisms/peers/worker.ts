import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { wrong } from '../../engine/work.ts'
import { type MechanismSubject, type Opened, subjectOf } from '../mechanism.ts'
import { hooksByAsync, script } from '../script.ts'
import type { Size } from '../work.ts'

const port = `
const { parentPort } = require('node:worker_threads')
parentPort.on('message', ({ id, hook, params }) => parentPort.postMessage({ id, result: hooks[hook](params) }))
`

function open(size: Size): Opened {
  const worker = new Worker(`${script(size)}${port}`, { eval: true })
  const waiting = new Map<number, (result: unknown) => void>()
  let calls = 0
  worker.on('message', ({ id, result }: { readonly id: number; readonly result: unknown }) => {
    const answer = waiting.get(id) ?? wrong(id)
    waiting.delete(id)
    answer(result)
  })
  const hooks = hooksByAsync((hook, params) => {
    const { promise, resolve } = Promise.withResolvers<unknown>()
    const id = calls++
    waiting.set(id, resolve)
    worker.postMessage({ id, hook, params })
    return promise
  })
  const close = async (): Promise<void> => {
    const exit = once(worker, 'exit')
    void worker.terminate()
    await exit
  }
  return { mode: 'async', hooks, close }
}

export const subject: MechanismSubject = subjectOf({
  name: 'worker_threads',
  url: import.meta.url,
  role: 'reference',
  variants: { '': open },
  overlaps: true,
  isolation: {
    crash: 'for what it throws, not for a crash of native code',
    memory: 'its own heap in the same process',
    loop: '`terminate()`',
    unload: 'yes',
  },
  artifact: () => script(4).length,
})
