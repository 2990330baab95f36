/*
 * Made by 'npm run views' from src/contracts/scheduler/kubernetes/fields.ts: change those.
 */
import { list, optional, scalar, single } from '../_protobuf'
import { View } from '../_view'
import { List } from '../collections'
import { Text } from '../text'
import { Time } from '../values'
import { ContainerStatus } from './container-status'

/** Kubernetes' `HostIP`. */
@unmanaged
@final
export class HostIP extends View {
  get ip(): Text {
    return single<Text>(this, 1)
  }
}

/** Kubernetes' `PodCondition`. */
@unmanaged
@final
export class PodCondition extends View {
  get type(): Text {
    return single<Text>(this, 1)
  }

  get status(): Text {
    return single<Text>(this, 2)
  }

  get lastProbeTime(): Time {
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

  get observedGeneration(): i64 {
    return scalar<i64>(this, 7)
  }
}

/** Kubernetes' `PodIP`. */
@unmanaged
@final
export class PodIP extends View {
  get ip(): Text {
    return single<Text>(this, 1)
  }
}

/** Kubernetes' `PodResourceClaimStatus`. */
@unmanaged
@final
export class PodResourceClaimStatus extends View {
  get name(): Text {
    return single<Text>(this, 1)
  }

  get resourceClaimName(): Text | null {
    return optional<Text>(this, 2)
  }
}

/** Kubernetes' `PodStatus`. */
@unmanaged
@final
export class PodStatus extends View {
  get phase(): Text {
    return single<Text>(this, 1)
  }

  get conditions(): List<PodCondition> {
    return list<PodCondition>(this, 2)
  }

  get message(): Text {
    return single<Text>(this, 3)
  }

  get reason(): Text {
    return single<Text>(this, 4)
  }

  get hostIP(): Text {
    return single<Text>(this, 5)
  }

  get podIP(): Text {
    return single<Text>(this, 6)
  }

  get startTime(): Time | null {
    return optional<Time>(this, 7)
  }

  get containerStatuses(): List<ContainerStatus> {
    return list<ContainerStatus>(this, 8)
  }

  get qosClass(): Text {
    return single<Text>(this, 9)
  }

  get initContainerStatuses(): List<ContainerStatus> {
    return list<ContainerStatus>(this, 10)
  }

  get nominatedNodeName(): Text {
    return single<Text>(this, 11)
  }

  get podIPs(): List<PodIP> {
    return list<PodIP>(this, 12)
  }

  get ephemeralContainerStatuses(): List<ContainerStatus> {
    return list<ContainerStatus>(this, 13)
  }

  get resize(): Text {
    return single<Text>(this, 14)
  }

  get resourceClaimStatuses(): List<PodResourceClaimStatus> {
    return list<PodResourceClaimStatus>(this, 15)
  }

  get hostIPs(): List<HostIP> {
    return list<HostIP>(this, 16)
  }

  get observedGeneration(): i64 {
    return scalar<i64>(this, 17)
  }
}
