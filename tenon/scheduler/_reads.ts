import { release, room } from '../_room'
import * as host from './_host'
import { pack } from './_text'

/*
 * What the host writes is asked for with as much room as was enough so far; where it is not, once more.
 */
const longestName: i32 = 256
let nodeSize: i32 = 4096
let textSize: i32 = 1024

/** Internal: the name of the node that a hook is about. */
export function readNodeName(): u64 {
  let at = room(longestName, 1, 1)
  const size = host.currentNodeName(at, longestName)
  if (size > longestName) {
    at = again(at, size)
    host.currentNodeName(at, size)
  }
  return taken(at, size)
}

/** Internal: a node by its name; nothing where there is none. */
export function readNode(name: usize, length: i32): u64 {
  let at = room(nodeSize, 1, 1)
  const size = host.node(name, length, at, nodeSize)
  if (size > nodeSize) {
    nodeSize = size
    at = again(at, size)
    host.node(name, length, at, size)
  }
  return taken(at, size)
}

/** Internal: the names of the nodes that are left, in JSON. */
export function readFilteredNodes(): u64 {
  let at = room(textSize, 1, 1)
  const size = host.filteredNodeList(at, textSize)
  if (size > textSize) {
    textSize = size
    at = again(at, size)
    host.filteredNodeList(at, size)
  }
  return taken(at, size)
}

/** Internal: the images on a node, in JSON. */
export function readImageStates(name: usize, length: i32): u64 {
  let at = room(textSize, 1, 1)
  const size = host.nodeImageStates(name, length, at, textSize)
  if (size > textSize) {
    textSize = size
    at = again(at, size)
    host.nodeImageStates(name, length, at, size)
  }
  return taken(at, size)
}

/** Internal: why nodes were refused, in JSON. */
export function readStatuses(): u64 {
  let at = room(textSize, 1, 1)
  const size = host.nodeToStatusMap(at, textSize)
  if (size > textSize) {
    textSize = size
    at = again(at, size)
    host.nodeToStatusMap(at, size)
  }
  return taken(at, size)
}

/** Internal: the scores of the nodes, in JSON. */
export function readScores(): u64 {
  let at = room(textSize, 1, 1)
  const size = host.nodeScoreList(at, textSize)
  if (size > textSize) {
    textSize = size
    at = again(at, size)
    host.nodeScoreList(at, size)
  }
  return taken(at, size)
}

function again(at: usize, size: i32): usize {
  release(at)
  return room(size, 1, 1)
}

/** Gives back the room that was not needed. */
function taken(at: usize, size: i32): u64 {
  release(at + size)
  return pack(at, size)
}
