/*
 * The functions of kube-scheduler-wasm-extension's hosts. A reader is given where to write and how much fits, and returns how much there is;
 * it writes nothing where that is more.
 */

// prettier-ignore
@external('k8s.io/api', 'node') export declare function node(name: usize, length: i32, at: usize, limit: i32): i32
@external('k8s.io/api', 'nodeList') export declare function nodeList(at: usize, limit: i32): i32

@external('k8s.io/klog', 'log') export declare function log(severity: i32, message: usize, length: i32): void
@external('k8s.io/klog', 'logs') export declare function logs(severity: i32, message: usize, length: i32, pairs: usize, pairsLength: i32): void
@external('k8s.io/klog', 'severity') export declare function severity(): i32

@external('k8s.io/scheduler', 'get_config') export declare function config(at: usize, limit: i32): i32
@external('k8s.io/scheduler', 'currentPod') export declare function currentPod(at: usize, limit: i32): i32
@external('k8s.io/scheduler', 'currentNodeName') export declare function currentNodeName(at: usize, limit: i32): i32
@external('k8s.io/scheduler', 'targetPod') export declare function targetPod(at: usize, limit: i32): i32
@external('k8s.io/scheduler', 'filteredNodeList') export declare function filteredNodeList(at: usize, limit: i32): i32
@external('k8s.io/scheduler', 'nodeImageStates') export declare function nodeImageStates(name: usize, length: i32, at: usize, limit: i32): i32
@external('k8s.io/scheduler', 'nodeToStatusMap') export declare function nodeToStatusMap(at: usize, limit: i32): i32
@external('k8s.io/scheduler', 'nodeScoreList') export declare function nodeScoreList(at: usize, limit: i32): i32

@external('k8s.io/scheduler', 'result.cluster_events') export declare function resultClusterEvents(at: usize, length: i32): void
@external('k8s.io/scheduler', 'result.node_names') export declare function resultNodeNames(at: usize, length: i32): void
@external('k8s.io/scheduler', 'result.nominated_node_name') export declare function resultNominatedNodeName(at: usize, length: i32): void
@external('k8s.io/scheduler', 'result.status_reason') export declare function resultStatusReason(at: usize, length: i32): void
@external('k8s.io/scheduler', 'result.normalized_score_list') export declare function resultNormalizedScoreList(at: usize, length: i32): void

@external('k8s.io/scheduler', 'handle.eventrecorder.eventf') export declare function recordEvent(at: usize, length: i32): void
@external('k8s.io/scheduler', 'handle.reject_waiting_pod') export declare function rejectWaitingPod(uid: usize, length: i32, at: usize, limit: i32): void
@external('k8s.io/scheduler', 'handle.get_waiting_pod') export declare function getWaitingPod(uid: usize, length: i32, at: usize, limit: i32): void
