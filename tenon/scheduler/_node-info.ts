import { setView } from './_view'
import { NodeInfo } from './node-info'

/** Internal: where in a `NodeInfo` its node is, and the number of the hook that read it. */
export const nodeOffset: usize = 8
export const readInOffset: usize = 16

/** Internal: how much memory one takes. */
export const nodeInfoSize: usize = 24

/** Internal: makes one at a place, of what is known of it; a length of -1 says that it is not. */
export function setNodeInfo(at: usize, name: usize, nameLength: i32, node: usize, nodeLength: i32): NodeInfo {
  setView(at, name, nameLength)
  setView(at + nodeOffset, node, nodeLength)
  store<u32>(at, 0, readInOffset)
  return changetype<NodeInfo>(at)
}
