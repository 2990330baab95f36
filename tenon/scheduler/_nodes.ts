import { room } from '../_room'
import { attempt } from './_attempt'
import * as host from './_host'
import * as json from './_json'
import { nodeInfoSize, setNodeInfo } from './_node-info'
import { ended, seek, sizeAt } from './_protobuf'
import { sizeOf, startOf } from './_text'
import { NodeInfo } from './node-info'
import { NodeInfoList } from './nodes'

const current: usize = memory.data(24, 8)

/** Internal: the node that a hook is about, at the beginning of it. */
export function currentNode(): NodeInfo {
  return setNodeInfo(current, 0, -1, 0, -1)
}

// @ts-ignore: decorator
@lazy let listAt: usize = 0
// @ts-ignore: decorator
@lazy let listLimit: i32 = 0
// @ts-ignore: decorator
@lazy let infosAt: usize = 0
// @ts-ignore: decorator
@lazy let infosLimit: usize = 0
// @ts-ignore: decorator
@lazy let listedIn: u32 = 0

/** Internal: all nodes, which are asked for once in an attempt. They are in memory of their own that is used again. */
export function allNodes(): NodeInfoList {
  if (infosAt != 0 && listedIn == attempt()) return changetype<NodeInfoList>(infosAt)
  let size = host.nodeList(listAt, listLimit)
  if (size > listLimit) {
    if (listAt != 0) heap.free(listAt)
    listLimit = size + (size >> 1)
    listAt = heap.alloc(listLimit)
    size = host.nodeList(listAt, listLimit)
  }
  listedIn = attempt()
  return indexed(listAt, listAt + size)
}

/** The items of a `NodeList`: its second field. */
function indexed(begin: usize, end: usize): NodeInfoList {
  let count = 0
  for (let at = seek(begin, end, 2); at != 0; at = seek(itemEnd(at, end), end, 2)) count++
  const wanted: usize = 8 + nodeInfoSize * count
  if (wanted > infosLimit) {
    if (infosAt != 0) heap.free(infosAt)
    infosLimit = wanted + (wanted >> 1)
    infosAt = heap.alloc(infosLimit)
  }
  store<i32>(infosAt, count)
  let info = infosAt + 8
  for (let at = seek(begin, end, 2); at != 0; at = seek(itemEnd(at, end), end, 2)) {
    const length = sizeAt(at, end)
    setNodeInfo(info, 0, -1, ended(), length)
    info += nodeInfoSize
  }
  return changetype<NodeInfoList>(infosAt)
}

function itemEnd(at: usize, end: usize): usize {
  const length = sizeAt(at, end)
  return ended() + length
}

/** Internal: nodes by their names, as a list in JSON. */
export function namedNodes(names: u64): NodeInfoList {
  json.open(names, 'what the host says of nodes')
  json.expect(0x5b)
  const begin = json.position()
  let count = 0
  for (; json.another(count == 0, 0x5d); count++) json.skipValue()
  json.resume(begin)
  const infos = room(1, 8 + nodeInfoSize * count, 8)
  store<i32>(infos, count)
  let info = infos + 8
  for (let i = 0; i < count; i++) {
    if (i > 0) json.expect(0x2c)
    const name = json.text()
    setNodeInfo(info, startOf(name), sizeOf(name), 0, -1)
    info += nodeInfoSize
  }
  return changetype<NodeInfoList>(infos)
}
