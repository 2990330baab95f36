import { type Field, messages } from '../../src/contracts/scheduler/kubernetes/table.ts'

/** Which file of `tenon/scheduler/_kubernetes` a message is in: the first one whose pattern it matches. */
const files: readonly (readonly [string, RegExp])[] = [
  ['meta', /^(?:ObjectMeta|ListMeta|OwnerReference|ManagedFieldsEntry|FieldsV1|LabelSelector.*)$/],
  ['references', /^(?:.*Reference|.*KeySelector|.*FieldSelector|KeyToPath)$/],
  ['node', /^(?:Node|NodeList|NodeSpec|NodeStatus|NodeAddress|NodeCondition|NodeSystemInfo|NodeSwapStatus|Taint)$/],
  ['node-status', /^(?:Node(?!Affinity|Selector).*|AttachedVolume|ConfigMapNodeConfigSource|DaemonEndpoint)$/],
  ['container-image', /^ContainerImage$/],
  ['affinity', /Affinity|^NodeSelector|^PreferredSchedulingTerm$|^TopologySpreadConstraint$|^Toleration$/],
  ['container-status', /^ContainerSt(?:ate|atus)|ContainerUser$|^ResourceStatus$|^ResourceHealth$|^VolumeMountStatus$/],
  ['security', /^(?:.*Secur.*|SELinuxOptions|SeccompProfile|AppArmorProfile|Capabilities|Sysctl)$/],
  ['probe', /^(?:Probe.*|Lifecycle.*|.*Action|HTTPHeader)$/],
  ['volume-claim', /Claim(?!Status)/],
  ['cloud-volume', /^(?:AWS|Azure|GCE|Photon|Portworx|Vsphere|Cinder|ScaleIO|StorageOS|Quobyte).*Source$/],
  ['network-volume', /^(?:CephFS|FC|Flex|Flocker|Glusterfs|ISCSI|NFS|RBD).*Source$/],
  ['projected-volume', /Projection|^Projected|^DownwardAPI|^(?:ConfigMap|Secret)VolumeSource$/],
  ['volume', /^Volume(?:Source)?$/],
  ['environment', /^Env|EnvSource$/],
  ['local-volume', /Source$/],
  ['ephemeral-container', /^EphemeralContainer/],
  ['container', /Container|^Volume|^Resource/],
  ['pod-status', /^(?:PodStatus|PodCondition|PodIP|HostIP|PodResourceClaimStatus)$/],
  ['pod', /^(?:Pod.*|Host.*)$/],
]

/** Messages that JSON spells in a way of their own, which are written by hand, and scalars. */
const values = new Map([
  ['string', ['Text', '../text']],
  ['bytes', ['Bytes', '../text']],
  ['Quantity', ['Quantity', '../values']],
  ['Time', ['Time', '../values']],
  ['IntOrString', ['IntOrString', '../values']],
])
const scalars = new Map([
  ['bool', 'bool'],
  ['int32', 'i32'],
  ['int64', 'i64'],
])
const heading = `/*
 * Made by 'npm run views' from src/contracts/scheduler/kubernetes/fields.ts: change those.
 */
`

/** The sources of all views, by the names of their files. */
export function views(): ReadonlyMap<string, string> {
  const sources = files.map(([name]) => [`${name}.ts`, source(name)] as const)
  const all = files.map(([name]) => `export * from './_kubernetes/${name}'\n`)
  return new Map([
    ...sources.map(([name, text]) => [`_kubernetes/${name}`, text] as const),
    ['kubernetes.ts', index(all)],
  ])
}

const index = (all: readonly string[]): string => `${heading}
/*
 * The types of all that is in a pod or a node, for plugins that name them.
 */
${all.join('')}`

function fileOf(message: string): string {
  const file = files.find(([, pattern]) => pattern.test(message))
  if (file === undefined) throw new Error(`no file of views is for ${message}: name one in tools/kubernetes/views.ts`)
  return file[0]
}

