/*
 * Made by 'npm run views' from src/contracts/scheduler/kubernetes/fields.ts: change those.
 */
import { optional, single } from '../_protobuf'
import { View } from '../_view'
import { Text } from '../text'
import {
  AWSElasticBlockStoreVolumeSource,
  AzureDiskVolumeSource,
  AzureFileVolumeSource,
  CinderVolumeSource,
  GCEPersistentDiskVolumeSource,
  PhotonPersistentDiskVolumeSource,
  PortworxVolumeSource,
  QuobyteVolumeSource,
  ScaleIOVolumeSource,
  StorageOSVolumeSource,
  VsphereVirtualDiskVolumeSource,
} from './cloud-volume'
import {
  CSIVolumeSource,
  EmptyDirVolumeSource,
  EphemeralVolumeSource,
  GitRepoVolumeSource,
  HostPathVolumeSource,
  ImageVolumeSource,
} from './local-volume'
import {
  CephFSVolumeSource,
  FCVolumeSource,
  FlexVolumeSource,
  FlockerVolumeSource,
  GlusterfsVolumeSource,
  ISCSIVolumeSource,
  NFSVolumeSource,
  RBDVolumeSource,
} from './network-volume'
import {
  ConfigMapVolumeSource,
  DownwardAPIVolumeSource,
  ProjectedVolumeSource,
  SecretVolumeSource,
} from './projected-volume'
import { PersistentVolumeClaimVolumeSource } from './volume-claim'

/** Kubernetes' `Volume`. */
@unmanaged
@final
export class Volume extends View {
  get name(): Text {
    return single<Text>(this, 1)
  }

  get hostPath(): HostPathVolumeSource | null {
    return single<VolumeSource>(this, 2).hostPath
  }

  get emptyDir(): EmptyDirVolumeSource | null {
    return single<VolumeSource>(this, 2).emptyDir
  }

  get gcePersistentDisk(): GCEPersistentDiskVolumeSource | null {
    return single<VolumeSource>(this, 2).gcePersistentDisk
  }

  get awsElasticBlockStore(): AWSElasticBlockStoreVolumeSource | null {
    return single<VolumeSource>(this, 2).awsElasticBlockStore
  }

  get gitRepo(): GitRepoVolumeSource | null {
    return single<VolumeSource>(this, 2).gitRepo
  }

  get secret(): SecretVolumeSource | null {
    return single<VolumeSource>(this, 2).secret
  }

  get nfs(): NFSVolumeSource | null {
    return single<VolumeSource>(this, 2).nfs
  }

  get iscsi(): ISCSIVolumeSource | null {
    return single<VolumeSource>(this, 2).iscsi
  }

  get glusterfs(): GlusterfsVolumeSource | null {
    return single<VolumeSource>(this, 2).glusterfs
  }

  get persistentVolumeClaim(): PersistentVolumeClaimVolumeSource | null {
    return single<VolumeSource>(this, 2).persistentVolumeClaim
  }

  get rbd(): RBDVolumeSource | null {
    return single<VolumeSource>(this, 2).rbd
  }

  get flexVolume(): FlexVolumeSource | null {
    return single<VolumeSource>(this, 2).flexVolume
  }

  get cinder(): CinderVolumeSource | null {
    return single<VolumeSource>(this, 2).cinder
  }

  get cephfs(): CephFSVolumeSource | null {
    return single<VolumeSource>(this, 2).cephfs
  }

  get flocker(): FlockerVolumeSource | null {
    return single<VolumeSource>(this, 2).flocker
  }

  get downwardAPI(): DownwardAPIVolumeSource | null {
    return single<VolumeSource>(this, 2).downwardAPI
  }

  get fc(): FCVolumeSource | null {
    return single<VolumeSource>(this, 2).fc
  }

  get azureFile(): AzureFileVolumeSource | null {
    return single<VolumeSource>(this, 2).azureFile
  }

  get configMap(): ConfigMapVolumeSource | null {
    return single<VolumeSource>(this, 2).configMap
  }

  get vsphereVolume(): VsphereVirtualDiskVolumeSource | null {
    return single<VolumeSource>(this, 2).vsphereVolume
  }

  get quobyte(): QuobyteVolumeSource | null {
    return single<VolumeSource>(this, 2).quobyte
  }

  get azureDisk(): AzureDiskVolumeSource | null {
    return single<VolumeSource>(this, 2).azureDisk
  }

  get photonPersistentDisk(): PhotonPersistentDiskVolumeSource | null {
    return single<VolumeSource>(this, 2).photonPersistentDisk
  }

  get portworxVolume(): PortworxVolumeSource | null {
    return single<VolumeSource>(this, 2).portworxVolume
  }

