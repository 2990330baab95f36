/*
 * Made by 'npm run views' from src/contracts/scheduler/kubernetes/fields.ts: change those.
 */
import { has, optional, scalar, single } from '../_protobuf'
import { View } from '../_view'
import { Text } from '../text'
import {
  ConfigMapKeySelector,
  LocalObjectReference,
  ObjectFieldSelector,
  ResourceFieldSelector,
  SecretKeySelector,
} from './references'

/** Kubernetes' `ConfigMapEnvSource`. */
@unmanaged
@final
export class ConfigMapEnvSource extends View {
  get name(): Text {
    return single<LocalObjectReference>(this, 1).name
  }

  get hasOptional(): bool {
    return has(this, 2)
  }

  get optional(): bool {
    return scalar<bool>(this, 2)
  }
}

/** Kubernetes' `EnvFromSource`. */
@unmanaged
@final
export class EnvFromSource extends View {
  get prefix(): Text {
    return single<Text>(this, 1)
  }

  get configMapRef(): ConfigMapEnvSource | null {
    return optional<ConfigMapEnvSource>(this, 2)
  }

  get secretRef(): SecretEnvSource | null {
    return optional<SecretEnvSource>(this, 3)
  }
}

/** Kubernetes' `EnvVar`. */
@unmanaged
@final
export class EnvVar extends View {
  get name(): Text {
    return single<Text>(this, 1)
  }

  get value(): Text {
    return single<Text>(this, 2)
  }

  get valueFrom(): EnvVarSource | null {
    return optional<EnvVarSource>(this, 3)
  }
}

/** Kubernetes' `EnvVarSource`. */
@unmanaged
@final
export class EnvVarSource extends View {
  get fieldRef(): ObjectFieldSelector | null {
    return optional<ObjectFieldSelector>(this, 1)
  }

  get resourceFieldRef(): ResourceFieldSelector | null {
    return optional<ResourceFieldSelector>(this, 2)
  }

  get configMapKeyRef(): ConfigMapKeySelector | null {
    return optional<ConfigMapKeySelector>(this, 3)
  }

  get secretKeyRef(): SecretKeySelector | null {
    return optional<SecretKeySelector>(this, 4)
  }
}

/** Kubernetes' `SecretEnvSource`. */
@unmanaged
@final
export class SecretEnvSource extends View {
  get name(): Text {
    return single<LocalObjectReference>(this, 1).name
  }

  get hasOptional(): bool {
    return has(this, 2)
  }

  get optional(): bool {
    return scalar<bool>(this, 2)
  }
}
