import type { Digest } from '../../../shared/digest.ts'
import type { Policy, PolicyIdentity } from '../../../shared/policy.ts'
import type { ItemKind } from '../../../shared/waybill.ts'

/** One thing that landed, under the name that it has on the far side. */
export interface KitItem {
  /** The reference as the waybill has it. */
  readonly from: string
  /** Its name there, with the host it came from and without tag or digest. */
  readonly name: string
  readonly kind: ItemKind
  /** `HOST/PATH` at the target, without tag or digest. */
  readonly repository: string
  readonly tag: string | null
  readonly digest: Digest
  /** The platform manifests below an index that landed with it; none for one platform. */
  readonly platforms: readonly Digest[]
}

/** A public key whose seals count on the far side. */
export interface KitKey {
  readonly name: string
  /** SPKI in PEM. */
  readonly pem: string
  /** SHA-256 over the DER of it, in hex. */
  readonly fingerprint: string
}

/** A trusted root of Sigstore as this desk has it: `trusted_root.json`, byte for byte. */
export interface KitRoot {
  readonly name: string
  readonly digest: Digest
  readonly bytes: Buffer
}

/**
 * What the far side shall believe: the seals of the landing (one key, or both keys of the two who decided), or the original
 * signers as the policy of this desk names them, with the roots that were carried.
 */
export type KitTrust =
  | { readonly kind: 'landing'; readonly keys: readonly KitKey[] }
  | {
      readonly kind: 'signers'
      readonly identities: readonly PolicyIdentity[]
      readonly roots: readonly KitRoot[]
    }

/** What the files for the far side are made from: nothing else goes in, so the same facts give the same files. */
export interface KitFacts {
  /** The name of the desk. */
  readonly site: string
  readonly at: string
  readonly consignment: string
  readonly waybill: Digest
  readonly policy: { readonly digest: Digest; readonly document: Policy }
  readonly target: { readonly host: string; readonly prefix: string; readonly plainHttp: boolean }
  readonly landed: readonly KitItem[]
  readonly trust: KitTrust
  /** The key that signs the list of what the site admits, and this kit. */
  readonly gate: KitKey
}

/** A rule that an engine cannot hold, and what that means for whoever relies on the engine. */
export interface NotExpressed {
  readonly rule: string
  readonly means: string
}

/** One file of a kit; `path` with `/`, below the folder of its engine. */
export interface KitFile {
  readonly path: string
  readonly bytes: Buffer
  /** For what is run there. */
  readonly executable?: boolean
}

/** What an engine gets: its files, what it is for, and what it cannot hold. */
export interface EngineKit {
  /** Which versions of the engine the files are for, in words. */
  readonly versions: string
  readonly files: readonly KitFile[]
  /** What the installer does with them, one step a line. */
  readonly steps: readonly string[]
  readonly notExpressed: readonly NotExpressed[]
}

/** Makes what one engine gets. */
export type Engine = (facts: KitFacts) => EngineKit
