import type { ApiClient } from '../../kubernetes/api-client.ts'
import type { BindingArgs } from './protocol.ts'

/** Binds pods by asking the API server for it, as kube-scheduler does. */
export class Binder {
  readonly #client: ApiClient

  constructor(client: ApiClient) {
    this.#client = client
  }

  /** @throws MortiseError `API_SERVER_FAILED` */
  async bind({ name, namespace, uid, node }: BindingArgs): Promise<void> {
    const [pod, space] = [encodeURIComponent(name), encodeURIComponent(namespace)]
    await this.#client.ask({
      method: 'POST',
      path: `/api/v1/namespaces/${space}/pods/${pod}/binding`,
      body: {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name, namespace, uid },
        target: { apiVersion: 'v1', kind: 'Node', name: node },
      },
    })
  }
}
