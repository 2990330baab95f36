/*
 * Made by 'npm run views' from src/contracts/scheduler/kubernetes/fields.ts: change those.
 */
import { has, list, map, optional, scalar, single } from '../_protobuf'
import { View } from '../_view'
import { List, StringMap } from '../collections'
import { Text } from '../text'
import { Quantity, Time } from '../values'
import { ResourceRequirements } from './container'

/** Kubernetes' `ContainerState`. */
@unmanaged
@final
export class ContainerState extends View {
  get waiting(): ContainerStateWaiting | null {
    return optional<ContainerStateWaiting>(this, 1)
  }

  get running(): ContainerStateRunning | null {
    return optional<ContainerStateRunning>(this, 2)
  }

  get terminated(): ContainerStateTerminated | null {
    return optional<ContainerStateTerminated>(this, 3)
  }
}

/** Kubernetes' `ContainerStateRunning`. */
@unmanaged
@final
export class ContainerStateRunning extends View {
  get startedAt(): Time {
    return single<Time>(this, 1)
  }
}

/** Kubernetes' `ContainerStateTerminated`. */
@unmanaged
@final
export class ContainerStateTerminated extends View {
  get exitCode(): i32 {
    return scalar<i32>(this, 1)
  }

  get signal(): i32 {
    return scalar<i32>(this, 2)
  }

  get reason(): Text {
    return single<Text>(this, 3)
  }

  get message(): Text {
    return single<Text>(this, 4)
  }

  get startedAt(): Time {
    return single<Time>(this, 5)
  }

  get finishedAt(): Time {
    return single<Time>(this, 6)
  }

  get containerID(): Text {
    return single<Text>(this, 7)
  }
}

/** Kubernetes' `ContainerStateWaiting`. */
@unmanaged
@final
export class ContainerStateWaiting extends View {
  get reason(): Text {
    return single<Text>(this, 1)
  }

  get message(): Text {
    return single<Text>(this, 2)
  }
}

/** Kubernetes' `ContainerStatus`. */
@unmanaged
@final
export class ContainerStatus extends View {
  get name(): Text {
    return single<Text>(this, 1)
  }

  get state(): ContainerState {
    return single<ContainerState>(this, 2)
  }

  get lastState(): ContainerState {
    return single<ContainerState>(this, 3)
  }

  get ready(): bool {
    return scalar<bool>(this, 4)
  }

  get restartCount(): i32 {
    return scalar<i32>(this, 5)
  }

  get image(): Text {
    return single<Text>(this, 6)
  }

  get imageID(): Text {
    return single<Text>(this, 7)
  }

  get containerID(): Text {
    return single<Text>(this, 8)
  }

  get hasStarted(): bool {
    return has(this, 9)
  }

  get started(): bool {
    return scalar<bool>(this, 9)
  }

  get allocatedResources(): StringMap<Quantity> {
    return map<Quantity>(this, 10)
  }

  get resources(): ResourceRequirements | null {
    return optional<ResourceRequirements>(this, 11)
  }

  get volumeMounts(): List<VolumeMountStatus> {
    return list<VolumeMountStatus>(this, 12)
  }

  get user(): ContainerUser | null {
    return optional<ContainerUser>(this, 13)
  }

  get allocatedResourcesStatus(): List<ResourceStatus> {
    return list<ResourceStatus>(this, 14)
  }

  get stopSignal(): Text | null {
    return optional<Text>(this, 15)
  }
}

/** Kubernetes' `ContainerUser`. */
@unmanaged
@final
export class ContainerUser extends View {
  get linux(): LinuxContainerUser | null {
    return optional<LinuxContainerUser>(this, 1)
  }
}

/** Kubernetes' `LinuxContainerUser`. */
@unmanaged
@final
export class LinuxContainerUser extends View {
  get uid(): i64 {
    return scalar<i64>(this, 1)
  }

  get gid(): i64 {
    return scalar<i64>(this, 2)
  }

  get supplementalGroups(): List<i64> {
    return list<i64>(this, 3)
  }
}

/** Kubernetes' `ResourceHealth`. */
@unmanaged
@final
export class ResourceHealth extends View {
  get resourceID(): Text {
    return single<Text>(this, 1)
  }

  get health(): Text {
    return single<Text>(this, 2)
  }
}

/** Kubernetes' `ResourceStatus`. */
@unmanaged
@final
export class ResourceStatus extends View {
  get name(): Text {
    return single<Text>(this, 1)
  }

  get resources(): List<ResourceHealth> {
    return list<ResourceHealth>(this, 2)
  }
}

/** Kubernetes' `VolumeMountStatus`. */
@unmanaged
@final
export class VolumeMountStatus extends View {
  get name(): Text {
    return single<Text>(this, 1)
  }

  get mountPath(): Text {
    return single<Text>(this, 2)
  }

  get readOnly(): bool {
    return scalar<bool>(this, 3)
  }

  get recursiveReadOnly(): Text | null {
    return optional<Text>(this, 4)
  }
}
