import type { Tree } from '../../archive/tree.ts'
import { ManifestProblem, shown, type JsonObject } from '../../oci/descriptor.ts'
import { statedMediaType } from '../../oci/manifest.ts'
import { ociIndex, ociManifest } from '../../oci/media-types.ts'
import { digestOf } from '../../platform/hash.ts'
import { limits } from '../../platform/limits.ts'
import { SharedLayout } from '../layout-evidence.ts'
import { Problems, type Contents } from './contents.ts'
import { listDocument, listPath } from './image-list.ts'
import { OciWalk } from './oci-items.ts'
import { TreeBlobs } from './tree-blobs.ts'

const version = 'version'
const manifestOf = /^([0-9a-f]{64})\.manifest\.json$/
const blob = /^[0-9a-f]{64}$/

/** The manifest of such a folder; `null`: it is none. */
async function manifestIn(tree: Tree): Promise<JsonObject | null> {
  const said = tree.files.get(version)
  if (said === undefined || said.size > 4096) return null
  const text = (await tree.read(version, 4096)).toString('utf8')
  if (!text.startsWith('Directory Transport Version:')) return null
  const document = await listDocument(tree)
  if (document === null || 'wrong' in document) return null
  const { value } = document
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
}

function blobsIn(tree: Tree, problems: Problems): TreeBlobs {
  const blobs = new TreeBlobs(tree)
  blobs.nameFolder('', problems)
  for (const path of tree.files.keys()) {
    const [, hex] = manifestOf.exec(path) ?? []
    if (hex !== undefined) blobs.name(`sha256:${hex}`, path, problems)
  }
  return blobs
}

/** A folder of skopeo's (`dir:`) or podman's (`docker-dir`): one image, its manifest by that name and blobs beside it. */
export async function readDockerDir(tree: Tree): Promise<Contents | null> {
  const fields = tree.files.has('index.json') ? null : await manifestIn(tree)
  if (fields === null) return null
  const problems = new Problems()
  const warnings = new Problems()
  const text = (await tree.read(version, 4096)).toString('utf8')
  if (!/^Directory Transport Version: 1\.[0-9]\n?$/.test(text)) {
    problems.add('container.agreement', 'form', version, 'Directory Transport Version: 1', shown(text))
  }
  const blobs = blobsIn(tree, problems)
  const layout = new SharedLayout(blobs.asLayout([]))
  const walk = new OciWalk(blobs, problems, warnings)
  const bytes = await tree.read(listPath, limits.imageListBytes)
  blobs.state(bytes)
  const mediaType = typeOf(bytes, fields, problems)
  const root =
    mediaType === null ? null : await walk.visit({ digest: digestOf(bytes), size: bytes.length, mediaType })
  const known = (path: string): boolean =>
    path === listPath || path === version || blob.test(path) || manifestOf.test(path)
  const others = [...tree.files.values()].filter(({ path }) => !known(path))
  return {
    format: 'docker-dir',
    items: root === null ? [] : [await walk.item(root, [], layout)],
    files: others,
    named: [],
    compared: {
      'container.sums': `${blobs.count} blobs with the digests in their names`,
      'container.complete': `everything that ${listPath} names`,
      'container.agreement': null,
    },
    problems: problems.found,
    warnings: warnings.found,
    signing: null,
    itemsSigned: true,
    blobs,
  }
}

/** What a manifest says that it is, or what it looks like where it does not say so. */
function typeOf(bytes: Buffer, fields: JsonObject, problems: Problems): string | null {
  try {
    return statedMediaType(bytes) ?? (fields.manifests === undefined ? ociManifest : ociIndex)
  } catch (error) {
    if (!(error instanceof ManifestProblem)) throw error
    problems.add('container.agreement', 'form', listPath, error.expected, error.found)
    return null
  }
}
