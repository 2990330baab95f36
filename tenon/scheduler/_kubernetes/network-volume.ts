/*
 * Made by 'npm run views' from src/contracts/scheduler/kubernetes/fields.ts: change those.
 */
import { has, list, map, optional, scalar, single } from '../_protobuf'
import { View } from '../_view'
import { List, StringMap } from '../collections'
import { Text } from '../text'
import { LocalObjectReference } from './references'

/** Kubernetes' `CephFSVolumeSource`. */
@unmanaged
@final
export class CephFSVolumeSource extends View {
  get monitors(): List<Text> {
    return list<Text>(this, 1)
  }

  get path(): Text {
    return single<Text>(this, 2)
  }

  get user(): Text {
    return single<Text>(this, 3)
  }

  get secretFile(): Text {
    return single<Text>(this, 4)
  }

  get secretRef(): LocalObjectReference | null {
    return optional<LocalObjectReference>(this, 5)
  }

  get readOnly(): bool {
    return scalar<bool>(this, 6)
  }
}

/** Kubernetes' `FCVolumeSource`. */
@unmanaged
@final
export class FCVolumeSource extends View {
  get targetWWNs(): List<Text> {
    return list<Text>(this, 1)
  }

  get hasLun(): bool {
    return has(this, 2)
  }

  get lun(): i32 {
    return scalar<i32>(this, 2)
  }

  get fsType(): Text {
    return single<Text>(this, 3)
  }

  get readOnly(): bool {
    return scalar<bool>(this, 4)
  }

  get wwids(): List<Text> {
    return list<Text>(this, 5)
  }
}

/** Kubernetes' `FlexVolumeSource`. */
@unmanaged
@final
export class FlexVolumeSource extends View {
  get driver(): Text {
    return single<Text>(this, 1)
  }

  get fsType(): Text {
    return single<Text>(this, 2)
  }

  get secretRef(): LocalObjectReference | null {
    return optional<LocalObjectReference>(this, 3)
  }

  get readOnly(): bool {
    return scalar<bool>(this, 4)
  }

  get options(): StringMap<Text> {
    return map<Text>(this, 5)
  }
}

/** Kubernetes' `FlockerVolumeSource`. */
@unmanaged
@final
export class FlockerVolumeSource extends View {
  get datasetName(): Text {
    return single<Text>(this, 1)
  }

  get datasetUUID(): Text {
    return single<Text>(this, 2)
  }
}

/** Kubernetes' `GlusterfsVolumeSource`. */
@unmanaged
@final
export class GlusterfsVolumeSource extends View {
  get endpoints(): Text {
    return single<Text>(this, 1)
  }

  get path(): Text {
    return single<Text>(this, 2)
  }

  get readOnly(): bool {
    return scalar<bool>(this, 3)
  }
}

/** Kubernetes' `ISCSIVolumeSource`. */
@unmanaged
@final
export class ISCSIVolumeSource extends View {
  get targetPortal(): Text {
    return single<Text>(this, 1)
  }

  get iqn(): Text {
    return single<Text>(this, 2)
  }

  get lun(): i32 {
    return scalar<i32>(this, 3)
  }

  get iscsiInterface(): Text {
    return single<Text>(this, 4)
  }

  get fsType(): Text {
    return single<Text>(this, 5)
  }

  get readOnly(): bool {
    return scalar<bool>(this, 6)
  }

  get portals(): List<Text> {
    return list<Text>(this, 7)
  }

  get chapAuthDiscovery(): bool {
    return scalar<bool>(this, 8)
  }

  get secretRef(): LocalObjectReference | null {
    return optional<LocalObjectReference>(this, 10)
  }

  get chapAuthSession(): bool {
    return scalar<bool>(this, 11)
  }

  get initiatorName(): Text | null {
    return optional<Text>(this, 12)
  }
}

/** Kubernetes' `NFSVolumeSource`. */
@unmanaged
@final
export class NFSVolumeSource extends View {
  get server(): Text {
    return single<Text>(this, 1)
  }

  get path(): Text {
    return single<Text>(this, 2)
  }

  get readOnly(): bool {
    return scalar<bool>(this, 3)
  }
}

/** Kubernetes' `RBDVolumeSource`. */
@unmanaged
@final
export class RBDVolumeSource extends View {
  get monitors(): List<Text> {
    return list<Text>(this, 1)
  }

  get image(): Text {
    return single<Text>(this, 2)
  }

  get fsType(): Text {
    return single<Text>(this, 3)
  }

  get pool(): Text {
    return single<Text>(this, 4)
  }

  get user(): Text {
    return single<Text>(this, 5)
  }

  get keyring(): Text {
    return single<Text>(this, 6)
  }

  get secretRef(): LocalObjectReference | null {
    return optional<LocalObjectReference>(this, 7)
  }

  get readOnly(): bool {
    return scalar<bool>(this, 8)
  }
}
