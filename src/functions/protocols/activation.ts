import { activation as contract } from '../../contracts/action/activation.ts'
import { deadlineOf } from '../deadline.ts'
import type { Protocol } from './protocol.ts'

/** Functions: text in, text out. */
export const activation: Protocol<string, string> = {
  name: 'activation',
  deadlineOf,
  async onWasm(host, name, source, options) {
    const plugin = await host.plug(name, source, contract, options)
    const { main: call } = plugin.hooks
    return { digest: plugin.digest, call, within: (milliseconds, request) => plugin.within(milliseconds).main(request) }
  },
  async onEsm(host, name, source, options) {
    const { digest, hooks } = await host.plug(name, source, contract, options)
    return { digest, call: hooks.main }
  },
  async onProcess(host, name, source, options) {
    const { digest, hooks } = await host.plug(name, source, contract, { ...options, runtime: 'process' })
    return { digest, call: hooks.main }
  },
}
