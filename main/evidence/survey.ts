import type { Digest } from '../../shared/digest.ts'
import type { EvidenceReport } from '../../shared/evidence.ts'
import type { Manifest } from '../oci/manifest.ts'
import { isManifestType } from '../oci/media-types.ts'
import { limits } from '../platform/limits.ts'
import { shown } from '../sigstore/refusal.ts'
import { assess, type Assessed } from './assess.ts'
import type { EvidenceTrust } from './judge.ts'
import { formOf, type BlobReader } from './piece.ts'

/** A manifest and what it says. */
export interface Found {
  readonly digest: Digest
  readonly size: number
  readonly mediaType: string
  readonly manifest: Manifest
}

/** Where a survey looks: a source of content, as far as it needs it. */
export interface Ground {
  manifest(named: Pick<Found, 'digest' | 'size' | 'mediaType'>): Promise<Found>
  evidence(
    subject: Found,
  ): Promise<{ readonly evidence: readonly Found[]; readonly findings: readonly string[] }>
  readonly blobs: BlobReader
}

export type Survey = Pick<EvidenceReport, 'subjects' | 'others' | 'findings'> & {
  readonly assessed: readonly Assessed[]
}

/** Everything below a manifest, each once, as far as the limits of a graph allow; what stays out is a finding. */
class Below {
  readonly found: Found[] = []
  readonly findings = new Set<string>()
  private readonly seen = new Set<Digest>()
  private readonly ground: Ground

  constructor(ground: Ground) {
    this.ground = ground
  }

  /** Whether there was room for all of it. */
  async add(one: Found, depth: number): Promise<boolean> {
    this.seen.add(one.digest)
    this.found.push(one)
    if (one.manifest.kind !== 'index') return true
    if (depth >= limits.graphDepth) {
      this.findings.add(`Not looked at: what is more than ${limits.graphDepth} levels below.`)
      return true
    }
    for (const child of one.manifest.manifests) {
      if (this.seen.has(child.digest) || !isManifestType(child.mediaType)) continue
      if (this.found.length >= limits.imagesSurveyed) {
        this.findings.add(`Not looked at: more than ${limits.imagesSurveyed} images and indexes.`)
        return false
      }
      if (!(await this.add(await this.ground.manifest(child), depth + 1))) return false
    }
    return true
  }
}

function whatIs({ manifest }: Found): string {
  const types = manifest.kind === 'manifest' ? manifest.layers.map((layer) => layer.mediaType) : []
  const of = [manifest.artifactType ?? '', ...types].filter((one) => one !== '').slice(0, 4)
  return shown(`Not signed, or signed in a form that is not read: ${of.join(', ') || 'no layers'}`)
}

/**
 * Asks for everything that speaks for a manifest and for all below it, and for what is found in turn, and judges it.
 * Lists of evidence are not authenticated: what is not found may still exist.
 *
 * @throws Failure when the manifest itself, or a blob of the evidence, cannot be had
 */
export async function survey(root: Found, ground: Ground, trust: EvidenceTrust): Promise<Survey> {
  const below = new Below(ground)
  await below.add(root, 1)
  const images = below.found
  const assessed: Assessed[] = []
  const others: Survey['others'] = []
  const findings = below.findings
  const known = new Set<Digest>()
  let subjects = images
  for (let depth = 0; depth < limits.evidenceDepth && subjects.length > 0; depth += 1) {
    const next: Found[] = []
    for (const subject of subjects) {
      const answer = await ground.evidence(subject)
      for (const finding of answer.findings) findings.add(finding)
      for (const found of answer.evidence) {
        if (known.has(found.digest)) continue
        if (known.size >= limits.evidencePerItem) {
          findings.add(`Not looked at: more than ${limits.evidencePerItem} pieces of evidence.`)
          break
        }
        known.add(found.digest)
        next.push(found)
        const of = { manifest: found.digest, subject: subject.digest }
        assessed.push(
          ...(await assess(found.manifest, { ...of, signed: subject.digest }, ground.blobs, trust)),
        )
        const signed =
          found.manifest.kind === 'manifest' && found.manifest.layers.some((one) => formOf(one) !== null)
        if (!signed) others.push({ ...of, what: whatIs(found) })
      }
    }
    subjects = next
  }
  return { subjects: images.map(({ digest }) => digest), assessed, others, findings: [...findings] }
}
