import { encodeObject, type ObjectName } from './encode.ts'
import { isObject } from './values.ts'
import { Writer } from './writer.ts'

/**
 * An object of Kubernetes as JSON has it: what `kubectl get -o json` prints.
 *
 * It is encoded once and not read again: a new version is a new object.
 */
export type KubernetesObject = Readonly<Record<string, unknown>>

const encoded: Readonly<Record<ObjectName, WeakMap<object, Uint8Array<ArrayBuffer>>>> = {
  Pod: new WeakMap(),
  Node: new WeakMap(),
}
const lists = new WeakMap<readonly KubernetesObject[], Uint8Array<ArrayBuffer>>()
const writer = new Writer()

/**
 * A pod in protobuf, as Kubernetes' own marshaller writes a `v1.Pod`. The bytes are kept as long as the object is.
 *
 * @throws MortiseError `INPUT_INVALID`
 */
export function encodePod(pod: KubernetesObject): Uint8Array<ArrayBuffer> {
  return once('Pod', pod)
}

/**
 * A node in protobuf, as a `v1.Node`. The bytes are kept as long as the object is.
 *
 * @throws MortiseError `INPUT_INVALID`
 */
export function encodeNode(node: KubernetesObject): Uint8Array<ArrayBuffer> {
  return once('Node', node)
}

/**
 * Nodes in protobuf, as a `v1.NodeList`. The bytes are kept as long as the list is, and those of the nodes are used.
 *
 * @throws MortiseError `INPUT_INVALID`
 */
export function encodeNodeList(nodes: readonly KubernetesObject[]): Uint8Array<ArrayBuffer> {
  const known = lists.get(nodes)
  if (known !== undefined) return known
  const all = nodes.map(encodeNode)
  writer.clear()
  for (const bytes of all.toReversed()) {
    writer.raw(bytes)
    writer.varint(bytes.length)
    writer.varint(2 * 8 + 2)
  }
  writer.raw(emptyListMeta)
  const bytes = writer.take()
  lists.set(nodes, bytes)
  return bytes
}

/** Field 1, with `selfLink`, `resourceVersion` and `continue` empty: a snapshot has none of them. */
const emptyListMeta = Uint8Array.of(0x0a, 6, 0x0a, 0, 0x12, 0, 0x1a, 0)

function once(name: ObjectName, object: KubernetesObject): Uint8Array<ArrayBuffer> {
  const kept = encoded[name]
  const known = kept.get(object)
  if (known !== undefined) return known
  const bytes = encodeObject(name, object)
  if (isObject(object)) kept.set(object, bytes)
  return bytes
}