  get scaleIO(): ScaleIOVolumeSource | null {
    return single<VolumeSource>(this, 2).scaleIO
  }

  get projected(): ProjectedVolumeSource | null {
    return single<VolumeSource>(this, 2).projected
  }

  get storageos(): StorageOSVolumeSource | null {
    return single<VolumeSource>(this, 2).storageos
  }

  get csi(): CSIVolumeSource | null {
    return single<VolumeSource>(this, 2).csi
  }

  get ephemeral(): EphemeralVolumeSource | null {
    return single<VolumeSource>(this, 2).ephemeral
  }

  get image(): ImageVolumeSource | null {
    return single<VolumeSource>(this, 2).image
  }
}

/** Kubernetes' `VolumeSource`. */
@unmanaged
@final
export class VolumeSource extends View {
  get hostPath(): HostPathVolumeSource | null {
    return optional<HostPathVolumeSource>(this, 1)
  }

  get emptyDir(): EmptyDirVolumeSource | null {
    return optional<EmptyDirVolumeSource>(this, 2)
  }

  get gcePersistentDisk(): GCEPersistentDiskVolumeSource | null {
    return optional<GCEPersistentDiskVolumeSource>(this, 3)
  }

  get awsElasticBlockStore(): AWSElasticBlockStoreVolumeSource | null {
    return optional<AWSElasticBlockStoreVolumeSource>(this, 4)
  }

  get gitRepo(): GitRepoVolumeSource | null {
    return optional<GitRepoVolumeSource>(this, 5)
  }

  get secret(): SecretVolumeSource | null {
    return optional<SecretVolumeSource>(this, 6)
  }

  get nfs(): NFSVolumeSource | null {
    return optional<NFSVolumeSource>(this, 7)
  }

  get iscsi(): ISCSIVolumeSource | null {
    return optional<ISCSIVolumeSource>(this, 8)
  }

  get glusterfs(): GlusterfsVolumeSource | null {
    return optional<GlusterfsVolumeSource>(this, 9)
  }

  get persistentVolumeClaim(): PersistentVolumeClaimVolumeSource | null {
    return optional<PersistentVolumeClaimVolumeSource>(this, 10)
  }

  get rbd(): RBDVolumeSource | null {
    return optional<RBDVolumeSource>(this, 11)
  }

  get flexVolume(): FlexVolumeSource | null {
    return optional<FlexVolumeSource>(this, 12)
  }

  get cinder(): CinderVolumeSource | null {
    return optional<CinderVolumeSource>(this, 13)
  }

  get cephfs(): CephFSVolumeSource | null {
    return optional<CephFSVolumeSource>(this, 14)
  }

  get flocker(): FlockerVolumeSource | null {
    return optional<FlockerVolumeSource>(this, 15)
  }

  get downwardAPI(): DownwardAPIVolumeSource | null {
    return optional<DownwardAPIVolumeSource>(this, 16)
  }

  get fc(): FCVolumeSource | null {
    return optional<FCVolumeSource>(this, 17)
  }

  get azureFile(): AzureFileVolumeSource | null {
    return optional<AzureFileVolumeSource>(this, 18)
  }

  get configMap(): ConfigMapVolumeSource | null {
    return optional<ConfigMapVolumeSource>(this, 19)
  }

  get vsphereVolume(): VsphereVirtualDiskVolumeSource | null {
    return optional<VsphereVirtualDiskVolumeSource>(this, 20)
  }

  get quobyte(): QuobyteVolumeSource | null {
    return optional<QuobyteVolumeSource>(this, 21)
  }

  get azureDisk(): AzureDiskVolumeSource | null {
    return optional<AzureDiskVolumeSource>(this, 22)
  }

  get photonPersistentDisk(): PhotonPersistentDiskVolumeSource | null {
    return optional<PhotonPersistentDiskVolumeSource>(this, 23)
  }

  get portworxVolume(): PortworxVolumeSource | null {
    return optional<PortworxVolumeSource>(this, 24)
  }

  get scaleIO(): ScaleIOVolumeSource | null {
    return optional<ScaleIOVolumeSource>(this, 25)
  }

  get projected(): ProjectedVolumeSource | null {
    return optional<ProjectedVolumeSource>(this, 26)
  }

  get storageos(): StorageOSVolumeSource | null {
    return optional<StorageOSVolumeSource>(this, 27)
  }

  get csi(): CSIVolumeSource | null {
    return optional<CSIVolumeSource>(this, 28)
  }

  get ephemeral(): EphemeralVolumeSource | null {
    return optional<EphemeralVolumeSource>(this, 29)
  }

  get image(): ImageVolumeSource | null {
    return optional<ImageVolumeSource>(this, 30)
  }
}
