/** The error numbers of WASI preview 1 that this host answers with, by their names in the specification. */
export const errno = {
  success: 0,
  badf: 8,
  fault: 21,
  inval: 28,
  nosys: 52,
  notdir: 54,
  notsock: 57,
  spipe: 70,
} as const
