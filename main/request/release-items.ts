import { isWeb } from '../../shared/names.ts'
import type { AskedChart, AskedGit, AskedModel, AskedUrl, NamedImages } from '../../shared/request.ts'
import type { Position } from '../platform/yaml.ts'
import { isTag } from '../oci/reference.ts'
import { checkPath, checkTitled, webAt, withPlace } from './place.ts'
import { wrong } from './problem.ts'
import type { WrittenItem } from './schema.ts'

/** What is common to all items, and where each field stands. */
export interface Reading {
  readonly written: WrittenItem
  readonly evidence: number
  readonly positionOf: (field: string) => Position
}

/** Plain http, for something on this computer. */
export const allowsPlain = ({ allow }: WrittenItem): boolean => allow !== undefined && allow.length > 0

/** What becomes of the images that it names: they are told, where nothing is said. */
export const imagesOf = ({ images }: WrittenItem): NamedImages => images ?? 'list'

/** Files of values, the last of which counts most. @throws Failure `path-outside` */
export function valuesOf({ written, positionOf }: Reading): readonly string[] {
  const { values = [] } = written
  for (const path of values) checkPath(path, positionOf('values'))
  return values
}

/** A file of the web. Without something that says which one it must be, anybody on the way could say it. */
export function urlItem(reference: string, { written, evidence, positionOf }: Reading): AskedUrl {
  const at = positionOf('url')
  const { sha256 = null, signature, key } = written
  const plainHttp = allowsPlain(written)
  const { mark } = webAt(reference, plainHttp, at)
  if (mark !== null) wrong(at, 'the address of a file', `“${reference}”`)
  if (sha256 === null && signature === undefined)
    wrong(at, '“sha256:” beside it, or “signature:” and “key:”', 'neither')
  if ((signature === undefined) !== (key === undefined))
    wrong(at, '“signature:” and “key:” together', signature === undefined ? 'only a key' : 'only a signature')
  if (signature !== undefined) {
    const place = positionOf('signature')
    if (isWeb(signature)) webAt(signature, plainHttp && signature.startsWith('http:'), place)
    else checkPath(signature, place)
  }
  if (key !== undefined) checkPath(key, positionOf('key'))
  const signed = signature === undefined || key === undefined ? null : { signature, key }
  return { kind: 'url', reference, sha256, signed, plainHttp, evidence, at }
}

/** A chart of the request's folder, or of a repository of the web. */
export function packedChart(reference: string, reading: Reading): AskedChart {
  const { written, evidence, positionOf } = reading
  const at = positionOf('chart')
  const { name, version, sha256 = null } = written
  const plainHttp = allowsPlain(written)
  const named = { images: imagesOf(written), values: valuesOf(reading) }
  const common = { kind: 'chart', sha256, plainHttp, ...named, evidence, at } as const
  if (written.signatures !== undefined) wrong(positionOf('signatures'), 'a chart in a registry', 'another')
  if (!isWeb(reference)) {
    checkTitled(reference, at)
    if (plainHttp) wrong(at, 'plain-http only on the way to somewhere', `“${reference}”`)
    for (const [field, text] of Object.entries({ name, version }))
      if (text !== undefined) wrong(positionOf(field), 'a chart of a repository of the web', 'another')
    return { ...common, reference, repository: null }
  }
  const { mark } = webAt(reference, plainHttp, at)
  if (mark !== null || name === undefined || version === undefined)
    return wrong(at, 'the address of a repository, and “name:” and “version:” beside it', `“${reference}”`)
  const url = reference.replace(/\/$/, '')
  const full = `${url}/${name}:${version}`
  withPlace(at, () => webAt(full, plainHttp, at))
  return { ...common, reference: full, repository: { url, name, version } }
}

/** A folder of a model. What signs it lies in it, or is named and lies in the folder of the request too. */
export function modelFolder(reference: string, { written, evidence, positionOf }: Reading): AskedModel {
  const at = positionOf('model')
  const { signature = null } = written
  checkTitled(reference, at)
  if (signature !== null) {
    const place = positionOf('signature')
    if (isWeb(signature)) wrong(place, 'a signature in the folder of the request', `“${signature}”`)
    checkPath(signature, place)
  }
  return { kind: 'model', reference, signature, evidence, at }
}

/** A repository of git. A tag can be moved by whoever may write there, so it counts only with a signature. */
export function gitItem(reference: string, { written, evidence, positionOf }: Reading): AskedGit {
  const at = positionOf('git')
  const { commit, tag, key } = written
  const plainHttp = allowsPlain(written)
  const web = isWeb(reference) ? webAt(reference, plainHttp, at) : null
  if (web !== null && web.mark !== null) wrong(at, 'the address of a repository', `“${reference}”`)
  if (web === null) {
    checkTitled(reference, at)
    if (plainHttp) wrong(at, 'plain-http only on the way to somewhere', `“${reference}”`)
  }
  const revision =
    commit !== undefined && tag === undefined && key === undefined
      ? { commit }
      : commit === undefined && tag !== undefined && key !== undefined
        ? { tag, key }
        : wrong(at, '“commit:”, or “tag:” with “key:”, whoever signed it', 'something else')
  if (key !== undefined) checkPath(key, positionOf('key'))
  const mark = 'commit' in revision ? revision.commit : revision.tag
  if (!isTag(mark)) wrong(positionOf('tag'), 'a tag that can be one in a registry too', `“${mark}”`)
  if (web === null) return { kind: 'git', reference, url: null, revision, plainHttp, evidence, at }
  const plain = reference.replace(/\/$/, '').replace(/\.git$/, '')
  return { kind: 'git', reference: `${plain}:${mark}`, url: reference, revision, plainHttp, evidence, at }
}
