import { describe, expect, it } from 'vitest'
import { bytesArtifact, type Artifact } from '../../../main/sigstore/artifact.ts'
import { verifyBundleSet } from '../../../main/sigstore/bundle-set.ts'
import { secondOpinion } from '../../../main/sigstore/second/opinion.ts'
import { readTrustedRoots } from '../../../main/sigstore/root-forms.ts'
import { Refusal } from '../../../main/sigstore/refusal.ts'
import { makeBundle, type BundlePlan, type MadeBundle } from '../../support/authority/bundle.ts'
import { world } from '../../support/authority/world.ts'
import { cosignBundle, pypiObject, wrappings } from '../../support/bundle-forms.ts'

/* Bundles as tools hand them over (cases B1 and B2 of the field): read where nothing that is signed changes. */

async function proven(bytes: Buffer | string, made: MadeBundle, ask = made.ask): Promise<unknown> {
  const artifact = bytesArtifact(made.artifact)
  const { verdict, second } = await verifyBundleSet(Buffer.from(bytes), artifact, ask)
  if (!verdict.ok) return verdict.reason
  if (verdict.proven.signer.kind === 'key') return 'proven'
  const { roots } = ask
  const opinion = await secondOpinion({
    json: second,
    artifact: made.artifact,
    roots,
    proven: verdict.proven,
    ask,
  })
  return opinion.answer === 'contradicts' ? opinion : `proven, ${opinion.answer}`
}

const keyOnly = { signer: 'key', logs: [], stamps: [] } as const
const plans: Readonly<Record<string, BundlePlan>> = {
  'a message': {},
  'an envelope': { content: 'envelope' },
  'an old envelope': { form: '0.1', content: 'envelope' },
}

describe('a bundle in something else', () => {
  for (const [of, plan] of Object.entries(plans)) {
    const made = makeBundle(plan)
    for (const [name, bytes] of Object.entries(wrappings(made.json))) {
      it(`${of}: ${name}`, async () => {
        const alone = await proven(JSON.stringify(made.json), made)
        expect(await proven(bytes, made)).toBe(alone)
        expect(alone).toMatch(/^proven/)
      })
    }
  }

  it('PyPI: an attestation, a provenance file, lines of both', async () => {
    const made = makeBundle({ content: 'envelope', logs: [world.one], stamps: [] })
    const object = pypiObject(made.json)
    const file = {
      version: 1,
      attestation_bundles: [{ publisher: { kind: 'GitHub' }, attestations: [object] }],
    }
    const alone = await proven(JSON.stringify(made.json), made)
    for (const form of [object, file, [object]]) expect(await proven(JSON.stringify(form), made)).toBe(alone)
    expect(await proven(`${JSON.stringify(file)}\n${JSON.stringify(object)}\n`, made)).toBe(alone)
  })

  it.each([
    ['a message by a certificate', { form: '0.1' }],
    ['an envelope by a certificate', { form: '0.1', content: 'envelope' }],
    [
      'an envelope whose log holds a hash of it',
      { form: '0.1', content: 'envelope', entryKind: 'intoto 0.0.1' },
    ],
    ['a message by a key', { form: '0.1', signer: 'key' }],
    ['a message by a key, no log', { ...keyOnly, form: '0.1' }],
    ['an envelope by a key, no log', { ...keyOnly, form: '0.1', content: 'envelope' }],
  ] as const)('cosign’s older bundle: %s', async (_, plan) => {
    const made = makeBundle(plan)
    const ask = { ...made.ask, ...('logs' in plan && { logs: 0, times: 0 }) }
    for (const write of [(pem: string) => pem, (pem: string) => Buffer.from(pem).toString('base64')]) {
      expect(await proven(JSON.stringify(cosignBundle(made, write)), made, ask)).toMatch(/^proven/)
    }
  })

  it('an envelope alone, with signatures of several, on one of several lines', async () => {
    const made = makeBundle({ ...keyOnly, content: 'envelope' })
    const other = makeBundle({ ...keyOnly, content: 'envelope', kind: 'p384' })
    const ask = { ...made.ask, logs: 0, times: 0 }
    const envelope = made.json.dsseEnvelope
    const signatures = [...(other.json.dsseEnvelope?.signatures ?? []), ...(envelope?.signatures ?? [])]
    const lines = [other.json.dsseEnvelope, { ...envelope, signatures }].map((one) => JSON.stringify(one))
    expect(await proven(JSON.stringify(envelope), made, ask)).toBe('proven')
    const address = (text = ''): string => Buffer.from(text, 'base64').toString('base64url')
    const [own] = envelope?.signatures ?? []
    const odd = { ...own, sig: address(own?.sig), timestamps: [], certificate: '' }
    const forAddresses = { ...envelope, payload: address(envelope?.payload), signatures: [odd], more: 1 }
    expect(await proven(JSON.stringify(forAddresses), made, ask)).toBe('proven')
    expect(await proven(lines.join('\n'), made, ask)).toBe('proven')
    expect(await proven(lines[0] ?? '', made, ask)).toMatchObject({ code: 'signature.no-fit' })
  })

  it('of many that are refused, the one that says most is told, with its number', async () => {
    const made = makeBundle({ content: 'envelope' })
    const about = makeBundle({ content: 'envelope', payload: Buffer.from('{}') })
    const wrong = { ...made.ask, identity: { san: 'somebody', issuer: 'else' } }
    const lines = `{"a":1}\n${JSON.stringify(about.json)}\n${JSON.stringify(made.json)}\n`
    expect(await proven(lines, made, wrong)).toMatchObject({
      code: 'identity.issuer',
      found: expect.stringContaining('none is proven') as string,
    })
  })

  it('a large file is read once for all of them', async () => {
    const made = makeBundle()
    let readings = 0
    const artifact: Artifact = {
      ...bytesArtifact(made.artifact),
      digests: (wanted) => {
        readings += 1
        return bytesArtifact(made.artifact).digests(wanted)
      },
    }
    const lines = `${JSON.stringify(made.json)}\n`.repeat(20)
    const { verdict } = await verifyBundleSet(Buffer.from(lines), artifact, {
      ...made.ask,
      identity: { san: 'x', issuer: 'y' },
    })
    expect([verdict.ok, readings]).toEqual([false, 1])
  })
})

describe('trusted roots in one file', () => {
  const root = makeBundle().ask.roots[0]?.source ?? Buffer.alloc(0)
  const line = Buffer.from(JSON.stringify(JSON.parse(root.toString('utf8')))).toString('utf8')
  it.each([
    ['one', line, 1, 0],
    ['one on each line', `${line}\n${line}\n`, 2, 0],
    ['lines of Windows in UTF-16', Buffer.from(`\ufeff${line}\r\n${line}\r\n`, 'utf16le'), 2, 0],
    ['a byte order mark', `\ufeff${line}`, 1, 0],
    ['one that cannot be read costs no other', `{"mediaType":"x"}\n${line}\n`, 1, 1],
  ] as const)('%s', (_, bytes, count, unusable) => {
    const roots = readTrustedRoots(Buffer.from(bytes))
    expect([
      roots.length,
      roots.flatMap((one) => one.unusable).filter((one) => /^root \d/.test(one)).length,
    ]).toEqual([count, unusable])
  })
  it('none that can be read', () => {
    expect(() => readTrustedRoots(Buffer.from('{"a":1}\n{"b":2}\n'))).toThrow(Refusal)
    expect(() => readTrustedRoots(Buffer.from('x'))).toThrow(/root\.json/)
  })
})
