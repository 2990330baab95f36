/*
 * Made by 'npm run views' from src/contracts/scheduler/kubernetes/fields.ts: change those.
 */
import { has, map, optional, scalar, single } from '../_protobuf'
import { View } from '../_view'
import { StringMap } from '../collections'
import { Text } from '../text'
import { Quantity } from '../values'
import { LocalObjectReference } from './references'
import { PersistentVolumeClaimTemplate } from './volume-claim'

/** Kubernetes' `CSIVolumeSource`. */
@unmanaged
@final
export class CSIVolumeSource extends View {
  get driver(): Text {
    return single<Text>(this, 1)
  }

  get hasReadOnly(): bool {
    return has(this, 2)
  }

  get readOnly(): bool {
    return scalar<bool>(this, 2)
  }

  get fsType(): Text | null {
    return optional<Text>(this, 3)
  }

  get volumeAttributes(): StringMap<Text> {
    return map<Text>(this, 4)
  }

  get nodePublishSecretRef(): LocalObjectReference | null {
    return optional<LocalObjectReference>(this, 5)
  }
}

/** Kubernetes' `EmptyDirVolumeSource`. */
@unmanaged
@final
export class EmptyDirVolumeSource extends View {
  get medium(): Text {
    return single<Text>(this, 1)
  }

  get sizeLimit(): Quantity | null {
    return optional<Quantity>(this, 2)
  }
}

/** Kubernetes' `EphemeralVolumeSource`. */
@unmanaged
@final
export class EphemeralVolumeSource extends View {
  get volumeClaimTemplate(): PersistentVolumeClaimTemplate | null {
    return optional<PersistentVolumeClaimTemplate>(this, 1)
  }
}

/** Kubernetes' `GitRepoVolumeSource`. */
@unmanaged
@final
export class GitRepoVolumeSource extends View {
  get repository(): Text {
    return single<Text>(this, 1)
  }

  get revision(): Text {
    return single<Text>(this, 2)
  }

  get directory(): Text {
    return single<Text>(this, 3)
  }
}

/** Kubernetes' `HostPathVolumeSource`. */
@unmanaged
@final
export class HostPathVolumeSource extends View {
  get path(): Text {
    return single<Text>(this, 1)
  }

  get type(): Text | null {
    return optional<Text>(this, 2)
  }
}

/** Kubernetes' `ImageVolumeSource`. */
@unmanaged
@final
export class ImageVolumeSource extends View {
  get reference(): Text {
    return single<Text>(this, 1)
  }

  get pullPolicy(): Text {
    return single<Text>(this, 2)
  }
}
