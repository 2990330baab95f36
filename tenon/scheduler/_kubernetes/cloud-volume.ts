/*
 * Made by 'npm run views' from src/contracts/scheduler/kubernetes/fields.ts: change those.
 */
import { has, optional, scalar, single } from '../_protobuf'
import { View } from '../_view'
import { Text } from '../text'
import { LocalObjectReference } from './references'

/** Kubernetes' `AWSElasticBlockStoreVolumeSource`. */
@unmanaged
@final
export class AWSElasticBlockStoreVolumeSource extends View {
  get volumeID(): Text {
    return single<Text>(this, 1)
  }

  get fsType(): Text {
    return single<Text>(this, 2)
  }

  get partition(): i32 {
    return scalar<i32>(this, 3)
  }

  get readOnly(): bool {
    return scalar<bool>(this, 4)
  }
}

/** Kubernetes' `AzureDiskVolumeSource`. */
@unmanaged
@final
export class AzureDiskVolumeSource extends View {
  get diskName(): Text {
    return single<Text>(this, 1)
  }

  get diskURI(): Text {
    return single<Text>(this, 2)
  }

  get cachingMode(): Text | null {
    return optional<Text>(this, 3)
  }

  get fsType(): Text | null {
    return optional<Text>(this, 4)
  }

  get hasReadOnly(): bool {
    return has(this, 5)
  }

  get readOnly(): bool {
    return scalar<bool>(this, 5)
  }

  get kind(): Text | null {
    return optional<Text>(this, 6)
  }
}

/** Kubernetes' `AzureFileVolumeSource`. */
@unmanaged
@final
export class AzureFileVolumeSource extends View {
  get secretName(): Text {
    return single<Text>(this, 1)
  }

  get shareName(): Text {
    return single<Text>(this, 2)
  }

  get readOnly(): bool {
    return scalar<bool>(this, 3)
  }
}

/** Kubernetes' `CinderVolumeSource`. */
@unmanaged
@final
export class CinderVolumeSource extends View {
  get volumeID(): Text {
    return single<Text>(this, 1)
  }

  get fsType(): Text {
    return single<Text>(this, 2)
  }

  get readOnly(): bool {
    return scalar<bool>(this, 3)
  }

  get secretRef(): LocalObjectReference | null {
    return optional<LocalObjectReference>(this, 4)
  }
}

/** Kubernetes' `GCEPersistentDiskVolumeSource`. */
@unmanaged
@final
export class GCEPersistentDiskVolumeSource extends View {
  get pdName(): Text {
    return single<Text>(this, 1)
  }

  get fsType(): Text {
    return single<Text>(this, 2)
  }

  get partition(): i32 {
    return scalar<i32>(this, 3)
  }

  get readOnly(): bool {
    return scalar<bool>(this, 4)
  }
}

/** Kubernetes' `PhotonPersistentDiskVolumeSource`. */
@unmanaged
@final
export class PhotonPersistentDiskVolumeSource extends View {
  get pdID(): Text {
    return single<Text>(this, 1)
  }

  get fsType(): Text {
    return single<Text>(this, 2)
  }
}

/** Kubernetes' `PortworxVolumeSource`. */
@unmanaged
@final
export class PortworxVolumeSource extends View {
  get volumeID(): Text {
    return single<Text>(this, 1)
  }

  get fsType(): Text {
    return single<Text>(this, 2)
  }

  get readOnly(): bool {
    return scalar<bool>(this, 3)
  }
}

/** Kubernetes' `QuobyteVolumeSource`. */
@unmanaged
@final
export class QuobyteVolumeSource extends View {
  get registry(): Text {
    return single<Text>(this, 1)
  }

  get volume(): Text {
    return single<Text>(this, 2)
  }

  get readOnly(): bool {
    return scalar<bool>(this, 3)
  }

  get user(): Text {
    return single<Text>(this, 4)
  }

  get group(): Text {
    return single<Text>(this, 5)
  }

  get tenant(): Text {
    return single<Text>(this, 6)
  }
}

/** Kubernetes' `ScaleIOVolumeSource`. */
@unmanaged
@final
export class ScaleIOVolumeSource extends View {
  get gateway(): Text {
    return single<Text>(this, 1)
  }

  get system(): Text {
    return single<Text>(this, 2)
  }

  get secretRef(): LocalObjectReference | null {
    return optional<LocalObjectReference>(this, 3)
  }

  get sslEnabled(): bool {
    return scalar<bool>(this, 4)
  }

  get protectionDomain(): Text {
    return single<Text>(this, 5)
  }

  get storagePool(): Text {
    return single<Text>(this, 6)
  }

  get storageMode(): Text {
    return single<Text>(this, 7)
  }

  get volumeName(): Text {
    return single<Text>(this, 8)
  }

  get fsType(): Text {
    return single<Text>(this, 9)
  }

  get readOnly(): bool {
    return scalar<bool>(this, 10)
  }
}

/** Kubernetes' `StorageOSVolumeSource`. */
@unmanaged
@final
export class StorageOSVolumeSource extends View {
  get volumeName(): Text {
    return single<Text>(this, 1)
  }

  get volumeNamespace(): Text {
    return single<Text>(this, 2)
  }

  get fsType(): Text {
    return single<Text>(this, 3)
  }

  get readOnly(): bool {
    return scalar<bool>(this, 4)
  }

  get secretRef(): LocalObjectReference | null {
    return optional<LocalObjectReference>(this, 5)
  }
}

/** Kubernetes' `VsphereVirtualDiskVolumeSource`. */
@unmanaged
@final
export class VsphereVirtualDiskVolumeSource extends View {
  get volumePath(): Text {
    return single<Text>(this, 1)
  }

  get fsType(): Text {
    return single<Text>(this, 2)
  }

  get storagePolicyName(): Text {
    return single<Text>(this, 3)
  }

  get storagePolicyID(): Text {
    return single<Text>(this, 4)
  }
}
