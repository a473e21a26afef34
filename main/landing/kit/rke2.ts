import type { Engine, KitFacts } from './kit-facts.ts'
import { leftOut, rulesNotHeld, strangeNames } from './not-expressed.ts'
import { hostOf, sorted, targetPlace } from './places.ts'
import { hostsOf, relocationsOf, type Relocations } from './relocations.ts'
import { yamlFile, type Plain } from './yaml-file.ts'

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const pathOf = (place: string): string => place.slice(hostOf(place).length + 1)

/**
 * Where the paths of one host go, as regular expressions. They are tried in no certain order, so that no two may fit one
 * path: one line for all where all keep their path, else one line for each repository.
 */
function rewrites(facts: KitFacts, host: string, { prefixes, repositories }: Relocations): Plain {
  const ours = prefixes.filter(({ from }) => hostOf(from) === host)
  const [only] = ours
  if (only !== undefined && ours.length === 1 && only.from === host) {
    const prefix = pathOf(targetPlace(facts))
    const to = pathOf(only.to)
    return to === '' && prefix === '' ? {} : { '^(.*)$': `${to}/$1` }
  }
  const each = repositories.filter(({ from }) => hostOf(from) === host)
  return Object.fromEntries(each.map(({ from, to }) => [`^${escaped(pathOf(from))}$`, pathOf(to)]))
}

/** RKE2 and K3s: which registry stands for which, and which name for which. It checks nothing. */
export const rke2: Engine = (facts) => {
  const { items, strange } = sorted(facts)
  const relocations = relocationsOf(items)
  const endpoint = [`${facts.target.plainHttp ? 'http' : 'https'}://${facts.target.host}`]
  const mirrors = hostsOf(relocations)
    .filter((host) => host !== facts.target.host)
    .map((host) => {
      const rewrite = rewrites(facts, host, relocations)
      return [host, Object.keys(rewrite).length === 0 ? { endpoint } : { endpoint, rewrite }] as const
    })
  const here = relocations.repositories.filter(
    ({ from, to }) => from !== to && hostOf(from) === facts.target.host,
  )
  return {
    versions: 'RKE2 and K3s 1.30 or newer (by their documentation; not run here)',
    files: [yamlFile('registries.yaml', { mirrors: Object.fromEntries(mirrors) }, 'quoted')],
    steps: [
      'Put registries.yaml into /etc/rancher/rke2 (or /etc/rancher/k3s) of every node. If there is one already, put the mirrors together by hand: the file is not merged.',
      'Set `disable-default-registry-endpoint: true` in the configuration of every node, or a name that the mirror does not have is looked for at its first home.',
      'It makes nothing safe: RKE2 and K3s check no signature. Use the kit of containerd (its gate), of Kyverno or of policy-controller beside it.',
      'Check it: `crictl pull` an image by its old name and digest, and one that did not land; the second must not be found.',
    ],
    notExpressed: [
      ...strangeNames(strange),
      ...leftOut(
        'Names of the target itself that moved, and names that went to two places',
        [...here.map(({ from }) => from), ...relocations.twice],
        'Name these images as they are called at the target.',
      ),
      ...rulesNotHeld(facts, 'nothing'),
    ],
  }
}
