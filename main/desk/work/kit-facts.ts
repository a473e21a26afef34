import { rulesNow } from '../../../shared/rules/version.ts'
import type { Digest } from '../../../shared/digest.ts'
import { registryTarget } from '../../../shared/landing.ts'
import type { KitFacts, KitItem, KitKey, KitTrust } from '../../landing/kit/kit-facts.ts'
import { limits } from '../../platform/limits.ts'
import { Failure } from '../../platform/failure.ts'
import { pemOf } from '../../sigstore/public-key.ts'
import type { Desk } from '../desk.ts'
import { landingKeyOf } from '../disk/landing-keys.ts'
import { readWaybill } from '../disk/waybill.ts'
import { landedItems, writtenAt } from '../judging/landed.ts'
import type { Consignment } from '../state/consignment.ts'
import { acceptedWith } from '../state/landing.ts'

const keyOf = (name: string, fingerprint: string, spki: string): KitKey => ({
  name,
  fingerprint,
  pem: pemOf(Buffer.from(spki, 'base64')),
})

/** The keys whose seals count: the landing key, or those of everybody who accepted it. @throws Failure `landing-none`, `landing-not-decider` */
function sealKeys(desk: Desk, one: Consignment): KitKey[] {
  const { state } = desk
  if (state.policy.document.landing.signers === 'station') return [gateKey(desk)]
  return acceptedWith(one, rulesNow).map(({ person, name, fingerprint }) => {
    const here = state.people.find(({ id }) => id === person)
    // A key that was replaced since seals nothing any more: files that name it would let old seals in, and no new ones.
    if (here?.fingerprint !== fingerprint)
      throw new Failure('landing-not-decider', {
        person: name,
        expected: 'the keys with which it was accepted',
      })
    return keyOf(name, fingerprint, here.key)
  })
}

/** The landing key, which signs lists and kits. */
export function gateKey(desk: Desk): KitKey {
  const { fingerprint, key } = landingKeyOf(desk)
  return keyOf(`landing key of ${desk.state.card.name}`, fingerprint, key)
}

function trustOf(desk: Desk, one: Consignment, kind: KitTrust['kind']): KitTrust {
  if (kind === 'landing') return { kind, keys: sealKeys(desk, one) }
  const { identities } = desk.state.policy.document
  return { kind, identities, roots: desk.trustedRoots() }
}

/**
 * What a kit is made from: what an export to this target wrote, the policy in force, and whom the far side shall trust.
 *
 * @throws Failure `landing-none`, `landing-not-there`, `landing-not-decider`, `desk-damaged`
 */
export async function kitFacts(
  desk: Desk,
  one: Consignment,
  target: { readonly host: string; readonly prefix: string },
  trust: KitTrust['kind'],
): Promise<KitFacts> {
  const written = writtenAt(one, registryTarget(target))
  const { waybill, digest } = await readWaybill(desk, one)
  const store = await desk.store()
  const types = new Map(waybill.items.map(({ root }) => [root.digest, root.mediaType]))
  const read = async (_: string, of: Digest): Promise<{ bytes: Buffer; mediaType: string }> => ({
    bytes: await store.read(of, limits.manifestBytes),
    mediaType: types.get(of) ?? 'application/vnd.oci.image.manifest.v1+json',
  })
  const items = await landedItems(waybill, target.host, written, read)
  const landed = items.map(({ item, path, tag, digest: root, platforms }): KitItem => ({
    from: item.reference,
    name: item.name,
    kind: item.kind,
    repository: `${target.host}/${path}`,
    tag,
    digest: root,
    platforms,
  }))
  const registry = desk.state.policy.document.exportRegistries.find(({ host }) => host === target.host)
  const plainHttp = registry?.allow?.includes('plain-http') === true
  return {
    ...{ site: desk.state.card.name, at: desk.now(), consignment: one.id, waybill: digest },
    policy: { digest: desk.state.policy.digest, document: desk.state.policy.document },
    target: { ...target, plainHttp },
    landed,
    trust: trustOf(desk, one, trust),
    gate: gateKey(desk),
  }
}
