/*
 * Made by 'npm run views' from src/contracts/scheduler/kubernetes/fields.ts: change those.
 */
import { has, list, map, optional, scalar, single } from '../_protobuf'
import { View } from '../_view'
import { List, StringMap } from '../collections'
import { Text } from '../text'
import { Quantity, Time } from '../values'
import { ContainerImage } from './container-image'
import { ListMeta, ObjectMeta } from './meta'
import {
  AttachedVolume,
  NodeConfigSource,
  NodeConfigStatus,
  NodeDaemonEndpoints,
  NodeFeatures,
  NodeRuntimeHandler,
} from './node-status'

/** Kubernetes' `Node`. */
@unmanaged
@final
export class Node extends View {
  get metadata(): ObjectMeta {
    return single<ObjectMeta>(this, 1)
  }

  get spec(): NodeSpec {
    return single<NodeSpec>(this, 2)
  }

  get status(): NodeStatus {
    return single<NodeStatus>(this, 3)
  }
}

/** Kubernetes' `NodeAddress`. */
@unmanaged
@final
export class NodeAddress extends View {
  get type(): Text {
    return single<Text>(this, 1)
  }

  get address(): Text {
    return single<Text>(this, 2)
  }
}

/** Kubernetes' `NodeCondition`. */
@unmanaged
@final
export class NodeCondition extends View {
  get type(): Text {
    return single<Text>(this, 1)
  }

  get status(): Text {
    return single<Text>(this, 2)
  }

  get lastHeartbeatTime(): Time {
    return single<Time>(this, 3)
  }

  get lastTransitionTime(): Time {
    return single<Time>(this, 4)
  }

  get reason(): Text {
    return single<Text>(this, 5)
  }

  get message(): Text {
    return single<Text>(this, 6)
  }
}

/** Kubernetes' `NodeList`. */
@unmanaged
@final
export class NodeList extends View {
  get metadata(): ListMeta {
    return single<ListMeta>(this, 1)
  }

  get items(): List<Node> {
    return list<Node>(this, 2)
  }
}

/** Kubernetes' `NodeSpec`. */
@unmanaged
@final
export class NodeSpec extends View {
  get podCIDR(): Text {
    return single<Text>(this, 1)
  }

  get externalID(): Text {
    return single<Text>(this, 2)
  }

  get providerID(): Text {
    return single<Text>(this, 3)
  }

  get unschedulable(): bool {
    return scalar<bool>(this, 4)
  }

  get taints(): List<Taint> {
    return list<Taint>(this, 5)
  }

  get configSource(): NodeConfigSource | null {
    return optional<NodeConfigSource>(this, 6)
  }

  get podCIDRs(): List<Text> {
    return list<Text>(this, 7)
  }
}

/** Kubernetes' `NodeStatus`. */
@unmanaged
@final
export class NodeStatus extends View {
  get capacity(): StringMap<Quantity> {
    return map<Quantity>(this, 1)
  }

  get allocatable(): StringMap<Quantity> {
    return map<Quantity>(this, 2)
  }

  get phase(): Text {
    return single<Text>(this, 3)
  }

  get conditions(): List<NodeCondition> {
    return list<NodeCondition>(this, 4)
  }

  get addresses(): List<NodeAddress> {
    return list<NodeAddress>(this, 5)
  }

  get daemonEndpoints(): NodeDaemonEndpoints {
    return single<NodeDaemonEndpoints>(this, 6)
  }

  get nodeInfo(): NodeSystemInfo {
    return single<NodeSystemInfo>(this, 7)
  }

  get images(): List<ContainerImage> {
    return list<ContainerImage>(this, 8)
  }

  get volumesInUse(): List<Text> {
    return list<Text>(this, 9)
  }

  get volumesAttached(): List<AttachedVolume> {
    return list<AttachedVolume>(this, 10)
  }

  get config(): NodeConfigStatus | null {
    return optional<NodeConfigStatus>(this, 11)
  }

  get runtimeHandlers(): List<NodeRuntimeHandler> {
    return list<NodeRuntimeHandler>(this, 12)
  }

  get features(): NodeFeatures | null {
    return optional<NodeFeatures>(this, 13)
  }
}

/** Kubernetes' `NodeSwapStatus`. */
@unmanaged
@final
export class NodeSwapStatus extends View {
  get hasCapacity(): bool {
    return has(this, 1)
  }

  get capacity(): i64 {
    return scalar<i64>(this, 1)
  }
}

/** Kubernetes' `NodeSystemInfo`. */
@unmanaged
@final
export class NodeSystemInfo extends View {
  get machineID(): Text {
    return single<Text>(this, 1)
  }

  get systemUUID(): Text {
    return single<Text>(this, 2)
  }

  get bootID(): Text {
    return single<Text>(this, 3)
  }

  get kernelVersion(): Text {
    return single<Text>(this, 4)
  }

  get osImage(): Text {
    return single<Text>(this, 5)
  }

  get containerRuntimeVersion(): Text {
    return single<Text>(this, 6)
  }

  get kubeletVersion(): Text {
    return single<Text>(this, 7)
  }

  get kubeProxyVersion(): Text {
    return single<Text>(this, 8)
  }

  get operatingSystem(): Text {
    return single<Text>(this, 9)
  }

  get architecture(): Text {
    return single<Text>(this, 10)
  }

  get swap(): NodeSwapStatus | null {
    return optional<NodeSwapStatus>(this, 11)
  }
}

/** Kubernetes' `Taint`. */
@unmanaged
@final
export class Taint extends View {
  get key(): Text {
    return single<Text>(this, 1)
  }

  get value(): Text {
    return single<Text>(this, 2)
  }

  get effect(): Text {
    return single<Text>(this, 3)
  }

  get timeAdded(): Time | null {
    return optional<Time>(this, 4)
  }
}
