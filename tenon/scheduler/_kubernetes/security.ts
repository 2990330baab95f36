/*
 * Made by 'npm run views' from src/contracts/scheduler/kubernetes/fields.ts: change those.
 */
import { has, list, optional, scalar, single } from '../_protobuf'
import { View } from '../_view'
import { List } from '../collections'
import { Text } from '../text'

/** Kubernetes' `AppArmorProfile`. */
@unmanaged
@final
export class AppArmorProfile extends View {
  get type(): Text {
    return single<Text>(this, 1)
  }

  get localhostProfile(): Text | null {
    return optional<Text>(this, 2)
  }
}

/** Kubernetes' `Capabilities`. */
@unmanaged
@final
export class Capabilities extends View {
  get add(): List<Text> {
    return list<Text>(this, 1)
  }

  get drop(): List<Text> {
    return list<Text>(this, 2)
  }
}

/** Kubernetes' `PodSecurityContext`. */
@unmanaged
@final
export class PodSecurityContext extends View {
  get seLinuxOptions(): SELinuxOptions | null {
    return optional<SELinuxOptions>(this, 1)
  }

  get hasRunAsUser(): bool {
    return has(this, 2)
  }

  get runAsUser(): i64 {
    return scalar<i64>(this, 2)
  }

  get hasRunAsNonRoot(): bool {
    return has(this, 3)
  }

  get runAsNonRoot(): bool {
    return scalar<bool>(this, 3)
  }

  get supplementalGroups(): List<i64> {
    return list<i64>(this, 4)
  }

  get hasFsGroup(): bool {
    return has(this, 5)
  }

  get fsGroup(): i64 {
    return scalar<i64>(this, 5)
  }

  get hasRunAsGroup(): bool {
    return has(this, 6)
  }

  get runAsGroup(): i64 {
    return scalar<i64>(this, 6)
  }

  get sysctls(): List<Sysctl> {
    return list<Sysctl>(this, 7)
  }

  get windowsOptions(): WindowsSecurityContextOptions | null {
    return optional<WindowsSecurityContextOptions>(this, 8)
  }

  get fsGroupChangePolicy(): Text | null {
    return optional<Text>(this, 9)
  }

  get seccompProfile(): SeccompProfile | null {
    return optional<SeccompProfile>(this, 10)
  }

  get appArmorProfile(): AppArmorProfile | null {
    return optional<AppArmorProfile>(this, 11)
  }

  get supplementalGroupsPolicy(): Text | null {
    return optional<Text>(this, 12)
  }

  get seLinuxChangePolicy(): Text | null {
    return optional<Text>(this, 13)
  }
}

/** Kubernetes' `SELinuxOptions`. */
@unmanaged
@final
export class SELinuxOptions extends View {
  get user(): Text {
    return single<Text>(this, 1)
  }

  get role(): Text {
    return single<Text>(this, 2)
  }

  get type(): Text {
    return single<Text>(this, 3)
  }

  get level(): Text {
    return single<Text>(this, 4)
  }
}

/** Kubernetes' `SeccompProfile`. */
@unmanaged
@final
export class SeccompProfile extends View {
  get type(): Text {
    return single<Text>(this, 1)
  }

  get localhostProfile(): Text | null {
    return optional<Text>(this, 2)
  }
}

/** Kubernetes' `SecurityContext`. */
@unmanaged
@final
export class SecurityContext extends View {
  get capabilities(): Capabilities | null {
    return optional<Capabilities>(this, 1)
  }

  get hasPrivileged(): bool {
    return has(this, 2)
  }

  get privileged(): bool {
    return scalar<bool>(this, 2)
  }

  get seLinuxOptions(): SELinuxOptions | null {
    return optional<SELinuxOptions>(this, 3)
  }

  get hasRunAsUser(): bool {
    return has(this, 4)
  }

  get runAsUser(): i64 {
    return scalar<i64>(this, 4)
  }

  get hasRunAsNonRoot(): bool {
    return has(this, 5)
  }

  get runAsNonRoot(): bool {
    return scalar<bool>(this, 5)
  }

  get hasReadOnlyRootFilesystem(): bool {
    return has(this, 6)
  }

  get readOnlyRootFilesystem(): bool {
    return scalar<bool>(this, 6)
  }

  get hasAllowPrivilegeEscalation(): bool {
    return has(this, 7)
  }

  get allowPrivilegeEscalation(): bool {
    return scalar<bool>(this, 7)
  }

  get hasRunAsGroup(): bool {
    return has(this, 8)
  }

  get runAsGroup(): i64 {
    return scalar<i64>(this, 8)
  }

  get procMount(): Text | null {
    return optional<Text>(this, 9)
  }

  get windowsOptions(): WindowsSecurityContextOptions | null {
    return optional<WindowsSecurityContextOptions>(this, 10)
  }

  get seccompProfile(): SeccompProfile | null {
    return optional<SeccompProfile>(this, 11)
  }

  get appArmorProfile(): AppArmorProfile | null {
    return optional<AppArmorProfile>(this, 12)
  }
}

/** Kubernetes' `Sysctl`. */
@unmanaged
@final
export class Sysctl extends View {
  get name(): Text {
    return single<Text>(this, 1)
  }

  get value(): Text {
    return single<Text>(this, 2)
  }
}

/** Kubernetes' `WindowsSecurityContextOptions`. */
@unmanaged
@final
export class WindowsSecurityContextOptions extends View {
  get gmsaCredentialSpecName(): Text | null {
    return optional<Text>(this, 1)
  }

  get gmsaCredentialSpec(): Text | null {
    return optional<Text>(this, 2)
  }

  get runAsUserName(): Text | null {
    return optional<Text>(this, 3)
  }

  get hasHostProcess(): bool {
    return has(this, 4)
  }

  get hostProcess(): bool {
    return scalar<bool>(this, 4)
  }
}
