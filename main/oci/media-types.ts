/* The media types that decide how content is read. Everything else is carried as opaque bytes. */

export const ociManifest = 'application/vnd.oci.image.manifest.v1+json'
export const ociIndex = 'application/vnd.oci.image.index.v1+json'
export const dockerManifest = 'application/vnd.docker.distribution.manifest.v2+json'
export const dockerList = 'application/vnd.docker.distribution.manifest.list.v2+json'
export const ociConfig = 'application/vnd.oci.image.config.v1+json'
export const dockerConfig = 'application/vnd.docker.container.image.v1+json'
export const emptyConfig = 'application/vnd.oci.empty.v1+json'
export const octetStream = 'application/octet-stream'
/** What old registries wrote for the config of an image; engines take each of them for one (moby, `pull_v2.go`). */
const oldConfigs: ReadonlySet<string> = new Set([octetStream, 'application/json', 'text/html'])
const imageLayer =
  /^application\/vnd\.(docker\.image\.rootfs(\.foreign)?\.diff\.tar(\.gzip|\.zstd)?|oci\.image\.layer\.(nondistributable\.)?v1\.tar(\+gzip|\+zstd)?)$/

export function isOldConfigType(mediaType: string): boolean {
  return oldConfigs.has(mediaType)
}

export function isImageLayerType(mediaType: string): boolean {
  return imageLayer.test(mediaType)
}

/** A file as Sallyport carries it (bundle.md, "Reader rules"). */
export const fileArtifact = 'application/vnd.sallyport.file.v1'

/** Several files that travel as one thing, by what they are. */
export const treeArtifacts = {
  manifests: 'application/vnd.sallyport.manifests.v1',
  folder: 'application/vnd.sallyport.folder.v1',
  git: 'application/vnd.sallyport.git.v1',
  model: 'application/vnd.sallyport.model.v1',
} as const
export type TreeKind = keyof typeof treeArtifacts

/** A model and its weights (ModelPack, `docs/spec.md`): by the type of the artifact, or of its config. */
export const modelTypes: readonly string[] = [
  'application/vnd.cncf.model.manifest.v1+json',
  'application/vnd.cncf.model.config.v1+json',
]

/** What Helm pushes: what a chart says of itself, the packed chart, and its signature. */
export const helmConfig = 'application/vnd.cncf.helm.config.v1+json'
export const helmContent = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip'
export const helmProvenance = 'application/vnd.cncf.helm.chart.provenance.v1.prov'

export function isManifestType(mediaType: string): boolean {
  return mediaType === ociManifest || mediaType === dockerManifest || isIndexType(mediaType)
}

export function isIndexType(mediaType: string): boolean {
  return mediaType === ociIndex || mediaType === dockerList
}

/** Docker's first format, and an OCI draft that was withdrawn: both name content in ways we do not carry. */
export function isRefusedManifestType(mediaType: string): boolean {
  return (
    mediaType.startsWith('application/vnd.docker.distribution.manifest.v1') ||
    mediaType === 'application/vnd.oci.artifact.manifest.v1+json'
  )
}

/** What is expected in the place of a format that is refused. */
export const currentFormat = 'an OCI or Docker v2 manifest'

/** How a format that is refused is called, so that whoever reads it knows what to look for. */
export function nameOfRefused(mediaType: string): string {
  const name = mediaType.startsWith('application/vnd.docker.')
    ? 'Docker schema 1'
    : 'the withdrawn OCI artifact manifest'
  return `${name} (${mediaType.slice(0, 100)})`
}

export const acceptedManifests = [ociManifest, ociIndex, dockerManifest, dockerList].join(', ')
