import { parentPort } from 'node:worker_threads'
import { MortiseError } from '../errors.ts'
import { rewriteValid } from './rewrite/valid.ts'
import type { Answer, Task } from './rewriter.ts'

parentPort?.on('message', (task: Task) => {
  const answer = work(task)
  const moved = 'rewritten' in answer && answer.rewritten !== undefined ? [answer.rewritten.bytes.buffer] : []
  parentPort?.postMessage(answer, moved)
})

/** What is not one of our errors ends the thread, and the other side says so. */
function work({ bytes, features }: Task): Answer {
  try {
    return { rewritten: rewriteValid(bytes, features) }
  } catch (error) {
    if (!MortiseError.is(error)) throw error
    const { code, message, details } = error
    return { error: { code, message, details } }
  }
}
