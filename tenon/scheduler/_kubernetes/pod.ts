/*
 * Made by 'npm run views' from src/contracts/scheduler/kubernetes/fields.ts: change those.
 */
import { there } from '../_pods'
import { has, list, map, optional, scalar, single } from '../_protobuf'
import { View } from '../_view'
import { List, StringMap } from '../collections'
import { Text } from '../text'
import { Quantity } from '../values'
import { Affinity, Toleration, TopologySpreadConstraint } from './affinity'
import { Container, ResourceRequirements } from './container'
import { EphemeralContainer } from './ephemeral-container'
import { ObjectMeta } from './meta'
import { PodStatus } from './pod-status'
import { LocalObjectReference } from './references'
import { PodSecurityContext } from './security'
import { Volume } from './volume'
import { PodResourceClaim } from './volume-claim'

/** Kubernetes' `HostAlias`. */
@unmanaged
@final
export class HostAlias extends View {
  get ip(): Text {
    return single<Text>(this, 1)
  }

  get hostnames(): List<Text> {
    return list<Text>(this, 2)
  }
}

/** Kubernetes' `Pod`. */
@unmanaged
@final
export class Pod extends View {
  get metadata(): ObjectMeta {
    return single<ObjectMeta>(there(this), 1)
  }

  get spec(): PodSpec {
    return single<PodSpec>(there(this), 2)
  }

  get status(): PodStatus {
    return single<PodStatus>(there(this), 3)
  }
}

/** Kubernetes' `PodDNSConfig`. */
@unmanaged
@final
export class PodDNSConfig extends View {
  get nameservers(): List<Text> {
    return list<Text>(this, 1)
  }

  get searches(): List<Text> {
    return list<Text>(this, 2)
  }

  get options(): List<PodDNSConfigOption> {
    return list<PodDNSConfigOption>(this, 3)
  }
}

/** Kubernetes' `PodDNSConfigOption`. */
@unmanaged
@final
export class PodDNSConfigOption extends View {
  get name(): Text {
    return single<Text>(this, 1)
  }

  get value(): Text | null {
    return optional<Text>(this, 2)
  }
}

/** Kubernetes' `PodOS`. */
@unmanaged
@final
export class PodOS extends View {
  get name(): Text {
    return single<Text>(this, 1)
  }
}

/** Kubernetes' `PodReadinessGate`. */
@unmanaged
@final
export class PodReadinessGate extends View {
  get conditionType(): Text {
    return single<Text>(this, 1)
  }
}

/** Kubernetes' `PodSchedulingGate`. */
@unmanaged
@final
export class PodSchedulingGate extends View {
  get name(): Text {
    return single<Text>(this, 1)
  }
}

/** Kubernetes' `PodSpec`. */
@unmanaged
@final
export class PodSpec extends View {
  get volumes(): List<Volume> {
    return list<Volume>(this, 1)
  }

  get containers(): List<Container> {
    return list<Container>(this, 2)
  }

  get restartPolicy(): Text {
    return single<Text>(this, 3)
  }

  get hasTerminationGracePeriodSeconds(): bool {
    return has(this, 4)
  }

  get terminationGracePeriodSeconds(): i64 {
    return scalar<i64>(this, 4)
  }

  get hasActiveDeadlineSeconds(): bool {
    return has(this, 5)
  }

  get activeDeadlineSeconds(): i64 {
    return scalar<i64>(this, 5)
  }

  get dnsPolicy(): Text {
    return single<Text>(this, 6)
  }

  get nodeSelector(): StringMap<Text> {
    return map<Text>(this, 7)
  }

  get serviceAccountName(): Text {
    return single<Text>(this, 8)
  }

  get serviceAccount(): Text {
    return single<Text>(this, 9)
  }

  get nodeName(): Text {
    return single<Text>(this, 10)
  }

  get hostNetwork(): bool {
    return scalar<bool>(this, 11)
  }

  get hostPID(): bool {
    return scalar<bool>(this, 12)
  }

  get hostIPC(): bool {
    return scalar<bool>(this, 13)
  }

  get securityContext(): PodSecurityContext | null {
    return optional<PodSecurityContext>(this, 14)
  }

  get imagePullSecrets(): List<LocalObjectReference> {
    return list<LocalObjectReference>(this, 15)
  }

  get hostname(): Text {
    return single<Text>(this, 16)
  }

  get subdomain(): Text {
    return single<Text>(this, 17)
  }

  get affinity(): Affinity | null {
    return optional<Affinity>(this, 18)
  }

  get schedulerName(): Text {
    return single<Text>(this, 19)
  }

  get initContainers(): List<Container> {
    return list<Container>(this, 20)
  }

  get hasAutomountServiceAccountToken(): bool {
    return has(this, 21)
  }

  get automountServiceAccountToken(): bool {
    return scalar<bool>(this, 21)
  }

  get tolerations(): List<Toleration> {
    return list<Toleration>(this, 22)
  }

  get hostAliases(): List<HostAlias> {
    return list<HostAlias>(this, 23)
  }

  get priorityClassName(): Text {
    return single<Text>(this, 24)
  }

  get hasPriority(): bool {
    return has(this, 25)
  }

  get priority(): i32 {
    return scalar<i32>(this, 25)
  }

  get dnsConfig(): PodDNSConfig | null {
    return optional<PodDNSConfig>(this, 26)
  }

  get hasShareProcessNamespace(): bool {
    return has(this, 27)
  }

  get shareProcessNamespace(): bool {
    return scalar<bool>(this, 27)
  }

  get readinessGates(): List<PodReadinessGate> {
    return list<PodReadinessGate>(this, 28)
  }

  get runtimeClassName(): Text | null {
    return optional<Text>(this, 29)
  }

  get hasEnableServiceLinks(): bool {
    return has(this, 30)
  }

  get enableServiceLinks(): bool {
    return scalar<bool>(this, 30)
  }

  get preemptionPolicy(): Text | null {
    return optional<Text>(this, 31)
  }

  get overhead(): StringMap<Quantity> {
    return map<Quantity>(this, 32)
  }

  get topologySpreadConstraints(): List<TopologySpreadConstraint> {
    return list<TopologySpreadConstraint>(this, 33)
  }

  get ephemeralContainers(): List<EphemeralContainer> {
    return list<EphemeralContainer>(this, 34)
  }

  get hasSetHostnameAsFQDN(): bool {
    return has(this, 35)
  }

  get setHostnameAsFQDN(): bool {
    return scalar<bool>(this, 35)
  }

  get os(): PodOS | null {
    return optional<PodOS>(this, 36)
  }

  get hasHostUsers(): bool {
    return has(this, 37)
  }

  get hostUsers(): bool {
    return scalar<bool>(this, 37)
  }

  get schedulingGates(): List<PodSchedulingGate> {
    return list<PodSchedulingGate>(this, 38)
  }

  get resourceClaims(): List<PodResourceClaim> {
    return list<PodResourceClaim>(this, 39)
  }

  get resources(): ResourceRequirements | null {
    return optional<ResourceRequirements>(this, 40)
  }
}
