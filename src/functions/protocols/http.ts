import { http as contract, type HttpRequest, type HttpResponse } from '../../contracts/http/http.ts'
import type { Protocol } from './protocol.ts'

/** Sites: an HTTP request in, its response out. */
export const http: Protocol<HttpRequest, HttpResponse> = {
  name: 'http',
  deadlineOf: () => Infinity,
  async onWasm(host, name, source, options) {
    const plugin = await host.plug(name, source, contract, options)
    const { fetch: call } = plugin.hooks
    return {
      digest: plugin.digest,
      call,
      within: (milliseconds, request) => plugin.within(milliseconds).fetch(request),
    }
  },
  async onEsm(host, name, source, options) {
    const { digest, hooks, handOver } = await host.plug(name, source, contract, options)
    return { digest, handOver, call: hooks.fetch }
  },
  async onProcess(host, name, source, options) {
    const { digest, hooks, handOver } = await host.plug(name, source, contract, { ...options, runtime: 'process' })
    return { digest, handOver, call: hooks.fetch }
  },
}
