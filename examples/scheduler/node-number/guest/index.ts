import { Action, ClusterEvent, CycleState, NodeInfo, NodeInfoList, ObjectReference } from 'tenon/scheduler'
import { Pod, Resource, StateData, Status, Text, config, events, klog } from 'tenon/scheduler'

const key = 'PreScoreNodeNumber'

/** The last character of the pod's name, which is a digit. */
class LastDigit extends StateData {
  constructor(readonly digit: u8) {
    super()
  }
}

/** Pods go to nodes whose name ends in the same digit as theirs; with `{"reverse":true}` to the others. */
export class NodeNumber {
  readonly reverse: bool = config.flag('reverse')

  constructor() {
    if (config.raw() !== null) klog.info('NodeNumberArgs is successfully applied')
  }

  enqueue(): ClusterEvent[] {
    return [new ClusterEvent(Resource.Node, Action.Add)]
  }

  preScore(state: CycleState, pod: Pod): Status | null {
    klog.infoS('execute PreScore on NodeNumber plugin', ['pod', klog.kObj(pod.metadata)])
    const digit = lastDigit(pod.metadata.name)
    const matches = digit != 0
    if (matches) state.write(key, new LastDigit(digit))
    const reason = matches ? 'match lastNumber' : 'not match lastNumber'
    events.record(ObjectReference.pod(pod), null, 'Normal', reason, matches ? 'Continue' : 'Skip', '')
    return null
  }

  score(state: CycleState, pod: Pod, nodeInfo: NodeInfo): i32 {
    if (klog.isEnabled(0)) klog.infoS('execute Score on NodeNumber plugin', ['pod', klog.kObj(pod.metadata)])
    const wanted = state.read<LastDigit>(key)
    const matches = wanted === null || wanted.digit == lastDigit(nodeInfo.name)
    return matches != this.reverse ? 10 : 0
  }
}

/** The last character, if it is a digit, and 0 if it is none. */
function lastDigit(name: Text): u8 {
  if (name.isEmpty) return 0
  const last = name[name.byteLength - 1]
  return last >= 0x30 && last <= 0x39 ? last : 0
}
