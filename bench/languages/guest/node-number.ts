import { CycleState, NodeInfo, Pod, StateData, Status, Text } from 'tenon/scheduler'

class Digit extends StateData {
  constructor(readonly value: u8) {
    super()
  }
}

/** The example node-number, without a log and events. */
export class NodeNumber {
  preScore(state: CycleState, pod: Pod): Status | null {
    const digit = last(pod.metadata.name)
    if (digit != 0) state.write('digit', new Digit(digit))
    return null
  }

  score(state: CycleState, pod: Pod, nodeInfo: NodeInfo): i32 {
    const digit = state.read<Digit>('digit')
    return digit === null || digit.value == last(nodeInfo.name) ? 10 : 0
  }
}

function last(name: Text): u8 {
  if (name.isEmpty) return 0
  const last = name[name.byteLength - 1]
  return last >= 0x30 && last <= 0x39 ? last : 0
}
