/*
 * Made by 'npm run views' from src/contracts/scheduler/kubernetes/fields.ts: change those.
 */
import { list, scalar } from '../_protobuf'
import { View } from '../_view'
import { List } from '../collections'
import { Text } from '../text'

/** Kubernetes' `ContainerImage`. */
@unmanaged
@final
export class ContainerImage extends View {
  get names(): List<Text> {
    return list<Text>(this, 1)
  }

  get sizeBytes(): i64 {
    return scalar<i64>(this, 2)
  }
}
