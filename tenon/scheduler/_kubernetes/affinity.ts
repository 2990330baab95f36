/*
 * Made by 'npm run views' from src/contracts/scheduler/kubernetes/fields.ts: change those.
 */
import { has, list, optional, scalar, single } from '../_protobuf'
import { View } from '../_view'
import { List } from '../collections'
import { Text } from '../text'
import { LabelSelector } from './meta'

/** Kubernetes' `Affinity`. */
@unmanaged
@final
export class Affinity extends View {
  get nodeAffinity(): NodeAffinity | null {
    return optional<NodeAffinity>(this, 1)
  }

  get podAffinity(): PodAffinity | null {
    return optional<PodAffinity>(this, 2)
  }

  get podAntiAffinity(): PodAntiAffinity | null {
    return optional<PodAntiAffinity>(this, 3)
  }
}

/** Kubernetes' `NodeAffinity`. */
@unmanaged
@final
export class NodeAffinity extends View {
  get requiredDuringSchedulingIgnoredDuringExecution(): NodeSelector | null {
    return optional<NodeSelector>(this, 1)
  }

  get preferredDuringSchedulingIgnoredDuringExecution(): List<PreferredSchedulingTerm> {
    return list<PreferredSchedulingTerm>(this, 2)
  }
}

/** Kubernetes' `NodeSelector`. */
@unmanaged
@final
export class NodeSelector extends View {
  get nodeSelectorTerms(): List<NodeSelectorTerm> {
    return list<NodeSelectorTerm>(this, 1)
  }
}

/** Kubernetes' `NodeSelectorRequirement`. */
@unmanaged
@final
export class NodeSelectorRequirement extends View {
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

/** Kubernetes' `NodeSelectorTerm`. */
@unmanaged
@final
export class NodeSelectorTerm extends View {
  get matchExpressions(): List<NodeSelectorRequirement> {
    return list<NodeSelectorRequirement>(this, 1)
  }

  get matchFields(): List<NodeSelectorRequirement> {
    return list<NodeSelectorRequirement>(this, 2)
  }
}

/** Kubernetes' `PodAffinity`. */
@unmanaged
@final
export class PodAffinity extends View {
  get requiredDuringSchedulingIgnoredDuringExecution(): List<PodAffinityTerm> {
    return list<PodAffinityTerm>(this, 1)
  }

  get preferredDuringSchedulingIgnoredDuringExecution(): List<WeightedPodAffinityTerm> {
    return list<WeightedPodAffinityTerm>(this, 2)
  }
}

/** Kubernetes' `PodAffinityTerm`. */
@unmanaged
@final
export class PodAffinityTerm extends View {
  get labelSelector(): LabelSelector | null {
    return optional<LabelSelector>(this, 1)
  }

  get namespaces(): List<Text> {
    return list<Text>(this, 2)
  }

  get topologyKey(): Text {
    return single<Text>(this, 3)
  }

  get namespaceSelector(): LabelSelector | null {
    return optional<LabelSelector>(this, 4)
  }

  get matchLabelKeys(): List<Text> {
    return list<Text>(this, 5)
  }

  get mismatchLabelKeys(): List<Text> {
    return list<Text>(this, 6)
  }
}

/** Kubernetes' `PodAntiAffinity`. */
@unmanaged
@final
export class PodAntiAffinity extends View {
  get requiredDuringSchedulingIgnoredDuringExecution(): List<PodAffinityTerm> {
    return list<PodAffinityTerm>(this, 1)
  }

  get preferredDuringSchedulingIgnoredDuringExecution(): List<WeightedPodAffinityTerm> {
    return list<WeightedPodAffinityTerm>(this, 2)
  }
}

/** Kubernetes' `PreferredSchedulingTerm`. */
@unmanaged
@final
export class PreferredSchedulingTerm extends View {
  get weight(): i32 {
    return scalar<i32>(this, 1)
  }

  get preference(): NodeSelectorTerm {
    return single<NodeSelectorTerm>(this, 2)
  }
}

/** Kubernetes' `Toleration`. */
@unmanaged
@final
export class Toleration extends View {
  get key(): Text {
    return single<Text>(this, 1)
  }

  get operator(): Text {
    return single<Text>(this, 2)
  }

  get value(): Text {
    return single<Text>(this, 3)
  }

  get effect(): Text {
    return single<Text>(this, 4)
  }

  get hasTolerationSeconds(): bool {
    return has(this, 5)
  }

  get tolerationSeconds(): i64 {
    return scalar<i64>(this, 5)
  }
}

/** Kubernetes' `TopologySpreadConstraint`. */
@unmanaged
@final
export class TopologySpreadConstraint extends View {
  get maxSkew(): i32 {
    return scalar<i32>(this, 1)
  }

  get topologyKey(): Text {
    return single<Text>(this, 2)
  }

  get whenUnsatisfiable(): Text {
    return single<Text>(this, 3)
  }

  get labelSelector(): LabelSelector | null {
    return optional<LabelSelector>(this, 4)
  }

  get hasMinDomains(): bool {
    return has(this, 5)
  }

  get minDomains(): i32 {
    return scalar<i32>(this, 5)
  }

  get nodeAffinityPolicy(): Text | null {
    return optional<Text>(this, 6)
  }

  get nodeTaintsPolicy(): Text | null {
    return optional<Text>(this, 7)
  }

  get matchLabelKeys(): List<Text> {
    return list<Text>(this, 8)
  }
}

/** Kubernetes' `WeightedPodAffinityTerm`. */
@unmanaged
@final
export class WeightedPodAffinityTerm extends View {
  get weight(): i32 {
    return scalar<i32>(this, 1)
  }

  get podAffinityTerm(): PodAffinityTerm {
    return single<PodAffinityTerm>(this, 2)
  }
}
