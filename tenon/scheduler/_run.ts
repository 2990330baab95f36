import { Pod } from './_kubernetes/pod'
import { beginAttempt, beginBrief, beginLasting, endBrief } from './_attempt'
import * as host from './_host'
import { currentNode, namedNodes } from './_nodes'
import { parseNumbers, scoresChanged } from './_numbers'
import { clear, put, putInteger, putQuoted, putTerminated, putText, putWord, size, start } from './_out'
import { currentPod, forgetPod, targetPod } from './_pods'
import { textOf } from './_text'
import { readFilteredNodes, readNodeName, readScores, readStatuses } from './_reads'
import { ClusterEvent } from './cluster-event'
import { CycleState } from './cycle-state'
import { NodeInfo } from './node-info'
import { NodeInfoList } from './nodes'
import { NodeScores, NodeStatuses, PostFilterResult } from './results'
import { Code, Status } from './status'
import { Text } from './text'

/*
 * What the functions that a build exports are made of: for each hook a beginning, what it is given, and what becomes of what it returns.
 */

/** Internal: what the attempt keeps. */
export const state: CycleState = new CycleState()
let failure: Status | null = null
/** The scores that `normalizeScore` was given. */
// @ts-ignore: decorator
@lazy let scoring: NodeScores | null = null

/** Internal: remembers the status of `fail` until the hook returns. */
export function setFailure(status: Status): void {
  failure = status
}

/** Internal: `prefilter` begins: an attempt, and its first hook. */
export function beginCycle(): void {
  failure = null
  state.clear()
  forgetPod()
  beginAttempt()
}

/** Internal: a hook begins that is called once in an attempt. */
export function beginOnce(): void {
  failure = null
  beginLasting()
}

/** Internal: a hook begins that is called for each node. */
export function beginNode(): void {
  failure = null
  beginBrief()
}

/** Internal: what hooks are given. */
export function pod(): Pod {
  return currentPod()
}

export function target(): Pod {
  return targetPod()
}

export function node(): NodeInfo {
  return currentNode()
}

export function nodeName(): Text {
  return textOf(readNodeName())
}

export function filtered(): NodeInfoList {
  return namedNodes(readFilteredNodes())
}

export function statuses(): NodeStatuses {
  return parseNumbers<NodeStatuses>(readStatuses())
}

export function scores(): NodeScores {
  const scores = parseNumbers<NodeScores>(readScores())
  scoring = scores
  return scores
}

/** Internal: the end of a hook that returns nothing. */
export function done(): i32 {
  return sent(null)
}

/** Internal: the end of a hook that returns a status. */
export function status<T>(value: T): i32 {
  return sent(asStatus<T>(value))
}

/** Internal: the ends of hooks that are called for each node. */
export function doneNode(): i32 {
  const code = done()
  endBrief()
  return code
}

export function statusNode<T>(value: T): i32 {
  const code = status<T>(value)
  endBrief()
  return code
}

/** Internal: the end of `score`. */
export function score<T>(value: T): i64 {
  if (isReference<T>() || isFloat<T>()) ERROR('it returns a whole number, such as i32')
  const code = done()
  endBrief()
  return (<i64>(<i32>value) << 32) | code
}

/** Internal: the end of `prefilter`. */
export function preFilter<T>(value: T): i32 {
  if (isArray<T>()) return restricted(changetype<string[] | null>(value))
  return status<T>(value)
}

function restricted(names: string[] | null): i32 {
  const code = done()
  if (code != 0 || names === null) return code
  // The host would take no names for all of them.
  if (names.length == 0) return sent(Status.unresolvable('the plugin leaves no node for the pod'))
  clear()
  for (let i = 0; i < names.length; i++) putTerminated(unchecked(names[i]))
  host.resultNodeNames(start(), size())
  return 0
}

/** Internal: the end of `postfilter`. */
export function postFilter<T>(value: T): i64 {
  if (isReference<T>()) {
    if (idof<nonnull<T>>() == idof<PostFilterResult>()) return nominated(changetype<PostFilterResult | null>(value))
  }
  setReturned(asStatus<T>(value))
  return nominated(null)
}

export function postFilterDone(): i64 {
  return nominated(null)
}

/** A status that a hook returned is as one of `fail`, but for that one. */
function setReturned(status: Status | null): void {
  if (failure === null) failure = status
}

function nominated(result: PostFilterResult | null): i64 {
  // After `fail` the result is one that nothing was filled in.
  const failed = failure !== null
  const code = sent(failed || result === null ? null : result.status)
  clear()
  if (!failed && result !== null) putText(result.nodeName)
  host.resultNominatedNodeName(start(), size())
  return (<i64>(!failed && result !== null && result.replaces ? 1 : 0) << 32) | code
}

/** Internal: the end of `permit`. */
export function permit<T>(value: T): i64 {
  const returned = asStatus<T>(value)
  const given = failure === null ? returned : failure
  return (<i64>sent(returned) << 32) | (given === null ? 0 : <i64>given.timeout)
}

/** Internal: the end of `normalizescore`. */
export function normalized<T>(value: T): i32 {
  return sendScores(status<T>(value))
}

export function normalizedDone(): i32 {
  return sendScores(done())
}

function sendScores(code: i32): i32 {
  const scores = scoring
  scoring = null
  if (code != 0 || scores === null || !scoresChanged()) return code
  clear()
  put(0x7b)
  for (let i = 0; i < scores.length; i++) {
    if (i > 0) put(0x2c)
    putQuoted(scores[i].name)
    put(0x3a)
    putInteger(scores[i].score)
  }
  put(0x7d)
  host.resultNormalizedScoreList(start(), size())
  return 0
}

/** Internal: the end of `enqueue`. */
export function clusterEvents(events: ClusterEvent[]): void {
  clear()
  for (let i = 0; i < events.length; i++) {
    const event = unchecked(events[i])
    putWord(event.resource)
    putWord(event.action)
  }
  host.resultClusterEvents(start(), size())
}

/** Internal: says why, and gives the code. The status of `fail` comes first. */
function sent(returned: Status | null): i32 {
  const given = failure === null ? returned : failure
  failure = null
  if (given === null) return Code.Success
  if (given.code != Code.Success && given.reason.length > 0) {
    clear()
    putText(given.reason)
    host.resultStatusReason(start(), size())
  }
  return given.code
}

function asStatus<T>(value: T): Status | null {
  if (isReference<T>()) {
    if (idof<nonnull<T>>() == idof<Status>()) return changetype<Status | null>(value)
    else ERROR('it returns Status | null')
  } else {
    ERROR('it returns Status | null')
  }
  return null
}
