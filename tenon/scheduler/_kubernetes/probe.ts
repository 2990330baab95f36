/*
 * Made by 'npm run views' from src/contracts/scheduler/kubernetes/fields.ts: change those.
 */
import { has, list, optional, scalar, single } from '../_protobuf'
import { View } from '../_view'
import { List } from '../collections'
import { Text } from '../text'
import { IntOrString } from '../values'

/** Kubernetes' `ExecAction`. */
@unmanaged
@final
export class ExecAction extends View {
  get command(): List<Text> {
    return list<Text>(this, 1)
  }
}

/** Kubernetes' `GRPCAction`. */
@unmanaged
@final
export class GRPCAction extends View {
  get port(): i32 {
    return scalar<i32>(this, 1)
  }

  get service(): Text | null {
    return optional<Text>(this, 2)
  }
}

/** Kubernetes' `HTTPGetAction`. */
@unmanaged
@final
export class HTTPGetAction extends View {
  get path(): Text {
    return single<Text>(this, 1)
  }

  get port(): IntOrString {
    return single<IntOrString>(this, 2)
  }

  get host(): Text {
    return single<Text>(this, 3)
  }

  get scheme(): Text {
    return single<Text>(this, 4)
  }

  get httpHeaders(): List<HTTPHeader> {
    return list<HTTPHeader>(this, 5)
  }
}

/** Kubernetes' `HTTPHeader`. */
@unmanaged
@final
export class HTTPHeader extends View {
  get name(): Text {
    return single<Text>(this, 1)
  }

  get value(): Text {
    return single<Text>(this, 2)
  }
}

/** Kubernetes' `Lifecycle`. */
@unmanaged
@final
export class Lifecycle extends View {
  get postStart(): LifecycleHandler | null {
    return optional<LifecycleHandler>(this, 1)
  }

  get preStop(): LifecycleHandler | null {
    return optional<LifecycleHandler>(this, 2)
  }

  get stopSignal(): Text | null {
    return optional<Text>(this, 3)
  }
}

/** Kubernetes' `LifecycleHandler`. */
@unmanaged
@final
export class LifecycleHandler extends View {
  get exec(): ExecAction | null {
    return optional<ExecAction>(this, 1)
  }

  get httpGet(): HTTPGetAction | null {
    return optional<HTTPGetAction>(this, 2)
  }

  get tcpSocket(): TCPSocketAction | null {
    return optional<TCPSocketAction>(this, 3)
  }

  get sleep(): SleepAction | null {
    return optional<SleepAction>(this, 4)
  }
}

/** Kubernetes' `Probe`. */
@unmanaged
@final
export class Probe extends View {
  get exec(): ExecAction | null {
    return single<ProbeHandler>(this, 1).exec
  }

  get httpGet(): HTTPGetAction | null {
    return single<ProbeHandler>(this, 1).httpGet
  }

  get tcpSocket(): TCPSocketAction | null {
    return single<ProbeHandler>(this, 1).tcpSocket
  }

  get grpc(): GRPCAction | null {
    return single<ProbeHandler>(this, 1).grpc
  }

  get initialDelaySeconds(): i32 {
    return scalar<i32>(this, 2)
  }

  get timeoutSeconds(): i32 {
    return scalar<i32>(this, 3)
  }

  get periodSeconds(): i32 {
    return scalar<i32>(this, 4)
  }

  get successThreshold(): i32 {
    return scalar<i32>(this, 5)
  }

  get failureThreshold(): i32 {
    return scalar<i32>(this, 6)
  }

  get hasTerminationGracePeriodSeconds(): bool {
    return has(this, 7)
  }

  get terminationGracePeriodSeconds(): i64 {
    return scalar<i64>(this, 7)
  }
}

/** Kubernetes' `ProbeHandler`. */
@unmanaged
@final
export class ProbeHandler extends View {
  get exec(): ExecAction | null {
    return optional<ExecAction>(this, 1)
  }

  get httpGet(): HTTPGetAction | null {
    return optional<HTTPGetAction>(this, 2)
  }

  get tcpSocket(): TCPSocketAction | null {
    return optional<TCPSocketAction>(this, 3)
  }

  get grpc(): GRPCAction | null {
    return optional<GRPCAction>(this, 4)
  }
}

/** Kubernetes' `SleepAction`. */
@unmanaged
@final
export class SleepAction extends View {
  get seconds(): i64 {
    return scalar<i64>(this, 1)
  }
}

/** Kubernetes' `TCPSocketAction`. */
@unmanaged
@final
export class TCPSocketAction extends View {
  get port(): IntOrString {
    return single<IntOrString>(this, 1)
  }

  get host(): Text {
    return single<Text>(this, 2)
  }
}
