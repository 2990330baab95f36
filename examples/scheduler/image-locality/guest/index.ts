import { CycleState, ImageState, ImageStates, List, NodeInfo, Pod, Status, Text, fail, nodes } from 'tenon/scheduler'
import { Container } from 'tenon/scheduler/kubernetes'

const mebibyte: i64 = 1 << 20
/** Images that come to less are as good as none, and those that come to more as good as this. */
const least: i64 = 23 * mebibyte
const mostPerContainer: i64 = 1000 * mebibyte

/** Pods go to nodes that have their images already, those that few other nodes have counting less. */
export class ImageLocality {
  score(state: CycleState, pod: Pod, nodeInfo: NodeInfo): i32 {
    const all = nodes.list().length
    if (all == 0) return fail<i32>(Status.error('failed to list nodes'))
    const containers = pod.spec.containers
    const initContainers = pod.spec.initContainers
    const images = nodeInfo.imageStates
    const sum = sumOf(initContainers, images, all) + sumOf(containers, images, all)
    const most = mostPerContainer * (containers.length + initContainers.length)
    return <i32>((100 * (min(max(sum, least), most) - least)) / (most - least))
  }
}

/** The sizes of images that are there, each weighed by the share of nodes that have it: or else pods would crowd on few nodes. */
function sumOf(containers: List<Container>, images: ImageStates, all: i32): i64 {
  let sum: i64 = 0
  for (let i = 0; i < containers.length; i++) {
    const image = find(images, containers[i].image)
    if (image !== null) sum += <i64>(<f64>image.size * (<f64>image.numNodes / <f64>all))
  }
  return sum
}

function find(images: ImageStates, name: Text): ImageState | null {
  return hasTag(name) ? images.get(name) : images.get(name.toString() + ':latest')
}

/** A colon before the last slash is that of a port. */
function hasTag(name: Text): bool {
  let tagged = false
  for (let i = 0; i < name.byteLength; i++) {
    if (name[i] == 0x3a) tagged = true
    else if (name[i] == 0x2f) tagged = false
  }
  return tagged
}
