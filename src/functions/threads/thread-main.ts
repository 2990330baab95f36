// Runs in a worker thread: hosts WebAssembly functions, and runs one activation after the other.
import { parentPort } from 'node:worker_threads'
import { activation } from '../../contracts/action/activation.ts'
import { MortiseError } from '../../errors.ts'
import { Mortise } from '../../host.ts'
import { wasm } from '../../wasm/wasm.ts'
import type { Ended, Load, Order, Report } from './messages.ts'

interface Loaded {
  readonly main: (milliseconds: number) => (request: string) => string
  ran: boolean
  close(): Promise<void>
}

const functions = new Map<number, Promise<Loaded>>()

const report = (said: Report): void => parentPort?.postMessage(said)

async function load({ name, bytes, config, deadline, memory, output }: Load): Promise<Loaded> {
  const host = new Mortise({
    runtimes: [wasm({ deadline, memory, output })],
    log: ({ call, source, level, text }) => report({ log: { call, source, level, text } }),
  })
  const plugin = await host.plug(name, bytes, activation, { config })
  return {
    main: (milliseconds) => (milliseconds >= deadline ? plugin.hooks.main : plugin.within(milliseconds).main),
    ran: false,
    close: () => host.close(),
  }
}

/** Milliseconds that this thread has had the processor. */
function worked(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** What is not one of our errors ends the thread, and the other side says so. */
async function run(order: Extract<Order, { run: number }>): Promise<Ended> {
  let start = worked()
  let warm = false
  let loaded: Loaded | undefined
  const ended = (): Pick<Ended, 'took' | 'warm' | 'loaded'> => ({
    took: worked() - start,
    warm,
    loaded: loaded !== undefined,
  })
  try {
    loaded = await functions.get(order.run)
    if (loaded === undefined) throw new TypeError('the function was not loaded')
    if (order.request === undefined) return { answer: '', ...ended() }
    warm = loaded.ran
    loaded.ran = true
    start = worked()
    return { answer: loaded.main(order.milliseconds)(order.request), ...ended() }
  } catch (error) {
    if (!MortiseError.is(error)) throw error
    const { code, message, details } = error
    return { error: { code, message, details }, ...ended() }
  }
}

async function obey(order: Order): Promise<void> {
  if ('load' in order) {
    const loading = load(order)
    loading.catch(() => {})
    functions.set(order.load, loading)
  } else if ('unload' in order) {
    const loaded = functions.get(order.unload)
    functions.delete(order.unload)
    await (await loaded?.catch(() => undefined))?.close()
  } else report(await run(order))
}

parentPort?.on('message', (order: Order) => void obey(order))
