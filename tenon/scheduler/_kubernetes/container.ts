/*
 * Made by 'npm run views' from src/contracts/scheduler/kubernetes/fields.ts: change those.
 */
import { list, map, optional, scalar, single } from '../_protobuf'
import { View } from '../_view'
import { List, StringMap } from '../collections'
import { Text } from '../text'
import { Quantity } from '../values'
import { EnvFromSource, EnvVar } from './environment'
import { Lifecycle, Probe } from './probe'
import { SecurityContext } from './security'
import { ResourceClaim } from './volume-claim'

/** Kubernetes' `Container`. */
@unmanaged
@final
export class Container extends View {
  get name(): Text {
    return single<Text>(this, 1)
  }

  get image(): Text {
    return single<Text>(this, 2)
  }

  get command(): List<Text> {
    return list<Text>(this, 3)
  }

  get args(): List<Text> {
    return list<Text>(this, 4)
  }

  get workingDir(): Text {
    return single<Text>(this, 5)
  }

  get ports(): List<ContainerPort> {
    return list<ContainerPort>(this, 6)
  }

  get env(): List<EnvVar> {
    return list<EnvVar>(this, 7)
  }

  get resources(): ResourceRequirements {
    return single<ResourceRequirements>(this, 8)
  }

  get volumeMounts(): List<VolumeMount> {
    return list<VolumeMount>(this, 9)
  }

  get livenessProbe(): Probe | null {
    return optional<Probe>(this, 10)
  }

  get readinessProbe(): Probe | null {
    return optional<Probe>(this, 11)
  }

  get lifecycle(): Lifecycle | null {
    return optional<Lifecycle>(this, 12)
  }

  get terminationMessagePath(): Text {
    return single<Text>(this, 13)
  }

  get imagePullPolicy(): Text {
    return single<Text>(this, 14)
  }

  get securityContext(): SecurityContext | null {
    return optional<SecurityContext>(this, 15)
  }

  get stdin(): bool {
    return scalar<bool>(this, 16)
  }

  get stdinOnce(): bool {
    return scalar<bool>(this, 17)
  }

  get tty(): bool {
    return scalar<bool>(this, 18)
  }

  get envFrom(): List<EnvFromSource> {
    return list<EnvFromSource>(this, 19)
  }

  get terminationMessagePolicy(): Text {
    return single<Text>(this, 20)
  }

  get volumeDevices(): List<VolumeDevice> {
    return list<VolumeDevice>(this, 21)
  }

  get startupProbe(): Probe | null {
    return optional<Probe>(this, 22)
  }

  get resizePolicy(): List<ContainerResizePolicy> {
    return list<ContainerResizePolicy>(this, 23)
  }

  get restartPolicy(): Text | null {
    return optional<Text>(this, 24)
  }
}

/** Kubernetes' `ContainerPort`. */
@unmanaged
@final
export class ContainerPort extends View {
  get name(): Text {
    return single<Text>(this, 1)
  }

  get hostPort(): i32 {
    return scalar<i32>(this, 2)
  }

  get containerPort(): i32 {
    return scalar<i32>(this, 3)
  }

  get protocol(): Text {
    return single<Text>(this, 4)
  }

  get hostIP(): Text {
    return single<Text>(this, 5)
  }
}

/** Kubernetes' `ContainerResizePolicy`. */
@unmanaged
@final
export class ContainerResizePolicy extends View {
  get resourceName(): Text {
    return single<Text>(this, 1)
  }

  get restartPolicy(): Text {
    return single<Text>(this, 2)
  }
}

/** Kubernetes' `ResourceRequirements`. */
@unmanaged
@final
export class ResourceRequirements extends View {
  get limits(): StringMap<Quantity> {
    return map<Quantity>(this, 1)
  }

  get requests(): StringMap<Quantity> {
    return map<Quantity>(this, 2)
  }

  get claims(): List<ResourceClaim> {
    return list<ResourceClaim>(this, 3)
  }
}

/** Kubernetes' `VolumeDevice`. */
@unmanaged
@final
export class VolumeDevice extends View {
  get name(): Text {
    return single<Text>(this, 1)
  }

  get devicePath(): Text {
    return single<Text>(this, 2)
  }
}

/** Kubernetes' `VolumeMount`. */
@unmanaged
@final
export class VolumeMount extends View {
  get name(): Text {
    return single<Text>(this, 1)
  }

  get readOnly(): bool {
    return scalar<bool>(this, 2)
  }

  get mountPath(): Text {
    return single<Text>(this, 3)
  }

  get subPath(): Text {
    return single<Text>(this, 4)
  }

  get mountPropagation(): Text | null {
    return optional<Text>(this, 5)
  }

  get subPathExpr(): Text {
    return single<Text>(this, 6)
  }

  get recursiveReadOnly(): Text | null {
    return optional<Text>(this, 7)
  }
}

/** Kubernetes' `VolumeResourceRequirements`. */
@unmanaged
@final
export class VolumeResourceRequirements extends View {
  get limits(): StringMap<Quantity> {
    return map<Quantity>(this, 1)
  }

  get requests(): StringMap<Quantity> {
    return map<Quantity>(this, 2)
  }
}