function source(file: string): string {
  const mine = [...messages].filter(([message]) => fileOf(message) === file)
  const classes = mine.map(([message, fields]) => classOf(message, fields))
  const text = classes.join('\n')
  const imports = new Map<string, Set<string>>([['../_view', new Set(['View'])]])
  const importing = (name: string, path: string): void => {
    imports.set(path, (imports.get(path) ?? new Set()).add(name))
  }
  for (const name of ['has', 'list', 'map', 'optional', 'scalar', 'single'])
    if (new RegExp(`\\b${name}(?:<\\w+>)?\\((?:this|there)`).test(text)) importing(name, '../_protobuf')
  if (text.includes('there(this)')) importing('there', '../_pods')
  for (const [name, path] of values.values()) if (mentions(text, name)) importing(name ?? '', path ?? '')
  if (text.includes(': List<')) importing('List', '../collections')
  if (text.includes(': StringMap<')) importing('StringMap', '../collections')
  for (const message of messages.keys()) {
    if (values.has(message) || fileOf(message) === file || !mentions(text, message)) continue
    importing(message, `./${fileOf(message)}`)
  }
  const lines = [...imports]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, names]) => importLine([...names].toSorted(), path))
  return `${heading}${lines.join('')}\n${text}`
}

function importLine(names: readonly string[], path: string): string {
  const line = `import { ${names.join(', ')} } from '${path}'\n`
  return line.length <= 121 ? line : `import {\n${names.map((name) => `  ${name},\n`).join('')}} from '${path}'\n`
}

const mentions = (text: string, name = ''): boolean => new RegExp(`[:<|] ?${name}\\b(?!\\()`).test(text)

function classOf(message: string, fields: readonly Field[]): string {
  const getters = fields.flatMap((field) => gettersOf(message, field))
  return `/** Kubernetes' \`${message}\`. */\n@unmanaged\n@final\nexport class ${message} extends View {\n${getters.join('\n')}}\n`
}

function gettersOf(message: string, field: Field): readonly string[] {
  const { number, name, type, inline } = field
  // The pod that is scheduled is there once something of it is read.
  const from = message === 'Pod' ? 'there(this)' : 'this'
  if (inline) {
    const inner = `single<${type}>(${from}, ${number})`
    return (messages.get(type) ?? []).flatMap((one) => forwarded(one, inner))
  }
  const getter = getterOf(name, typeOf(field), `${readerOf(field)}(${from}, ${number})`)
  return isOptionalScalar(field)
    ? [getterOf(`has${capital(name)}`, 'bool', `has(${from}, ${number})`), getter]
    : [getter]
}

/** A field whose message is not to be seen in JSON. */
function forwarded(field: Field, inner: string): readonly string[] {
  const getter = getterOf(field.name, typeOf(field), `${inner}.${field.name}`)
  if (!isOptionalScalar(field)) return [getter]
  const has = `has${capital(field.name)}`
  return [getterOf(has, 'bool', `${inner}.${has}`), getter]
}

/** A word of the language that AssemblyScript takes for no property. */
const renamed = new Map([['continue', 'continueToken']])

const getterOf = (name: string, type: string, value: string): string =>
  `  get ${renamed.get(name) ?? name}(): ${type} {\n    return ${value}\n  }\n`

const capital = (name: string): string => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`

const isOptionalScalar = ({ type, repetition, always }: Field): boolean =>
  scalars.has(type) && repetition === 'single' && !always

const elementOf = (type: string): string => scalars.get(type) ?? values.get(type)?.[0] ?? type

function typeOf({ type, repetition, always }: Field): string {
  const element = elementOf(type)
  if (repetition === 'list') return `List<${element}>`
  if (repetition === 'map') return `StringMap<${element}>`
  return always || scalars.has(type) || type === 'bytes' ? element : `${element} | null`
}

function readerOf({ type, repetition, always }: Field): string {
  const element = elementOf(type)
  if (repetition === 'list') return `list<${element}>`
  if (repetition === 'map') return `map<${element}>`
  if (scalars.has(type)) return `scalar<${element}>`
  return always || type === 'bytes' ? `single<${element}>` : `optional<${element}>`
}
