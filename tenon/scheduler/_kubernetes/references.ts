/*
 * Made by 'npm run views' from src/contracts/scheduler/kubernetes/fields.ts: change those.
 */
import { has, optional, scalar, single } from '../_protobuf'
import { View } from '../_view'
import { Text } from '../text'
import { Quantity } from '../values'

/** Kubernetes' `ConfigMapKeySelector`. */
@unmanaged
@final
export class ConfigMapKeySelector extends View {
  get name(): Text {
    return single<LocalObjectReference>(this, 1).name
  }

  get key(): Text {
    return single<Text>(this, 2)
  }

  get hasOptional(): bool {
    return has(this, 3)
  }

  get optional(): bool {
    return scalar<bool>(this, 3)
  }
}

/** Kubernetes' `KeyToPath`. */
@unmanaged
@final
export class KeyToPath extends View {
  get key(): Text {
    return single<Text>(this, 1)
  }

  get path(): Text {
    return single<Text>(this, 2)
  }

  get hasMode(): bool {
    return has(this, 3)
  }

  get mode(): i32 {
    return scalar<i32>(this, 3)
  }
}

/** Kubernetes' `LocalObjectReference`. */
@unmanaged
@final
export class LocalObjectReference extends View {
  get name(): Text {
    return single<Text>(this, 1)
  }
}

/** Kubernetes' `ObjectFieldSelector`. */
@unmanaged
@final
export class ObjectFieldSelector extends View {
  get apiVersion(): Text {
    return single<Text>(this, 1)
  }

  get fieldPath(): Text {
    return single<Text>(this, 2)
  }
}

/** Kubernetes' `ResourceFieldSelector`. */
@unmanaged
@final
export class ResourceFieldSelector extends View {
  get containerName(): Text {
    return single<Text>(this, 1)
  }

  get resource(): Text {
    return single<Text>(this, 2)
  }

  get divisor(): Quantity {
    return single<Quantity>(this, 3)
  }
}

/** Kubernetes' `SecretKeySelector`. */
@unmanaged
@final
export class SecretKeySelector extends View {
  get name(): Text {
    return single<LocalObjectReference>(this, 1).name
  }

  get key(): Text {
    return single<Text>(this, 2)
  }

  get hasOptional(): bool {
    return has(this, 3)
  }

  get optional(): bool {
    return scalar<bool>(this, 3)
  }
}

/** Kubernetes' `TypedLocalObjectReference`. */
@unmanaged
@final
export class TypedLocalObjectReference extends View {
  get apiGroup(): Text | null {
    return optional<Text>(this, 1)
  }

  get kind(): Text {
    return single<Text>(this, 2)
  }

  get name(): Text {
    return single<Text>(this, 3)
  }
}

/** Kubernetes' `TypedObjectReference`. */
@unmanaged
@final
export class TypedObjectReference extends View {
  get apiGroup(): Text | null {
    return optional<Text>(this, 1)
  }

  get kind(): Text {
    return single<Text>(this, 2)
  }

  get name(): Text {
    return single<Text>(this, 3)
  }

  get namespace(): Text | null {
    return optional<Text>(this, 4)
  }
}
