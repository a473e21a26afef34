import { stringify } from 'yaml'
import type { Digest } from '../../shared/digest.ts'
import { canonical } from '../platform/json.ts'
import type { Exported } from './export.ts'

/** What a lock file is about. */
export interface Relocated {
  readonly consignment: string
  readonly waybill: Digest
  readonly at: string
}

const pinned = (reference: string, digest: Digest): string =>
  `${reference.replace(/(?:@.*|:[^/:]*)$/, '')}@${digest}`

/**
 * What an export to a registry was: which name became which, with the digest that both have, as
 * `{format, consignment, waybill, at, target, images: [{from, to, pinned, digest}]}`; `pinned` is the new name by its digest.
 */
function relocationOf({ consignment, waybill, at }: Relocated, { target, written }: Exported): object {
  const images = written.map(({ from, reference, digest }) => ({
    from,
    to: reference,
    pinned: pinned(reference, digest),
    digest,
  }))
  return { format: 'sallyport.relocation/v1', consignment, waybill, at, target, images }
}

/**
 * The same for imgpkg and kbld: their `ImagesLock` (carvel.dev/imgpkg, "Resources"), each new name by its digest, with the old
 * one as the id that kbld looks for.
 */
function imagesLockOf({ consignment, waybill, at }: Relocated, { written }: Exported): Buffer {
  const images = written.map(({ from, reference, digest }) => ({
    image: pinned(reference, digest),
    annotations: { 'kbld.carvel.dev/id': from },
  }))
  const head = `# Exported at ${at} from the consignment ${consignment}, waybill ${waybill}\n`
  const body = { apiVersion: 'imgpkg.carvel.dev/v1alpha1', kind: 'ImagesLock', images }
  return Buffer.from(`---\n${head}${stringify(body, { lineWidth: 0 })}`)
}

/** The lock file in the form that its name asks for: `ImagesLock` for `.yml` and `.yaml`, else canonical JSON of ours. */
export function lockFor(path: string, about: Relocated, exported: Exported): Buffer {
  return /\.ya?ml$/i.test(path) ? imagesLockOf(about, exported) : canonical(relocationOf(about, exported))
}

/** The same as YAML (`relocate.yaml`), for people and for what rewrites names in charts and manifests. */
export function relocateFile(about: Relocated, exported: Exported): Buffer {
  return Buffer.from(stringify(relocationOf(about, exported), { lineWidth: 0 }))
}
