import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTrustedRoot } from '../../../main/sigstore/trusted-root.ts'
import { readVerifierPem } from '../../../main/sigstore/verifier-key.ts'
import { bytesArtifact, digestArtifact, type Artifact } from '../../../main/sigstore/artifact.ts'
import { Refusal } from '../../../main/sigstore/refusal.ts'
import { bundleForSecond, secondOpinion } from '../../../main/sigstore/second/opinion.ts'
import { verifyBundle, type Ask } from '../../../main/sigstore/verify-bundle.ts'
import { publicGoodRoot } from '../../../main/trust/public-good.ts'
import { attackTables } from '../attacks/all.ts'
import type { Given } from '../attacks/attack.ts'
import { honestBundles } from '../attacks/honest.ts'
import { hasCases, officialCases, privateCases, withOptOuts, type Case } from '../conformance.ts'
import { limits } from '../../../main/platform/limits.ts'
import type { Facade } from './facade.ts'

/** A case for two verifiers. */
export interface OracleCase {
  readonly name: string
  readonly given: () => Given & { readonly digest?: Artifact }
}

/** What the two say of it. `opinion`: what the product's second verifier adds, where ours accepts. */
export interface Answers {
  readonly ours: string
  readonly theirs: string
  readonly opinion: string | null
}

/** The cases that are made here: honest bundles, and each attack that is a bundle. */
export function madeCases(): Readonly<Record<string, readonly OracleCase[]>> {
  const tables = Object.entries(attackTables).map(([name, attacks]) => [
    `attack: ${name}`,
    attacks.flatMap(({ name: attack, given }) => (given === null ? [] : [{ name: attack, given }])),
  ])
  return { honest: honestBundles, ...(Object.fromEntries(tables) as Record<string, OracleCase[]>) }
}

// The words of a `verify-bundle` command line, as what a verifier is given.
function fromWords(one: Case): OracleCase {
  const words = withOptOuts(one)
  const at = (name: string): string | undefined => {
    const found = words.indexOf(`--${name}`)
    return found < 0 ? words.find((word) => word.startsWith(`--${name}=`))?.split('=')[1] : words[found + 1]
  }
  return {
    name: one.name,
    given: () => {
      const key = at('key')
      const root = at('trusted-root')
      const predicateType = at('predicate-type')
      const ask: Ask = {
        roots: [readTrustedRoot(root === undefined ? Buffer.from(publicGoodRoot) : readFileSync(root))],
        key: key === undefined ? null : readVerifierPem(readFileSync(key, 'utf8')),
        identity:
          key === undefined
            ? { san: at('certificate-identity') ?? '', issuer: at('certificate-oidc-issuer') ?? '' }
            : null,
        logs: Number(at('logs') ?? 1),
        times: Number(at('times') ?? (key === undefined ? 1 : 0)),
        scts: Number(at('scts') ?? 1),
        ...(predicateType !== undefined && { predicateType }),
      }
      const [bundle = '', artifact = ''] = [at('bundle'), words.at(-1)]
      return { bytes: readFileSync(bundle), artifact: readFileSync(artifact), ask }
    },
  }
}

const field = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'fixtures', 'field')
const rootsOf: Readonly<Record<string, string>> = {
  'sigstore-go': 'roots/public.json',
  jsonl: 'roots/public.json',
  pypi: 'roots/public.json',
  'github-release': 'roots/github.json',
  'github-private': 'roots/github.json',
  'tsa-only': 'tsa-only/trusted_root.json',
}

/** A bundle from the field: its own first subject stands for the artifact, and nobody in particular is asked for. */
function fromField(name: string, bytes: Buffer, root: string): OracleCase {
  return {
    name,
    given: () => {
      const { dsseEnvelope } = JSON.parse(bytes.toString('utf8')) as { dsseEnvelope?: { payload: string } }
      const payload = Buffer.from(dsseEnvelope?.payload ?? '', 'base64').toString('utf8')
      const subject = /"sha(256|512)":\s*"([0-9a-f]+)"/.exec(payload)
      const ask: Ask = {
        roots: [readTrustedRoot(readFileSync(join(field, root)))],
        key: null,
        identity: 'report',
        logs: root.startsWith('roots/public') ? 1 : 0,
        times: 1,
        scts: root.startsWith('roots/public') ? 1 : 0,
      }
      const digest = digestArtifact(subject?.[1] === '512' ? 'sha512' : 'sha256', subject?.[2] ?? '')
      return { bytes, artifact: Buffer.alloc(0), ask, ...(subject !== null && { digest }) }
    },
  }
}

function fieldCases(): OracleCase[] {
  return Object.entries(rootsOf).flatMap(([folder, root]) =>
    readdirSync(join(field, folder))
      .sort()
      .flatMap((file) => {
        if (!/\.jsonl?$/.test(file)) return []
        const text = readFileSync(join(field, folder, file), 'utf8')
        const pieces = file.endsWith('l') ? text.trim().split('\n') : [text]
        return pieces.flatMap((piece, i) =>
          piece.includes('vnd.dev.sigstore.bundle')
            ? [
                fromField(
                  `${folder}/${file}${pieces.length > 1 ? ` line ${i + 1}` : ''}`,
                  Buffer.from(piece),
                  root,
                ),
              ]
            : [],
        )
      }),
  )
}

/** The cases that lie beside a checkout, none without them. */
export function fixtureCases(): Readonly<Record<string, readonly OracleCase[]>> {
  if (!hasCases) return {}
  return {
    official: officialCases('path').map(fromWords),
    private: privateCases('path').map(fromWords),
    field: fieldCases(),
  }
}

async function oursOf({
  bytes,
  artifact,
  ask,
  digest,
}: Given & { readonly digest?: Artifact }): Promise<Pick<Answers, 'ours' | 'opinion'>> {
  const verdict = await verifyBundle(bytes, digest ?? bytesArtifact(artifact), ask)
  if (!verdict.ok) return { ours: verdict.reason.code, opinion: null }
  const { roots } = ask
  const { answer, why } = await secondOpinion({
    json: bundleForSecond(bytes),
    artifact,
    roots,
    proven: verdict.proven,
    ask,
  })
  return { ours: 'accepted', opinion: why === '' ? answer : `${answer}: ${why}` }
}

/** Both answers; a case whose root or key ours cannot read is refused for that reason. */
export async function answersOf(one: OracleCase, facade: Facade): Promise<Answers> {
  let given: ReturnType<OracleCase['given']>
  try {
    given = one.given()
  } catch (error) {
    if (error instanceof Refusal) return { ours: error.reason.code, theirs: 'not asked', opinion: null }
    return { ours: 'no case', theirs: 'not asked', opinion: null }
  }
  const { bytes, artifact, ask } = given
  const [root] = ask.roots
  const theirs =
    root === undefined || bytes.length > limits.secondOpinionBytes
      ? 'not asked'
      : await facade.answer({
          bundle: bytes,
          artifact,
          root: root.source,
          key: ask.key?.spki ?? null,
          identity: ask.identity === 'report' ? null : ask.identity,
          logs: ask.logs,
          scts: ask.scts,
        })
  return { ...(await oursOf(given)), theirs }
}
