/*
 * Made by 'npm run views' from src/contracts/scheduler/kubernetes/fields.ts: change those.
 */
import { has, list, map, optional, scalar, single } from '../_protobuf'
import { View } from '../_view'
import { List, StringMap } from '../collections'
import { Bytes, Text } from '../text'
import { Time } from '../values'

/** Kubernetes' `FieldsV1`. */
@unmanaged
@final
export class FieldsV1 extends View {
  get Raw(): Bytes {
    return single<Bytes>(this, 1)
  }
}

/** Kubernetes' `LabelSelector`. */
@unmanaged
@final
export class LabelSelector extends View {
  get matchLabels(): StringMap<Text> {
    return map<Text>(this, 1)
  }

  get matchExpressions(): List<LabelSelectorRequirement> {
    return list<LabelSelectorRequirement>(this, 2)
  }
}

/** Kubernetes' `LabelSelectorRequirement`. */
@unmanaged
@final
export class LabelSelectorRequirement extends View {
  get key(): Text {
    return single<Text>(this, 1)
  }

  get operator(): Text {
    return single<Text>(this, 2)
  }

  get values(): List<Text> {
    return list<Text>(this, 3)
  }
}

/** Kubernetes' `ListMeta`. */
@unmanaged
@final
export class ListMeta extends View {
  get selfLink(): Text {
    return single<Text>(this, 1)
  }

  get resourceVersion(): Text {
    return single<Text>(this, 2)
  }

  get continueToken(): Text {
    return single<Text>(this, 3)
  }

  get hasRemainingItemCount(): bool {
    return has(this, 4)
  }

  get remainingItemCount(): i64 {
    return scalar<i64>(this, 4)
  }
}

/** Kubernetes' `ManagedFieldsEntry`. */
@unmanaged
@final
export class ManagedFieldsEntry extends View {
  get manager(): Text {
    return single<Text>(this, 1)
  }

  get operation(): Text {
    return single<Text>(this, 2)
  }

  get apiVersion(): Text {
    return single<Text>(this, 3)
  }

  get time(): Time | null {
    return optional<Time>(this, 4)
  }

  get fieldsType(): Text {
    return single<Text>(this, 6)
  }

  get fieldsV1(): FieldsV1 | null {
    return optional<FieldsV1>(this, 7)
  }

  get subresource(): Text {
    return single<Text>(this, 8)
  }
}

/** Kubernetes' `ObjectMeta`. */
@unmanaged
@final
export class ObjectMeta extends View {
  get name(): Text {
    return single<Text>(this, 1)
  }

  get generateName(): Text {
    return single<Text>(this, 2)
  }

  get namespace(): Text {
    return single<Text>(this, 3)
  }

  get selfLink(): Text {
    return single<Text>(this, 4)
  }

  get uid(): Text {
    return single<Text>(this, 5)
  }

  get resourceVersion(): Text {
    return single<Text>(this, 6)
  }

  get generation(): i64 {
    return scalar<i64>(this, 7)
  }

  get creationTimestamp(): Time {
    return single<Time>(this, 8)
  }

  get deletionTimestamp(): Time | null {
    return optional<Time>(this, 9)
  }

  get hasDeletionGracePeriodSeconds(): bool {
    return has(this, 10)
  }

  get deletionGracePeriodSeconds(): i64 {
    return scalar<i64>(this, 10)
  }

  get labels(): StringMap<Text> {
    return map<Text>(this, 11)
  }

  get annotations(): StringMap<Text> {
    return map<Text>(this, 12)
  }

  get ownerReferences(): List<OwnerReference> {
    return list<OwnerReference>(this, 13)
  }

  get finalizers(): List<Text> {
    return list<Text>(this, 14)
  }

  get managedFields(): List<ManagedFieldsEntry> {
    return list<ManagedFieldsEntry>(this, 17)
  }
}

/** Kubernetes' `OwnerReference`. */
@unmanaged
@final
export class OwnerReference extends View {
  get kind(): Text {
    return single<Text>(this, 1)
  }

  get name(): Text {
    return single<Text>(this, 3)
  }

  get uid(): Text {
    return single<Text>(this, 4)
  }

  get apiVersion(): Text {
    return single<Text>(this, 5)
  }

  get hasController(): bool {
    return has(this, 6)
  }

  get controller(): bool {
    return scalar<bool>(this, 6)
  }

  get hasBlockOwnerDeletion(): bool {
    return has(this, 7)
  }

  get blockOwnerDeletion(): bool {
    return scalar<bool>(this, 7)
  }
}
