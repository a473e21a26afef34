import { isLayout, isWeb, transport } from '../../shared/names.ts'
import type { Finding, ItemKind } from '../../shared/waybill.ts'
import { treeArtifacts } from './media-types.ts'
import { parseLayoutReference, parseReference, type RegistryReference } from './reference.ts'
import { parseWeb } from './web-reference.ts'

/** The code of the finding that a tag beside a digest was not resolved to it: such a tag is no version. */
export const tagNotResolved = 'tag-not-resolved'

/** One name for one place: what a reference says, however it is spelled (bundle.md, "Reader rules"). */
export interface NormalForm {
  /** Without tag and digest: `docker.io/library/alpine`, `r.example:5000/team/app`, `layouts/app`; a file's title. */
  readonly name: string
  readonly tag: string | null
  readonly digest: string | null
}

/** A path without steps that lead nowhere: `./a//b/.` is `a/b`, the folder itself is `.`. Steps that climb stay, refused. */
function plainPath(path: string): string {
  const steps = path.split('/').filter((step) => step !== '' && step !== '.')
  return steps.length === 0 ? '.' : steps.join('/')
}

function ofRegistry({ host, repository, tag, digest }: RegistryReference): NormalForm {
  // Images are spoken for over TLS; on the one host that may speak plain http the port stands in the name.
  return { name: `${host.replace(/:443$/, '')}/${repository}`, tag, digest }
}

/** The name under which an item stands in `index.json`: its reference as asked, a leading `oci:` or `./` cut. */
export function refNameOf(reference: string): string {
  return reference
    .replace(transport, '')
    .replace(/^https?:\/\//, '')
    .replace(/^oci:/, '')
    .replace(/^\.\//, '')
}

/** Images and artifacts come from registries and layouts alone. */
const mayBePath = (kind: ItemKind): boolean => kind === 'file' || kind === 'chart' || kind in treeArtifacts
/** A model is a folder or in a registry, and nowhere else. */
const mayBeWeb = (kind: ItemKind): boolean => mayBePath(kind) && kind !== 'model'

/** Whether a reference is a path in the request's folder. No such path has a colon, and every other reference has one. */
export function isPath(kind: ItemKind, reference: string): boolean {
  return mayBePath(kind) && !reference.includes(':')
}

/**
 * The normal form of an item's reference. Rules, limits and comparisons meet this and nothing else.
 *
 * @throws Failure `reference-form`, `algorithm-refused` for what is no reference
 */
export function normalForm(kind: ItemKind, reference: string): NormalForm {
  if (kind === 'file' || isPath(kind, reference)) {
    return { name: reference.slice(reference.lastIndexOf('/') + 1), tag: null, digest: null }
  }
  if (isWeb(reference) && mayBeWeb(kind)) {
    const { name, mark } = parseWeb(reference)
    return { name, tag: mark, digest: null }
  }
  if (!isLayout(reference)) return ofRegistry(parseReference(reference))
  const { path, tag, digest, full } = parseLayoutReference(reference)
  return full === null ? { name: plainPath(path), tag, digest } : ofRegistry(full)
}

/**
 * An item's name and version, as collect states them and as every reader computes them again: the version is the tag,
 * unless a finding says that it was not resolved to the digest beside it. `name` is `null` where only the content says it:
 * of a file that comes from elsewhere, and of charts and trees of the request's folder, whose content says the version too.
 *
 * @throws Failure as `normalForm`
 */
export function statedBy(
  kind: ItemKind,
  reference: string,
  findings: readonly Pick<Finding, 'code'>[],
): { readonly name: string | null; readonly version: string | null } {
  if (kind === 'file' ? !isPath(kind, reference) : isPath(kind, reference))
    return { name: null, version: null }
  const { name, tag, digest } = normalForm(kind, reference)
  const loose = digest !== null && findings.some(({ code }) => code === tagNotResolved)
  return { name, version: loose ? null : tag }
}

/**
 * What two references have in common that ask for one thing. Content in a folder is another than content in a registry,
 * whatever name it carries there.
 *
 * @throws Failure as `normalForm`
 */
export function askedOnce(kind: ItemKind, reference: string): string {
  if (isPath(kind, reference)) return `${kind} ${plainPath(reference)}`
  if (isWeb(reference) && mayBeWeb(kind)) return `${kind} ${reference}`
  const { name, tag, digest } = normalForm(kind, reference)
  const from = isLayout(reference) ? `oci:${plainPath(parseLayoutReference(reference).path)} ` : ''
  return `${from}${name}:${tag ?? ''}@${digest ?? ''}`
}

/**
 * What two items have in common that are called the same where they land, without regard to case: charts by their version
 * too, everything else by its kind and name.
 */
export function landsAs(kind: ItemKind, name: string, version: string | null): string {
  return `${kind} ${name} ${kind === 'chart' ? (version ?? '') : ''}`.toLowerCase()
}
