/*
 * Made by 'npm run views' from src/contracts/scheduler/kubernetes/fields.ts: change those.
 */
import { list, optional, scalar, single } from '../_protobuf'
import { View } from '../_view'
import { List } from '../collections'
import { Text } from '../text'
import { ContainerPort, ContainerResizePolicy, ResourceRequirements, VolumeDevice, VolumeMount } from './container'
import { EnvFromSource, EnvVar } from './environment'
import { Lifecycle, Probe } from './probe'
import { SecurityContext } from './security'

/** Kubernetes' `EphemeralContainer`. */
@unmanaged
@final
export class EphemeralContainer extends View {
  get name(): Text {
    return single<EphemeralContainerCommon>(this, 1).name
  }

  get image(): Text {
    return single<EphemeralContainerCommon>(this, 1).image
  }

  get command(): List<Text> {
    return single<EphemeralContainerCommon>(this, 1).command
  }

  get args(): List<Text> {
    return single<EphemeralContainerCommon>(this, 1).args
  }

  get workingDir(): Text {
    return single<EphemeralContainerCommon>(this, 1).workingDir
  }

  get ports(): List<ContainerPort> {
    return single<EphemeralContainerCommon>(this, 1).ports
  }

  get env(): List<EnvVar> {
    return single<EphemeralContainerCommon>(this, 1).env
  }

  get resources(): ResourceRequirements {
    return single<EphemeralContainerCommon>(this, 1).resources
  }

  get volumeMounts(): List<VolumeMount> {
    return single<EphemeralContainerCommon>(this, 1).volumeMounts
  }

  get livenessProbe(): Probe | null {
    return single<EphemeralContainerCommon>(this, 1).livenessProbe
  }

  get readinessProbe(): Probe | null {
    return single<EphemeralContainerCommon>(this, 1).readinessProbe
  }

  get lifecycle(): Lifecycle | null {
    return single<EphemeralContainerCommon>(this, 1).lifecycle
  }

  get terminationMessagePath(): Text {
    return single<EphemeralContainerCommon>(this, 1).terminationMessagePath
  }

  get imagePullPolicy(): Text {
    return single<EphemeralContainerCommon>(this, 1).imagePullPolicy
  }

  get securityContext(): SecurityContext | null {
    return single<EphemeralContainerCommon>(this, 1).securityContext
  }

  get stdin(): bool {
    return single<EphemeralContainerCommon>(this, 1).stdin
  }

  get stdinOnce(): bool {
    return single<EphemeralContainerCommon>(this, 1).stdinOnce
  }

  get tty(): bool {
    return single<EphemeralContainerCommon>(this, 1).tty
  }

  get envFrom(): List<EnvFromSource> {
    return single<EphemeralContainerCommon>(this, 1).envFrom
  }

  get terminationMessagePolicy(): Text {
    return single<EphemeralContainerCommon>(this, 1).terminationMessagePolicy
  }

  get volumeDevices(): List<VolumeDevice> {
    return single<EphemeralContainerCommon>(this, 1).volumeDevices
  }

  get startupProbe(): Probe | null {
    return single<EphemeralContainerCommon>(this, 1).startupProbe
  }

  get resizePolicy(): List<ContainerResizePolicy> {
    return single<EphemeralContainerCommon>(this, 1).resizePolicy
  }

  get restartPolicy(): Text | null {
    return single<EphemeralContainerCommon>(this, 1).restartPolicy
  }

  get targetContainerName(): Text {
    return single<Text>(this, 2)
  }
}

/** Kubernetes' `EphemeralContainerCommon`. */
@unmanaged
@final
export class EphemeralContainerCommon extends View {
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
