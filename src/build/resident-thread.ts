import { parentPort } from 'node:worker_threads'
import { MortiseError, reasonOf } from '../errors.ts'
import { build } from './build.ts'
import type { Answer, Task } from './resident.ts'

async function compile({ entry, options }: Task): Promise<Answer> {
  try {
    const { wasm, ...built } = await build(entry, options)
    return { built: { ...built, wasm: Uint8Array.from(wasm) } }
  } catch (error) {
    const known = MortiseError.is(error)
    const diagnostics = known ? (error.details.diagnostics ?? []) : []
    return { failed: { code: known ? error.code : 'BUILD_FAILED', message: reasonOf(error), diagnostics } }
  }
}

parentPort?.on('message', (task: Task) => {
  void compile(task).then((answer) =>
    parentPort?.postMessage(answer, 'built' in answer ? [answer.built.wasm.buffer] : []),
  )
})
