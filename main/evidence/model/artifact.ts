import { hexOf, type Digest } from '../../../shared/digest.ts'
import type { CarriedTree } from '../../oci/tree-manifest.ts'
import { digestArtifact, type Artifact } from '../../sigstore/artifact.ts'
import { Refusal, shown } from '../../sigstore/refusal.ts'
import { isBelow, modelStatements, readModelStatement, type ModelStatement } from './statement.ts'

const mostNamed = 3
const longest = 80

/** Paths as a sentence names them. */
function named(paths: readonly string[]): string {
  const first = paths.slice(0, mostNamed).map((path) => shown(path.slice(0, longest)))
  const more = paths.length - first.length
  return `${first.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** Holds each listed file against the tree; gives the paths that are left. @throws Refusal `statement.file-*` */
function withoutListed({ files }: CarriedTree, { resources }: ModelStatement): Map<string, Digest> {
  const left = new Map(files.map(({ path, digest }) => [path, digest]))
  for (const { name, digest } of resources) {
    const found = left.get(name)
    if (found === undefined)
      throw new Refusal('statement.file-missing', `the file ${name}`, 'none of that name')
    if (found !== digest) throw new Refusal('statement.file-differs', `${digest} in ${name}`, found)
    left.delete(name)
  }
  return left
}

/**
 * Whether a path, or a folder that it lies in, is left out. What does not lie below the model leaves out nothing. Signed on
 * Windows these paths have its separator, which no name in a tree has.
 */
function leavesOut({ ignored }: ModelStatement): (path: string) => boolean {
  const places = new Set(ignored.map((one) => one.replaceAll('\\', '/').replace(/\/$/, '')).filter(isBelow))
  return (path) => {
    const steps = path.split('/')
    return steps.some((_, at) => places.has(steps.slice(0, at + 1).join('/')))
  }
}

/**
 * Holds a signature against the files of a model: each that it lists is there with exactly that digest, and each that is
 * there is listed, left out by it, or, once, the signature itself.
 *
 * @param signature digest of the document that the statement came in
 */
function check(tree: CarriedTree, signature: Digest, said: ModelStatement): string[] {
  const left = withoutListed(tree, said)
  const isIgnored = leavesOut(said)
  const others = [...left].filter(([path]) => !isIgnored(path))
  const itself = others.findIndex(([, digest]) => digest === signature)
  const [unlisted] = itself < 0 ? others : others.filter((_, at) => at !== itself)
  if (unlisted !== undefined)
    throw new Refusal(
      'statement.file-unlisted',
      'only files that the signature lists or leaves out',
      unlisted[0],
    )
  const ignored = [...left].filter(([path, digest]) => isIgnored(path) && digest !== signature)
  const renamed = said.name !== '' && said.name !== tree.title
  return [
    ...(ignored.length === 0
      ? []
      : [`It does not speak for what it leaves out: ${named(ignored.map(([path]) => path))}.`]),
    ...(renamed ? [`It was signed as a model of another name: ${named([said.name])}.`] : []),
  ]
}

/**
 * A carried folder of a model, as what signatures of OpenSSF Model Signing are over: by its list of files, whose digests
 * are known. Statements of other types are about it by the digest of its manifest.
 *
 * @param root digest of the tree's manifest
 */
export function modelArtifact(root: Digest, tree: CarriedTree): (signature: Digest) => Artifact {
  const byDigest = digestArtifact('sha256', hexOf(root))
  return (signature) => ({
    ...byDigest,
    own: {
      types: modelStatements,
      check: (statement) => check(tree, signature, readModelStatement(statement)),
    },
  })
}
