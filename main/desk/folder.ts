import { join } from 'node:path'
import { hexOf, type Digest } from '../../shared/digest.ts'

/** Where things lie in a desk's folder (architecture.md, "State on disk"). */
export interface DeskFolder {
  readonly root: string
  readonly card: string
  readonly stationKey: string
  readonly lock: string
  /** Who took the lock last. */
  readonly holder: string
  readonly people: string
  readonly trust: string
  readonly policies: string
  /** Files of rule sets, each by its digest. */
  readonly ruleSets: string
  readonly store: string
  readonly quarantine: string
  readonly consignments: string
  readonly reports: string
  /** Verdicts on media that made no consignment. */
  readonly refused: string
  consignment(id: string): string
  quarantineOf(id: string): string
  ruleSet(digest: Digest): string
  /** Private halves of landing keys. */
  readonly landing: string
  landingKey(fingerprint: string): string
}

export function deskFolder(root: string): DeskFolder {
  const consignments = join(root, 'consignments')
  const ruleSets = join(root, 'policy', 'rego')
  const landing = join(root, 'landing')
  const quarantine = join(root, 'store', 'quarantine')
  return {
    root,
    card: join(root, 'desk.json'),
    stationKey: join(root, 'station.key'),
    lock: join(root, 'desk.lock'),
    holder: join(root, 'desk.holder'),
    people: join(root, 'people.json'),
    trust: join(root, 'trust'),
    policies: join(root, 'policy'),
    ruleSets,
    store: join(root, 'store'),
    quarantine,
    landing,
    consignments,
    reports: join(root, 'reports'),
    refused: join(root, 'refused'),
    // Ids are UUIDs of this desk's own making, checked before they come here.
    consignment: (id) => join(consignments, id),
    quarantineOf: (id) => join(quarantine, id),
    // 64 hex digits, from the ledger.
    landingKey: (fingerprint) => join(landing, `${fingerprint}.key`),
    ruleSet: (digest) => join(ruleSets, `${hexOf(digest)}.wasm`),
  }
}
