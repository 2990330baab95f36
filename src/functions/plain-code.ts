import { artifactKind, readArtifact, type Source } from '../artifact.ts'
import type { CodeRuntime, PostedCode, ReadyCode } from '../code/code.ts'

/** Posted code as it is: JavaScript becomes a program, since what strangers post does not run in this process. */
export function plainCode({ bytes, main, env }: PostedCode): Promise<ReadyCode> {
  const kind = artifactKind(bytes)
  return Promise.resolve({
    source: bytes,
    kind,
    runtime: kind === 'wasm-module' ? 'wasm' : 'process',
    main,
    env,
    dispose: () => Promise.resolve(),
  })
}

/** A file of the operator's own, which stays where it is: JavaScript runs in this process where that is allowed. */
export async function ownCode(
  source: Source,
  env: Readonly<Record<string, string>>,
  usual: CodeRuntime,
): Promise<ReadyCode> {
  const { kind } = await readArtifact(source)
  const runtime = kind === 'wasm-module' ? 'wasm' : kind === 'javascript' ? usual : 'process'
  return { source, kind, runtime, main: 'main', env, dispose: () => Promise.resolve() }
}
