/* The words of the landing: accepted content at its target, with what the far side’s engines read. */

/** Engines for which a kit has files, named as in `--for`. */
export const kitEngines = [
  'containerd',
  'crio',
  'rke2',
  'openshift',
  'policy-controller',
  'kyverno',
  'flux',
  'lock',
] as const

/** What became of the seals of an export to a registry. */
export const sealStates = ['made', 'not-wanted', 'no-key', 'by-deciders'] as const
export type SealState = (typeof sealStates)[number]

/** A registry target as the ledger and the pages call it. */
export const registryTarget = ({
  host,
  prefix,
}: {
  readonly host: string
  readonly prefix: string
}): string => `registry:${host}${prefix === '' ? '' : `/${prefix}`}`
