/**
 * Which rewriter this is, for what is kept beyond a process: the digest of what it makes of the modules in
 * `test/wasm/revision.test.ts`, which says what to write here when that changed.
 */
export const revision = 'da09290b8096387f'
