/*
 * Made by 'npm run views' from src/contracts/scheduler/kubernetes/fields.ts: change those.
 */
import { list, optional, scalar, single } from '../_protobuf'
import { View } from '../_view'
import { List } from '../collections'
import { Text } from '../text'
import { VolumeResourceRequirements } from './container'
import { LabelSelector, ObjectMeta } from './meta'
import { TypedLocalObjectReference, TypedObjectReference } from './references'

/** Kubernetes' `PersistentVolumeClaimSpec`. */
@unmanaged
@final
export class PersistentVolumeClaimSpec extends View {
  get accessModes(): List<Text> {
    return list<Text>(this, 1)
  }

  get resources(): VolumeResourceRequirements {
    return single<VolumeResourceRequirements>(this, 2)
  }

  get volumeName(): Text {
    return single<Text>(this, 3)
  }

  get selector(): LabelSelector | null {
    return optional<LabelSelector>(this, 4)
  }

  get storageClassName(): Text | null {
    return optional<Text>(this, 5)
  }

  get volumeMode(): Text | null {
    return optional<Text>(this, 6)
  }

  get dataSource(): TypedLocalObjectReference | null {
    return optional<TypedLocalObjectReference>(this, 7)
  }

  get dataSourceRef(): TypedObjectReference | null {
    return optional<TypedObjectReference>(this, 8)
  }

  get volumeAttributesClassName(): Text | null {
    return optional<Text>(this, 9)
  }
}

/** Kubernetes' `PersistentVolumeClaimTemplate`. */
@unmanaged
@final
export class PersistentVolumeClaimTemplate extends View {
  get metadata(): ObjectMeta {
    return single<ObjectMeta>(this, 1)
  }

  get spec(): PersistentVolumeClaimSpec {
    return single<PersistentVolumeClaimSpec>(this, 2)
  }
}

/** Kubernetes' `PersistentVolumeClaimVolumeSource`. */
@unmanaged
@final
export class PersistentVolumeClaimVolumeSource extends View {
  get claimName(): Text {
    return single<Text>(this, 1)
  }

  get readOnly(): bool {
    return scalar<bool>(this, 2)
  }
}

/** Kubernetes' `PodResourceClaim`. */
@unmanaged
@final
export class PodResourceClaim extends View {
  get name(): Text {
    return single<Text>(this, 1)
  }

  get resourceClaimName(): Text | null {
    return optional<Text>(this, 3)
  }

  get resourceClaimTemplateName(): Text | null {
    return optional<Text>(this, 4)
  }
}

/** Kubernetes' `ResourceClaim`. */
@unmanaged
@final
export class ResourceClaim extends View {
  get name(): Text {
    return single<Text>(this, 1)
  }

  get request(): Text {
    return single<Text>(this, 2)
  }
}
