/*
 * Made by 'npm run views' from src/contracts/scheduler/kubernetes/fields.ts: change those.
 */

/*
 * The types of all that is in a pod or a node, for plugins that name them.
 */
export * from './_kubernetes/meta'
export * from './_kubernetes/references'
export * from './_kubernetes/node'
export * from './_kubernetes/node-status'
export * from './_kubernetes/container-image'
export * from './_kubernetes/affinity'
export * from './_kubernetes/container-status'
export * from './_kubernetes/security'
export * from './_kubernetes/probe'
export * from './_kubernetes/volume-claim'
export * from './_kubernetes/cloud-volume'
export * from './_kubernetes/network-volume'
export * from './_kubernetes/projected-volume'
export * from './_kubernetes/volume'
export * from './_kubernetes/environment'
export * from './_kubernetes/local-volume'
export * from './_kubernetes/ephemeral-container'
export * from './_kubernetes/container'
export * from './_kubernetes/pod-status'
export * from './_kubernetes/pod'
