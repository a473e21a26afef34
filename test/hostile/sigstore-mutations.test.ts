import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesArtifact } from '../../main/sigstore/artifact.ts'
import { readTrustedRoot } from '../../main/sigstore/trusted-root.ts'
import { readVerifierPem } from '../../main/sigstore/verifier-key.ts'
import { verifyBundle, type Ask, type Proven } from '../../main/sigstore/verify-bundle.ts'
import { publicGoodRoot } from '../../main/trust/public-good.ts'
import { reasonWords } from '../../shared/text/reasons.ts'
import { makeBundle, type BundlePlan } from '../support/authority/bundle.ts'
import { world } from '../support/authority/world.ts'
import { hasCases, officialCases, privateCases, type Case } from '../support/conformance.ts'
import { mutated, mutationKinds, type Mutation } from '../support/mutate.ts'

/*
 * Bundles that are accepted, changed at random. What may come of it:
 * - a refusal by a reason of the closed set; never a crash;
 * - the bundle is accepted and proves nothing that the unchanged one does not prove: same signer, same signature over
 *   the same content, and of log entries, times and certificate timestamps only such as were proven before.
 * So a change may survive only in what nobody signed and nothing is believed for.
 */

const seed = 20261122
const runs = 6000

interface Source {
  readonly name: string
  readonly text: string
  readonly artifact: Buffer
  readonly ask: Ask
}

function fromCase({ name, words }: Case): Source {
  const after = (flag: string): string => words[words.indexOf(flag) + 1] ?? ''
  const isKey = words.includes('--key')
  const root = words.includes('--trusted-root') ? readFileSync(after('--trusted-root')) : publicGoodRoot
  return {
    name,
    text: readFileSync(after('--bundle'), 'utf8'),
    artifact: readFileSync(words.at(-1) ?? ''),
    ask: {
      roots: [readTrustedRoot(Buffer.from(root))],
      key: isKey ? readVerifierPem(readFileSync(after('--key'), 'utf8')) : null,
      identity: isKey
        ? null
        : { san: after('--certificate-identity'), issuer: after('--certificate-oidc-issuer') },
      logs: 1,
      times: isKey ? 0 : 1,
      scts: isKey ? 0 : 1,
    },
  }
}

const own: readonly BundlePlan[] = (['certificate', 'key'] as const).flatMap((signer) => [
  { signer },
  { signer, content: 'envelope', logs: [world.two, world.three] },
  { signer, form: '0.1', logs: [world.one] },
  { signer, form: '0.2', content: 'envelope', logs: [world.one] },
  { signer, kind: 'rsa2048', way: { form: 'rsa-pss', hash: 'sha256' } },
  { signer, kind: 'ed25519' },
])
const fromPlan = (plan: BundlePlan): Source => {
  const { json, artifact, ask } = makeBundle(plan)
  return { name: JSON.stringify(plan).slice(0, 60), text: JSON.stringify(json), artifact, ask }
}

/** Everything that a verdict states, as texts that can be compared. */
function factsOf(
  proven: Proven,
  text: string,
): { readonly fixed: string; readonly found: readonly string[] } {
  const json = JSON.parse(text) as {
    messageSignature?: { signature: string }
    dsseEnvelope?: { payload: string; signatures: { sig: string }[] }
  }
  const { signer, scheme, statement, entries, times, scts } = proven
  const who =
    signer.kind === 'key'
      ? signer.key.fingerprint
      : `${signer.certificate.fingerprint} ${signer.identity.name.value} ${signer.identity.issuer} ${signer.anchor}`
  return {
    fixed: JSON.stringify([
      who,
      scheme,
      statement,
      json.messageSignature?.signature ?? json.dsseEnvelope?.signatures[0]?.sig,
      json.dsseEnvelope?.payload,
    ]),
    found: [
      ...entries.map(
        ({ log, entry, time }) =>
          `${log.baseUrl} ${entry.index} ${createHash('sha256').update(entry.body).digest('hex')} ${time ?? 'no time'}`,
      ),
      ...times.map(({ at, by, source }) => `${source} ${by} ${at.toISOString()}`),
      ...scts.map(({ log, time }) => `${log.baseUrl} ${time}`),
    ],
  }
}

const zMutation = fc.record<Mutation>({
  kind: fc.constantFrom(...mutationKinds),
  where: fc.nat(),
  at: fc.nat(),
  size: fc.nat(),
})

async function verdictOf({ artifact, ask }: Source, bytes: Uint8Array) {
  return verifyBundle(bytes, bytesArtifact(artifact), ask)
}

async function checkAll(sources: readonly Source[]): Promise<void> {
  const before = new Map<Source, ReturnType<typeof factsOf>>()
  for (const source of sources) {
    const verdict = await verdictOf(source, Buffer.from(source.text))
    expect(verdict.ok ? null : { name: source.name, reason: verdict.reason }).toBeNull()
    if (verdict.ok) before.set(source, factsOf(verdict.proven, source.text))
  }
  const seen = new Map<string, number>()
  let survived = 0
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...sources),
      fc.constantFrom(...sources),
      fc.array(zMutation, { minLength: 1, maxLength: 3 }),
      async (source, other, mutations) => {
        const bytes = mutated(source.text, mutations, other.text)
        const verdict = await verdictOf(source, bytes)
        if (!verdict.ok) {
          expect(Object.keys(reasonWords)).toContain(verdict.reason.code)
          seen.set(verdict.reason.code, (seen.get(verdict.reason.code) ?? 0) + 1)
          return
        }
        survived += 1
        const facts = factsOf(verdict.proven, bytes.toString('utf8'))
        expect(facts.fixed).toBe(before.get(source)?.fixed)
        for (const fact of facts.found) expect(before.get(source)?.found).toContain(fact)
      },
    ),
    { seed, numRuns: runs },
  )
  console.log(
    `${runs} changed bundles of ${sources.length} (seed ${seed}): ${survived} mean what they meant, the rest refused for ${seen.size} reasons`,
  )
}

describe('changed bundles prove nothing new, and never end in a crash', () => {
  it('bundles of the private Sigstore of these tests', () => checkAll(own.map(fromPlan)), 300_000)

  it.skipIf(!hasCases)(
    'real bundles (needs ../shared/fixtures)',
    () => {
      const cases = [...officialCases('path'), ...privateCases('path')].filter(
        ({ expected, optOuts }) => expected === 'pass' && optOuts.length === 0,
      )
      return checkAll(cases.map(fromCase))
    },
    300_000,
  )
})
