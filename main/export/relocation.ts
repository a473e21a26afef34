import type { Digest } from '../../shared/digest.ts'
import { canonical } from '../platform/json.ts'
import type { Exported } from './export.ts'

/** What a lock file is about. */
export interface Relocated {
  readonly consignment: string
  readonly waybill: Digest
  readonly at: string
}

/**
 * The lock file of an export to a registry: which name became which, with the digest that both have. Canonical JSON
 * `{format, consignment, waybill, at, target, images: [{from, to, pinned, digest}]}`; `pinned` is the new name by its digest.
 */
export function relocationOf({ consignment, waybill, at }: Relocated, { target, written }: Exported): Buffer {
  const images = written.map(({ from, reference, digest }) => ({
    from,
    to: reference,
    pinned: `${reference.replace(/(?:@.*|:[^/:]*)$/, '')}@${digest}`,
    digest,
  }))
  return canonical({ format: 'sallyport.relocation/v1', consignment, waybill, at, target, images })
}
