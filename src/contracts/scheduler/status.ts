/** What a plugin says of a pod or a node. */
export interface Status {
  /** One of {@link statusCode}, or any other number of 32 bits that the plugin chose. */
  readonly code: number
  /** Why, in the plugin's words; empty where it gave none. */
  readonly reason: string
}

/** The status codes of Kubernetes' scheduling framework. */
export const statusCode = {
  success: 0,
  error: 1,
  unschedulable: 2,
  unschedulableAndUnresolvable: 3,
  wait: 4,
  skip: 5,
  pending: 6,
} as const

/** Code 0 without a reason: one object for all, for it is what nearly every call gives. */
export const success: Status = Object.freeze({ code: statusCode.success, reason: '' })
