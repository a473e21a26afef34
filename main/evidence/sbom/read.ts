import type { Digest } from '../../../shared/digest.ts'
import type { Sbom } from '../../../shared/evidence.ts'
import type { Statement } from '../../sigstore/subject.ts'
import type { Bill, ReadBill } from './component.ts'
import { cycloneDx } from './cyclonedx.ts'
import { spdx2 } from './spdx2.ts'
import { spdx3 } from './spdx3.ts'
import { syft } from './syft.ts'

/** The kinds of bills of materials that are read. */
type Kind = 'spdx' | 'cyclonedx' | 'syft'

/** Which kind of bill of materials a predicate type is: with or without a version behind it. */
export function sbomKind(predicateType: string): Kind | null {
  if (/^https:\/\/spdx\.dev\/Document(?:\/v[0-9.]+)?$/.test(predicateType)) return 'spdx'
  if (/^https:\/\/cyclonedx\.org\/bom(?:\/v[0-9.]+)?$/.test(predicateType)) return 'cyclonedx'
  return predicateType === 'https://syft.dev/bom' ? 'syft' : null
}

function readKind(kind: Kind, predicate: Statement['predicate'], subject: Digest): ReadBill {
  if (kind === 'cyclonedx') return cycloneDx(predicate, subject)
  if (kind === 'syft') return syft(predicate, subject)
  const isGraph = typeof predicate === 'object' && predicate !== null && '@graph' in predicate
  return isGraph ? spdx3(predicate, subject) : spdx2(predicate, subject)
}

/**
 * A bill of materials that a statement carries, in one shape.
 *
 * @param subject the manifest that the statement was proven to be about
 * @returns what is shown of it, and what rules read; `null` for a statement of another kind
 * @throws Refusal `statement.form` when it says that it is one and cannot be read as one
 */
export function readSbom(
  statement: Statement,
  subject: Digest,
): { readonly view: Sbom; readonly bill: Bill } | null {
  const { predicate, predicateType } = statement
  const kind = sbomKind(predicateType)
  if (kind === null) return null
  const { view, bill } = readKind(kind, predicate, subject)
  return { view: { predicateType, ...view }, bill }
}
