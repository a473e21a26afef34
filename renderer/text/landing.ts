import { kitEngines } from '../../shared/landing.ts'
import { decidingHalves } from '../../shared/rules/decision.ts'
import type { ConsignmentView } from '../../shared/views.ts'

/** A registry that content was exported to, as calls take it, and as the record names it. */
export interface LandingTarget {
  /** `registry:HOST[/PREFIX]`. */
  readonly said: string
  /** The same without its kind, for sentences. */
  readonly name: string
  readonly host: string
  readonly prefix: string
}

/** The registry that a record names; `null` for a target of another kind. */
export function landingTarget(said: string): LandingTarget | null {
  const name = /^registry:(.+)$/.exec(said)?.[1]
  if (name === undefined) return null
  const cut = name.indexOf('/')
  return cut < 0
    ? { said, name, host: name, prefix: '' }
    : { said, name, host: name.slice(0, cut), prefix: name.slice(cut + 1) }
}

/** Exports to registries that failed or were stopped: of all others nothing is left that one could go on with. */
export function unfinishedAt({ unfinished }: Pick<ConsignmentView, 'unfinished'>) {
  return unfinished.flatMap((failed) => {
    const landing = landingTarget(failed.target)
    return landing === null ? [] : [{ ...failed, landing }]
  })
}

type Landed = Pick<ConsignmentView, 'exports' | 'landings'>

/** The registries that something was exported to, the newest first, each once. */
export function landingTargets({ exports }: Pick<Landed, 'exports'>): readonly LandingTarget[] {
  const all = [...exports].reverse().map(({ target }) => target)
  return [...new Set(all)].flatMap((said) => landingTarget(said) ?? [])
}

/** The last sealing of what was exported to a target, made since the last export there; `null`: there is none. */
export function sealedAt({ exports, landings }: Landed, said: string): Landed['landings'][number] | null {
  const last = exports.filter(({ target }) => target === said).at(-1)
  const sealed = landings.find(({ target }) => target === said)
  return last === undefined || sealed === undefined || sealed.at < last.at ? null : sealed
}

type Half = ConsignmentView['decisions'][number]

/** Each of those who accepted it, and when they signed for a target with the key of then; `null`: not yet. */
export function sealers(
  { decisions, sealing }: Pick<ConsignmentView, 'decisions' | 'sealing'>,
  said: string,
): readonly { readonly half: Half; readonly at: string | null }[] {
  return decidingHalves(decisions, 'accept').map((half) => {
    const signed = sealing.find(
      ({ target, fingerprint }) => target === said && fingerprint === half.fingerprint.hex,
    )
    return { half, at: signed?.at ?? null }
  })
}

/** What both people named as the cause of a rejection. */
export function causesOf({ decided, decisions }: Pick<ConsignmentView, 'decided' | 'decisions'>): string[] {
  if (decided !== 'reject') return []
  const [first, second] = decidingHalves(decisions, 'reject')
  return (first?.causes ?? []).filter((cause) => second?.causes.includes(cause) === true)
}

export type KitEngine = (typeof kitEngines)[number]

/** The engines of a far side: what each is called, and what it is. */
export const engineWords: Readonly<Record<KitEngine, { readonly name: string; readonly means: string }>> = {
  containerd: {
    name: 'containerd:',
    means: 'runs containers under Kubernetes and Docker; asks sallyport admit there.',
  },
  crio: { name: 'CRI-O, podman, skopeo:', means: 'run and copy containers; they check seals themselves.' },
  rke2: { name: 'RKE2, K3s:', means: 'ready-made Kubernetes; says where images come from.' },
  openshift: { name: 'OpenShift:', means: 'Red Hat’s Kubernetes, with its own policies for images.' },
  'policy-controller': { name: 'policy-controller:', means: 'Sigstore’s guard of a Kubernetes cluster.' },
  kyverno: { name: 'Kyverno:', means: 'a policy engine of Kubernetes clusters.' },
  flux: { name: 'Flux:', means: 'installs charts and manifests from a registry.' },
  lock: { name: 'Plain lists:', means: 'which name became which, with digests; for people and scripts.' },
}

/** The same for a list of choices, in the order of the kit. */
export const engineOptions = kitEngines.map((value) => ({ value, ...engineWords[value] }))

/** An engine’s name without the colon of a list. */
export const engineName = (engine: KitEngine): string => engineWords[engine].name.replace(/:$/, '')
