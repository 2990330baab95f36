import { relative, resolve, sep } from 'node:path'
import { parentPort } from 'node:worker_threads'
import { build } from '../build/build.ts'
import { type Diagnostic, MortiseError, reasonOf } from '../errors.ts'
import type { Answer, Task } from './assemblyscript.ts'

async function compile({ entry, folder }: Task): Promise<Answer> {
  const named = (diagnostic: Diagnostic): Diagnostic =>
    diagnostic.file === undefined
      ? diagnostic
      : { ...diagnostic, file: relative(folder, resolve(diagnostic.file)).split(sep).join('/') }
  try {
    const { wasm } = await build(entry, { within: folder })
    return { wasm: Uint8Array.from(wasm) }
  } catch (error) {
    const diagnostics = MortiseError.is(error) ? (error.details.diagnostics ?? []) : []
    return { diagnostics: diagnostics.map(named), message: reasonOf(error) }
  }
}

parentPort?.on('message', (task: Task) => {
  void compile(task).then((answer) => parentPort?.postMessage(answer, 'wasm' in answer ? [answer.wasm.buffer] : []))
})
