import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { toml, type TomlTable } from '../../../main/landing/kit/toml.ts'

/*
 * What OpenShift makes of its resources for the nodes, as its documentation says: each policy is one more requirement of
 * each of its scopes, the nearest scope counts, what is in none is accepted, and a source that is never contacted is
 * blocked. Stands for the operator, which cannot be run here.
 */

interface Policy {
  readonly kind: string
  readonly spec: {
    readonly scopes: readonly string[]
    readonly policy: {
      readonly rootOfTrust: { readonly publicKey: { readonly keyData: string } }
      readonly signedIdentity: {
        readonly matchPolicy: string
        readonly exactRepository?: { readonly repository: string }
        readonly remapIdentity?: object
      }
    }
    readonly imageDigestMirrors: readonly { readonly source: string; readonly mirrors: readonly string[] }[]
  }
}

function identityOf({
  matchPolicy,
  exactRepository,
  remapIdentity,
}: Policy['spec']['policy']['signedIdentity']): object {
  if (exactRepository !== undefined) {
    return { type: 'exactRepository', dockerRepository: exactRepository.repository }
  }
  return remapIdentity !== undefined
    ? { type: 'remapIdentity', ...remapIdentity }
    : { type: matchPolicy.replace(/^M/, 'm') }
}

/** Writes `policy.json`, `registries.d` and `registries.conf.d` of a node beside the resources. */
export function renderForNodes(kit: string, registry: string): void {
  const resources = readdirSync(kit)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => parse(readFileSync(join(kit, name), 'utf8')) as Policy)
  const docker: Record<string, object[]> = {}
  const tables: TomlTable[] = [
    { name: ['registry'], list: true, values: { location: registry, insecure: true } },
  ]
  for (const { kind, spec } of resources) {
    if (kind === 'ImageDigestMirrorSet') {
      for (const { source, mirrors } of spec.imageDigestMirrors) {
        tables.push({
          name: ['registry'],
          list: true,
          values: { prefix: '', location: source, blocked: true },
        })
        for (const location of mirrors) {
          tables.push({
            name: ['registry', 'mirror'],
            list: true,
            values: { location, insecure: true, 'pull-from-mirror': 'digest-only' },
          })
        }
      }
      continue
    }
    const { rootOfTrust, signedIdentity } = spec.policy
    const one = {
      type: 'sigstoreSigned',
      keyData: rootOfTrust.publicKey.keyData,
      signedIdentity: identityOf(signedIdentity),
    }
    for (const scope of spec.scopes) docker[scope] = [...(docker[scope] ?? []), one]
  }
  const policy = { default: [{ type: 'insecureAcceptAnything' }], transports: { docker } }
  writeFileSync(join(kit, 'policy.json'), JSON.stringify(policy))
  writeFileSync(join(kit, 'registries.conf'), toml(tables))
}
