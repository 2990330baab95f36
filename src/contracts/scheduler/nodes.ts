import { goJson } from './go-json.ts'
import { encodeNode, encodeNodeList, type KubernetesObject } from './kubernetes/object.ts'
import { field, listOf, textOf } from './fields.ts'

const encoder = new TextEncoder()
const nothing = new Uint8Array(0)

/**
 * The nodes of a cluster at one moment, as plugins see them. What is encoded of it for guests is kept, so make one for all that see
 * the same nodes.
 *
 * @example
 * ```ts
 * import { NodeSnapshot } from 'mortise/scheduler'
 *
 * const nodes = new NodeSnapshot([{ metadata: { name: 'node-1' } }, { metadata: { name: 'node-2' } }])
 * console.log(nodes.names)
 * ```
 */
export class NodeSnapshot {
  /** In the order in which guests see the nodes. */
  readonly names: readonly string[]
  readonly #nodes: ReadonlyMap<string, KubernetesObject>
  readonly #names = new Map<string, Uint8Array>()
  readonly #imageStates = new Map<string, Uint8Array>()
  #images: ReadonlyMap<string, number> | undefined
  #list: Uint8Array | undefined

  /** @param nodes - of several with one name the last counts */
  constructor(nodes: Iterable<KubernetesObject>) {
    this.#nodes = new Map(Array.from(nodes, (node) => [textOf(field(node, 'metadata', 'name')), node]))
    this.names = Object.freeze([...this.#nodes.keys()])
  }

  get(name: string): KubernetesObject | undefined {
    return this.#nodes.get(name)
  }

  /** A node in protobuf; empty for one that is not there. */
  encoded(name: string): Uint8Array {
    const node = this.#nodes.get(name)
    return node === undefined ? nothing : encodeNode(node)
  }

  /** All nodes in protobuf. */
  encodedList(): Uint8Array {
    return (this.#list ??= encodeNodeList([...this.#nodes.values()]))
  }

  /** The images of a node by name, each with its size and on how many nodes it is, as JSON; `null` for a node that is not there. */
  encodedImageStates(name: string): Uint8Array {
    return this.#imageStates.get(name) ?? this.#kept(this.#imageStates, name, goJson(this.#states(name)))
  }

  /** The name of a node in UTF-8. */
  encodedName(name: string): Uint8Array {
    return this.#names.get(name) ?? this.#kept(this.#names, name, name)
  }

  /** Names that are no node's are not kept: there is no end to them. */
  #kept(all: Map<string, Uint8Array>, name: string, text: string): Uint8Array {
    const bytes = encoder.encode(text)
    if (this.#nodes.has(name)) all.set(name, bytes)
    return bytes
  }

  #states(name: string): Readonly<Record<string, unknown>> | null {
    const node = this.#nodes.get(name)
    if (node === undefined) return null
    const counts = (this.#images ??= countImages(this.#nodes.values()))
    return Object.fromEntries(
      imagesOf(node).map(([image, size]) => [image, { Size: size, NumNodes: counts.get(image) ?? 0 }]),
    )
  }
}

/** On how many nodes each image is. */
function countImages(nodes: Iterable<KubernetesObject>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const node of nodes) {
    const names = new Set(imagesOf(node).map(([image]) => image))
    for (const image of names) counts.set(image, (counts.get(image) ?? 0) + 1)
  }
  return counts
}

/** Every name of every image on a node, with its size. */
function imagesOf(node: KubernetesObject): readonly (readonly [image: string, size: number])[] {
  return listOf(field(node, 'status', 'images')).flatMap((image) => {
    const size = field(image, 'sizeBytes')
    return listOf(field(image, 'names')).map((name) => [textOf(name), typeof size === 'number' ? size : 0] as const)
  })
}
