import { Refusal } from '../../../main/sigstore/refusal.ts'
import { readTrustedRoot } from '../../../main/sigstore/trusted-root.ts'
import { bytesArtifact } from '../../../main/sigstore/artifact.ts'
import { verifyBundle, type Ask } from '../../../main/sigstore/verify-bundle.ts'
import type { Reason, ReasonCode } from '../../../shared/reason.ts'
import type { LeafPlan } from '../authority/world.ts'
import { makeBundle, type BundleJson, type BundlePlan } from '../authority/bundle.ts'

/** What a verifier is given. */
export interface Given {
  readonly bytes: Buffer
  readonly artifact: Buffer
  readonly ask: Ask
}

/** One way to deceive, and the reason for which it must be refused. */
export interface Attack {
  readonly name: string
  readonly code: ReasonCode
  /** What the verifier is given, where the attack is a bundle; other runtimes are given the same. */
  readonly given: (() => Given) | null
  /** Gives the reason, or `null` when it is accepted. */
  readonly refusal: () => Promise<Reason | null>
}

type Change = (json: BundleJson) => void

function onBundle(name: string, code: ReasonCode, given: () => Given): Attack {
  const refusal = async (): Promise<Reason | null> => {
    const { bytes, artifact, ask } = given()
    const verdict = await verifyBundle(bytes, bytesArtifact(artifact), ask)
    return verdict.ok ? null : verdict.reason
  }
  return { name, code, given, refusal }
}

/** A bundle made with a flaw (whoever makes it has real keys), or changed after it was made. */
export function attack(
  name: string,
  code: ReasonCode,
  plan: BundlePlan,
  { ask, change }: { readonly ask?: Partial<Ask>; readonly change?: Change } = {},
): Attack {
  return onBundle(name, code, () => {
    const made = makeBundle(plan)
    change?.(made.json)
    return {
      bytes: Buffer.from(JSON.stringify(made.json)),
      artifact: made.artifact,
      ask: { ...made.ask, ...ask },
    }
  })
}

/** A keyless bundle with a flawed certificate. */
export function leafAttack(name: string, code: ReasonCode, leaf: LeafPlan, ask: Partial<Ask> = {}): Attack {
  return attack(name, code, { leaf, ...(leaf.key === undefined ? {} : { kind: leaf.key.kind }) }, { ask })
}

/** An honest bundle of which too little is asked, or somebody else. */
export function identityLike(name: string, code: ReasonCode, identity: Ask['identity']): Attack {
  return attack(name, code, {}, { ask: { identity } })
}

/** An honest bundle whose text is changed. */
export function rewritten(name: string, code: ReasonCode, write: (text: string) => string | Buffer): Attack {
  return onBundle(name, code, () => {
    const { json, artifact, ask } = makeBundle()
    const text = write(JSON.stringify(json))
    return { bytes: typeof text === 'string' ? Buffer.from(text) : text, artifact, ask }
  })
}

/** A trusted root that must not be read. */
export function badRoot(name: string, code: ReasonCode, bytes: () => Buffer): Attack {
  return {
    name,
    code,
    given: null,
    refusal: () => {
      try {
        readTrustedRoot(bytes())
        return Promise.resolve(null)
      } catch (error) {
        if (error instanceof Refusal) return Promise.resolve(error.reason)
        throw error
      }
    },
  }
}

type Tree = { [name: string]: unknown }

/** Sets what stands at a path of names (`a.0.b`); `undefined` takes it away. */
export function put(json: BundleJson, path: string, value: unknown): void {
  const names = path.split('.')
  const last = names.pop() ?? ''
  const place = names.reduce((at, name) => at[name] as Tree, json as unknown as Tree)
  if (value === undefined) Reflect.deleteProperty(place, last)
  else place[last] = value
}

/** The path of the first log entry, and of the timestamps. */
export const paths = {
  material: 'verificationMaterial',
  entry: 'verificationMaterial.tlogEntries.0',
  proof: 'verificationMaterial.tlogEntries.0.inclusionProof',
  stamps: 'verificationMaterial.timestampVerificationData.rfc3161Timestamps',
} as const
