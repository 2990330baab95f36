import { inRange } from './_bounds'
import { room } from '../_room'
import { briefly } from './_attempt'
import * as json from './_json'
import { Node } from './_kubernetes/node'
import { nodeOffset, readInOffset } from './_node-info'
import { readImageStates, readNode, readNodeName } from './_reads'
import { sizeOf, startOf, utf8 } from './_text'
import { setView } from './_view'
import { Text } from './text'

/**
 * A node as the scheduler knows it. What of it is read is asked for when it is, so a plugin that only looks at names costs no more than
 * those.
 *
 * @example
 * ```ts
 * import { CycleState, NodeInfo, Pod, Status } from 'tenon/scheduler'
 *
 * export class Ready {
 *   filter(state: CycleState, pod: Pod, nodeInfo: NodeInfo): Status | null {
 *     if (!nodeInfo.exists) return Status.error('there is no node ' + nodeInfo.name.toString())
 *     return nodeInfo.node.spec.unschedulable ? Status.unresolvable('it takes no pods') : null
 *   }
 * }
 * ```
 */
@unmanaged
@final
export class NodeInfo {
  private readonly nameLength: i32
  private readonly nameAddress: usize
  private readonly nodeLength: i32
  private readonly nodeAddress: usize
  private readonly readIn: u32
  private readonly unused: u32

  /** Its name. */
  get name(): Text {
    if (this.nameLength < 0) {
      // One of a list knows its node, and the one that a hook is about knows nothing.
      if (this.nodeLength >= 0 && this.readIn == 0) return this.node.metadata.name
      const name = readNodeName()
      setView(changetype<usize>(this), startOf(name), sizeOf(name))
    }
    return changetype<Text>(this)
  }

  /** The node; without anything in it where the scheduler knows none of this name. */
  get node(): Node {
    const at = changetype<usize>(this) + nodeOffset
    if (this.nodeLength < 0 || (this.readIn != 0 && this.readIn != briefly())) {
      const name = this.name
      const node = readNode(load<usize>(changetype<usize>(name), 4), name.byteLength)
      setView(at, startOf(node), sizeOf(node))
      store<u32>(changetype<usize>(this), briefly(), readInOffset)
    }
    return changetype<Node>(at)
  }

  /** Whether the scheduler knows a node of this name. */
  get exists(): bool {
    return this.node.byteLength > 0
  }

  /** The images that are on it. The host is asked at every call. */
  get imageStates(): ImageStates {
    const name = this.name
    return parseImages(readImageStates(load<usize>(changetype<usize>(name), 4), name.byteLength))
  }
}

/**
 * An image on a node.
 *
 * @example
 * ```ts
 * import { CycleState, ImageState, NodeInfo, Pod } from 'tenon/scheduler'
 *
 * function megabytes(image: ImageState | null): i64 {
 *   return image === null ? 0 : image.size / 1_000_000
 * }
 *
 * export class Cached {
 *   score(state: CycleState, pod: Pod, nodeInfo: NodeInfo): i32 {
 *     return <i32>min<i64>(megabytes(nodeInfo.imageStates.get(pod.spec.containers[0].image)), 100)
 *   }
 * }
 * ```
 */
@unmanaged
@final
export class ImageState {
  private readonly nameLength: i32
  private readonly nameAddress: usize
  /** Its size in bytes. */
  readonly size: i64
  /** How many nodes have it. */
  readonly numNodes: i32

  /** A name of the image. */
  get name(): Text {
    return changetype<Text>(this)
  }
}

/**
 * The images on a node, by their names.
 *
 * @example
 * ```ts
 * import { CycleState, ImageStates, NodeInfo, Pod } from 'tenon/scheduler'
 *
 * function total(images: ImageStates): i64 {
 *   let bytes: i64 = 0
 *   for (let i = 0; i < images.length; i++) bytes += images[i].size
 *   return bytes
 * }
 *
 * export class Empty {
 *   score(state: CycleState, pod: Pod, nodeInfo: NodeInfo): i32 {
 *     return total(nodeInfo.imageStates) > 10_000_000_000 ? 0 : 100
 *   }
 * }
 * ```
 */
@unmanaged
@final
export class ImageStates {
  /** For editors, which know no operators. */
  [key: i32]: ImageState
  readonly length: i32

  @operator('[]') private at(index: i32): ImageState {
    inRange(index, this.length)
    return changetype<ImageState>(changetype<usize>(this) + 8 + imageSize * index)
  }

  /** The image of a name, a `string` or a `Text` with the tag; null where the node has not got it. */
  get<T>(image: T): ImageState | null {
    const packed = utf8<T>(image)
    for (let i = 0; i < this.length; i++) {
      const one = this.at(i)
      const name = one.name
      if (name.byteLength != sizeOf(packed)) continue
      if (memory.compare(load<usize>(changetype<usize>(one), 4), startOf(packed), name.byteLength) == 0) return one
    }
    return null
  }
}

const imageSize: usize = 24
/** The shortest that an element of such an object can be: `"":{},`. */
const shortest: i32 = 6

function parseImages(packed: u64): ImageStates {
  const images = room(1, 8 + imageSize * (sizeOf(packed) / shortest + 1), 8)
  let count = 0
  json.open(packed, 'what the host says of images')
  if (json.peek() == 0x7b) {
    json.expect(0x7b)
    for (let at = images + 8; json.another(count == 0, 0x7d); at += imageSize) {
      const name = json.text()
      setView(at, startOf(name), sizeOf(name))
      store<i64>(at, 0, 8)
      store<i32>(at, 0, 16)
      json.expect(0x3a)
      json.expect(0x7b)
      for (let first = true; json.another(first, 0x7d); first = false) parseImage(at)
      count++
    }
  }
  store<i32>(images, count)
  return changetype<ImageStates>(images)
}

function parseImage(at: usize): void {
  const field = json.text()
  json.expect(0x3a)
  // `Size` and `NumNodes`, the names that they have in Go.
  if (sizeOf(field) == 4 && load<u32>(startOf(field)) == 0x657a6953) {
    store<i64>(at, json.integer(), 8)
  } else if (sizeOf(field) == 8 && load<u64>(startOf(field)) == 0x7365646f4e6d754e) {
    store<i32>(at, <i32>json.integer(), 16)
  } else {
    json.skipValue()
  }
}
