import { field, textOf } from '../../contracts/scheduler/fields.ts'
import { NodeSnapshot } from '../../contracts/scheduler/nodes.ts'
import type { SharedNodes } from './messages.ts'

/** The nodes of a snapshot for other threads: what is encoded of them is shared, and not made there again. */
export function shareNodes(snapshot: NodeSnapshot): SharedNodes {
  const all = snapshot.names.map((name) => snapshot.encoded(name))
  let size = 0
  const ends = all.map(({ length }) => (size += length))
  const bytes = new SharedArrayBuffer(size)
  const to = new Uint8Array(bytes)
  for (const [index, node] of all.entries()) to.set(node, index === 0 ? 0 : ends[index - 1])
  const encoded = snapshot.encodedList()
  const list = new SharedArrayBuffer(encoded.length)
  new Uint8Array(list).set(encoded)
  const nodes = snapshot.names.map((name) => ({
    metadata: { name },
    status: { images: field(snapshot.get(name), 'status', 'images') },
  }))
  return { nodes, bytes, ends, list }
}

/** A snapshot that another thread has encoded. */
export class EncodedNodes extends NodeSnapshot {
  readonly #encoded: ReadonlyMap<string, Uint8Array>
  readonly #list: Uint8Array

  constructor({ nodes, bytes, ends, list }: SharedNodes) {
    super(nodes)
    this.#encoded = new Map(
      nodes.map((node, index) => {
        const begin = index === 0 ? 0 : (ends[index - 1] ?? 0)
        return [textOf(field(node, 'metadata', 'name')), new Uint8Array(bytes, begin, (ends[index] ?? begin) - begin)]
      }),
    )
    this.#list = new Uint8Array(list)
  }

  override encoded(name: string): Uint8Array {
    return this.#encoded.get(name) ?? new Uint8Array(0)
  }

  override encodedList(): Uint8Array {
    return this.#list
  }
}
