/*
 * Made by 'npm run views' from src/contracts/scheduler/kubernetes/fields.ts: change those.
 */
import { has, optional, scalar, single } from '../_protobuf'
import { View } from '../_view'
import { Text } from '../text'

/** Kubernetes' `AttachedVolume`. */
@unmanaged
@final
export class AttachedVolume extends View {
  get name(): Text {
    return single<Text>(this, 1)
  }

  get devicePath(): Text {
    return single<Text>(this, 2)
  }
}

/** Kubernetes' `ConfigMapNodeConfigSource`. */
@unmanaged
@final
export class ConfigMapNodeConfigSource extends View {
  get namespace(): Text {
    return single<Text>(this, 1)
  }

  get name(): Text {
    return single<Text>(this, 2)
  }

  get uid(): Text {
    return single<Text>(this, 3)
  }

  get resourceVersion(): Text {
    return single<Text>(this, 4)
  }

  get kubeletConfigKey(): Text {
    return single<Text>(this, 5)
  }
}

/** Kubernetes' `DaemonEndpoint`. */
@unmanaged
@final
export class DaemonEndpoint extends View {
  get Port(): i32 {
    return scalar<i32>(this, 1)
  }
}

/** Kubernetes' `NodeConfigSource`. */
@unmanaged
@final
export class NodeConfigSource extends View {
  get configMap(): ConfigMapNodeConfigSource | null {
    return optional<ConfigMapNodeConfigSource>(this, 2)
  }
}

/** Kubernetes' `NodeConfigStatus`. */
@unmanaged
@final
export class NodeConfigStatus extends View {
  get assigned(): NodeConfigSource | null {
    return optional<NodeConfigSource>(this, 1)
  }

  get active(): NodeConfigSource | null {
    return optional<NodeConfigSource>(this, 2)
  }

  get lastKnownGood(): NodeConfigSource | null {
    return optional<NodeConfigSource>(this, 3)
  }

  get error(): Text {
    return single<Text>(this, 4)
  }
}

/** Kubernetes' `NodeDaemonEndpoints`. */
@unmanaged
@final
export class NodeDaemonEndpoints extends View {
  get kubeletEndpoint(): DaemonEndpoint {
    return single<DaemonEndpoint>(this, 1)
  }
}

/** Kubernetes' `NodeFeatures`. */
@unmanaged
@final
export class NodeFeatures extends View {
  get hasSupplementalGroupsPolicy(): bool {
    return has(this, 1)
  }

  get supplementalGroupsPolicy(): bool {
    return scalar<bool>(this, 1)
  }
}

/** Kubernetes' `NodeRuntimeHandler`. */
@unmanaged
@final
export class NodeRuntimeHandler extends View {
  get name(): Text {
    return single<Text>(this, 1)
  }

  get features(): NodeRuntimeHandlerFeatures | null {
    return optional<NodeRuntimeHandlerFeatures>(this, 2)
  }
}

/** Kubernetes' `NodeRuntimeHandlerFeatures`. */
@unmanaged
@final
export class NodeRuntimeHandlerFeatures extends View {
  get hasRecursiveReadOnlyMounts(): bool {
    return has(this, 1)
  }

  get recursiveReadOnlyMounts(): bool {
    return scalar<bool>(this, 1)
  }

  get hasUserNamespaces(): bool {
    return has(this, 2)
  }

  get userNamespaces(): bool {
    return scalar<bool>(this, 2)
  }
}
