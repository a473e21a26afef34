import type { ItemRule } from '../../shared/policy-items.ts'
import type { Item, ItemKind } from '../../shared/waybill.ts'
import { plainHost } from './reference.ts'
import { fits } from '../platform/pattern.ts'

// A first step that names a registry, as references are read: `*.example`, `localhost`, `r:5000`, `Registry`.
const isHost = (step: string): boolean => /[.:]|^localhost$/.test(step) || step !== step.toLowerCase()

// What Docker Hub calls one step is in `library`.
const onDockerHub = (steps: readonly string[]): string =>
  ['docker.io', ...(steps.length === 1 && steps[0] !== '**' ? ['library'] : []), ...steps].join('/')

/** A pattern in the form that names have: no `oci:`, no empty steps, the host as it is spelled there. */
function normalPattern(pattern: string): { readonly steps: readonly string[]; readonly hosted: boolean } {
  const steps = pattern
    .replace(/^oci:/, '')
    .split('/')
    .filter((step) => step !== '' && step !== '.')
  const [first = '', ...rest] = steps
  if (rest.length === 0 || !isHost(first)) return { steps, hosted: false }
  const host = plainHost(first).replace(/:443$/, '')
  const lower = rest.map((step) => step.toLowerCase())
  return { steps: host === 'docker.io' ? onDockerHub(lower).split('/') : [host, ...lower], hosted: true }
}

// What is neither an image nor a file was called an artifact before it had a name of its own: its rules still stand.
const isArtifact = (asked: ItemRule['kind'], kind: ItemKind): boolean =>
  asked === 'artifact' && kind !== 'image' && kind !== 'file'

/**
 * Whether a rule is about an item. Names come in their normal form; patterns are written by people. What a rule asks for
 * is asked of every spelling: without regard to case, and of the name at Docker Hub that a pattern without a host is
 * short for. What it lets pass without asking is only what it names. So no spelling leads around a rule.
 */
export function isAbout(
  rule: Pick<ItemRule, 'kind' | 'name' | 'nothing'>,
  item: Pick<Item, 'kind' | 'name'>,
): boolean {
  if (rule.kind !== 'any' && rule.kind !== item.kind && !isArtifact(rule.kind, item.kind)) return false
  const written = [rule.name]
  if (item.kind !== 'file') {
    const { steps, hosted } = normalPattern(rule.name)
    written.push(steps.join('/'))
    if (!hosted && rule.nothing !== true) written.push(onDockerHub(steps))
  }
  if (rule.nothing === true) return written.some((pattern) => fits(pattern, item.name))
  return written.some((pattern) => fits(pattern.toLowerCase(), item.name.toLowerCase()))
}
