/*
 * Made by 'npm run views' from src/contracts/scheduler/kubernetes/fields.ts: change those.
 */
import { has, list, optional, scalar, single } from '../_protobuf'
import { View } from '../_view'
import { List } from '../collections'
import { Text } from '../text'
import { LabelSelector } from './meta'
import { KeyToPath, LocalObjectReference, ObjectFieldSelector, ResourceFieldSelector } from './references'

/** Kubernetes' `ClusterTrustBundleProjection`. */
@unmanaged
@final
export class ClusterTrustBundleProjection extends View {
  get name(): Text | null {
    return optional<Text>(this, 1)
  }

  get signerName(): Text | null {
    return optional<Text>(this, 2)
  }

  get labelSelector(): LabelSelector | null {
    return optional<LabelSelector>(this, 3)
  }

  get path(): Text {
    return single<Text>(this, 4)
  }

  get hasOptional(): bool {
    return has(this, 5)
  }

  get optional(): bool {
    return scalar<bool>(this, 5)
  }
}

/** Kubernetes' `ConfigMapProjection`. */
@unmanaged
@final
export class ConfigMapProjection extends View {
  get name(): Text {
    return single<LocalObjectReference>(this, 1).name
  }

  get items(): List<KeyToPath> {
    return list<KeyToPath>(this, 2)
  }

  get hasOptional(): bool {
    return has(this, 4)
  }

  get optional(): bool {
    return scalar<bool>(this, 4)
  }
}

/** Kubernetes' `ConfigMapVolumeSource`. */
@unmanaged
@final
export class ConfigMapVolumeSource extends View {
  get name(): Text {
    return single<LocalObjectReference>(this, 1).name
  }

  get items(): List<KeyToPath> {
    return list<KeyToPath>(this, 2)
  }

  get hasDefaultMode(): bool {
    return has(this, 3)
  }

  get defaultMode(): i32 {
    return scalar<i32>(this, 3)
  }

  get hasOptional(): bool {
    return has(this, 4)
  }

  get optional(): bool {
    return scalar<bool>(this, 4)
  }
}

/** Kubernetes' `DownwardAPIProjection`. */
@unmanaged
@final
export class DownwardAPIProjection extends View {
  get items(): List<DownwardAPIVolumeFile> {
    return list<DownwardAPIVolumeFile>(this, 1)
  }
}

/** Kubernetes' `DownwardAPIVolumeFile`. */
@unmanaged
@final
export class DownwardAPIVolumeFile extends View {
  get path(): Text {
    return single<Text>(this, 1)
  }

  get fieldRef(): ObjectFieldSelector | null {
    return optional<ObjectFieldSelector>(this, 2)
  }

  get resourceFieldRef(): ResourceFieldSelector | null {
    return optional<ResourceFieldSelector>(this, 3)
  }

  get hasMode(): bool {
    return has(this, 4)
  }

  get mode(): i32 {
    return scalar<i32>(this, 4)
  }
}

/** Kubernetes' `DownwardAPIVolumeSource`. */
@unmanaged
@final
export class DownwardAPIVolumeSource extends View {
  get items(): List<DownwardAPIVolumeFile> {
    return list<DownwardAPIVolumeFile>(this, 1)
  }

  get hasDefaultMode(): bool {
    return has(this, 2)
  }

  get defaultMode(): i32 {
    return scalar<i32>(this, 2)
  }
}

/** Kubernetes' `ProjectedVolumeSource`. */
@unmanaged
@final
export class ProjectedVolumeSource extends View {
  get sources(): List<VolumeProjection> {
    return list<VolumeProjection>(this, 1)
  }

  get hasDefaultMode(): bool {
    return has(this, 2)
  }

  get defaultMode(): i32 {
    return scalar<i32>(this, 2)
  }
}

/** Kubernetes' `SecretProjection`. */
@unmanaged
@final
export class SecretProjection extends View {
  get name(): Text {
    return single<LocalObjectReference>(this, 1).name
  }

  get items(): List<KeyToPath> {
    return list<KeyToPath>(this, 2)
  }

  get hasOptional(): bool {
    return has(this, 4)
  }

  get optional(): bool {
    return scalar<bool>(this, 4)
  }
}

/** Kubernetes' `SecretVolumeSource`. */
@unmanaged
@final
export class SecretVolumeSource extends View {
  get secretName(): Text {
    return single<Text>(this, 1)
  }

  get items(): List<KeyToPath> {
    return list<KeyToPath>(this, 2)
  }

  get hasDefaultMode(): bool {
    return has(this, 3)
  }

  get defaultMode(): i32 {
    return scalar<i32>(this, 3)
  }

  get hasOptional(): bool {
    return has(this, 4)
  }

  get optional(): bool {
    return scalar<bool>(this, 4)
  }
}

/** Kubernetes' `ServiceAccountTokenProjection`. */
@unmanaged
@final
export class ServiceAccountTokenProjection extends View {
  get audience(): Text {
    return single<Text>(this, 1)
  }

  get hasExpirationSeconds(): bool {
    return has(this, 2)
  }

  get expirationSeconds(): i64 {
    return scalar<i64>(this, 2)
  }

  get path(): Text {
    return single<Text>(this, 3)
  }
}

/** Kubernetes' `VolumeProjection`. */
@unmanaged
@final
export class VolumeProjection extends View {
  get secret(): SecretProjection | null {
    return optional<SecretProjection>(this, 1)
  }

  get downwardAPI(): DownwardAPIProjection | null {
    return optional<DownwardAPIProjection>(this, 2)
  }

  get configMap(): ConfigMapProjection | null {
    return optional<ConfigMapProjection>(this, 3)
  }

  get serviceAccountToken(): ServiceAccountTokenProjection | null {
    return optional<ServiceAccountTokenProjection>(this, 4)
  }

  get clusterTrustBundle(): ClusterTrustBundleProjection | null {
    return optional<ClusterTrustBundleProjection>(this, 5)
  }
}
