// Runs in a worker thread: hosts WebAssembly modules, and runs one activation after the other.
import { parentPort } from 'node:worker_threads'
import { MortiseError } from '../../errors.ts'
import { Mortise } from '../../host.ts'
import { wasm } from '../../wasm/wasm.ts'
import { protocolOf } from '../protocols/named.ts'
import type { Ended, Load, Order, Report } from './messages.ts'

interface Loaded {
  readonly call: (milliseconds: number, request: unknown) => unknown
  ran: boolean
  close(): Promise<void>
}

const modules = new Map<number, Promise<Loaded>>()

const report = (said: Report<unknown>): void => parentPort?.postMessage(said)

async function load({ name, protocol, bytes, config, deadline, memory, output }: Load): Promise<Loaded> {
  const host = new Mortise({
    runtimes: [wasm({ deadline, memory, output })],
    log: ({ call, source, level, text }) => report({ log: { call, source, level, text } }),
  })
  const inline = await (await protocolOf(protocol)).onWasm(host, name, bytes, { config, limits: {} })
  return {
    call: (milliseconds, request) =>
      milliseconds >= deadline ? inline.call(request) : inline.within(milliseconds, request),
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
async function run(order: Extract<Order<unknown>, { run: number }>): Promise<Ended<unknown>> {
  let start = worked()
  let warm = false
  let loaded: Loaded | undefined
  const ended = (): Pick<Ended<unknown>, 'took' | 'warm' | 'loaded'> => ({
    took: worked() - start,
    warm,
    loaded: loaded !== undefined,
  })
  try {
    loaded = await modules.get(order.run)
    if (loaded === undefined) throw new TypeError('the module was not loaded')
    if (order.request === undefined) return { answer: '', ...ended() }
    warm = loaded.ran
    loaded.ran = true
    start = worked()
    return { answer: loaded.call(order.milliseconds, order.request), ...ended() }
  } catch (error) {
    if (!MortiseError.is(error)) throw error
    const { code, message, details } = error
    return { error: { code, message, details }, ...ended() }
  }
}

async function obey(order: Order<unknown>): Promise<void> {
  if ('load' in order) {
    const loading = load(order)
    loading.catch(() => {})
    modules.set(order.load, loading)
  } else if ('unload' in order) {
    const loaded = modules.get(order.unload)
    modules.delete(order.unload)
    await (await loaded?.catch(() => undefined))?.close()
  } else report(await run(order))
}

parentPort?.on('message', (order: Order<unknown>) => void obey(order))
