import { TrustedRoot as Published } from '@sigstore/protobuf-specs'
import { toTrustMaterial, type TrustMaterial } from '@sigstore/verify'
import type { TrustedRoot } from '../trusted-root.ts'

type Lists = Omit<Published, 'mediaType'>
type Material = Pick<TrustMaterial, 'certificateAuthorities' | 'timestampAuthorities' | 'tlogs' | 'ctlogs'>

const lists = ['certificateAuthorities', 'timestampAuthorities', 'tlogs', 'ctlogs'] as const
const noKey = (): never => {
  throw new Error('no key is given')
}

function materialOf(root: Published, only: Partial<Lists>): Material {
  const none: Lists = { certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] }
  return toTrustMaterial({ ...root, ...none, ...only }, noKey)
}

// The library takes a root whole or not at all: one old key that it cannot read would cost its whole opinion.
function readable(root: Published): Material {
  const found: Material = { certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] }
  for (const list of lists) {
    for (const one of root[list]) {
      try {
        ;(found[list] as unknown[]).push(...materialOf(root, { [list]: [one] })[list])
      } catch {
        // Counts for nothing there; where it was needed, the opinion says that it cannot find it.
      }
    }
  }
  return found
}

const known = new WeakMap<TrustedRoot, Material>()

/** What the second verifier trusts: the same files, read by its own parser. @throws whatever that parser throws */
export function secondTrust(roots: readonly TrustedRoot[]): TrustMaterial {
  const all = roots.map((root) => {
    const material = known.get(root) ?? readable(Published.fromJSON(JSON.parse(root.source.toString('utf8'))))
    known.set(root, material)
    return material
  })
  return {
    certificateAuthorities: all.flatMap((one) => one.certificateAuthorities),
    timestampAuthorities: all.flatMap((one) => one.timestampAuthorities),
    tlogs: all.flatMap((one) => one.tlogs),
    ctlogs: all.flatMap((one) => one.ctlogs),
    publicKey: noKey,
  }
}
