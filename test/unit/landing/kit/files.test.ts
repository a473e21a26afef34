import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { containerd } from '../../../../main/landing/kit/containerd.ts'
import { crio } from '../../../../main/landing/kit/crio.ts'
import { flux } from '../../../../main/landing/kit/flux.ts'
import type { EngineKit, KitTrust } from '../../../../main/landing/kit/kit-facts.ts'
import { lock } from '../../../../main/landing/kit/lock.ts'
import { openshift } from '../../../../main/landing/kit/openshift.ts'
import { policyController } from '../../../../main/landing/kit/policy-controller.ts'
import { kyverno } from '../../../../main/landing/kit/kyverno.ts'
import { rke2 } from '../../../../main/landing/kit/rke2.ts'
import { toml } from '../../../../main/landing/kit/toml.ts'
import { digest, image, kitFacts, landingTrust, somePem } from '../../../support/landing/facts.ts'

const textOf = ({ files }: EngineKit, path: string): string => {
  const file = files.find((one) => one.path === path)
  return file?.bytes.toString('utf8') ?? `no ${path}, but ${files.map((one) => one.path).join(', ')}`
}
const paths = ({ files }: EngineKit): string[] => files.map(({ path }) => path)
const means = (kit: EngineKit): string =>
  kit.notExpressed.map((one) => `${one.rule}: ${one.means}`).join('\n')
const moved = image('team/app', { repository: 'registry.site.example/mirror/other/name' })
const two: KitTrust = {
  kind: 'landing',
  keys: ['one', 'two'].map((name) => ({ name, pem: somePem, fingerprint: name.repeat(22).slice(0, 64) })),
}

describe('containerd', () => {
  it('looks for images of each host at the target, below its prefix', () => {
    const kit = containerd(
      kitFacts({
        landed: [
          image('library/a'),
          image('b', { name: 'quay.example:5000/b', from: 'quay.example:5000/b:1' }),
        ],
      }),
    )
    expect(textOf(kit, 'certs.d/docker.io/hosts.toml')).toContain(
      'server = "https://registry.site.example/v2/mirror"\ncapabilities = ["pull", "resolve"]\noverride_path = true\n',
    )
    expect(paths(kit)).toContain('certs.d/quay.example_5000_/hosts.toml')
  })

  it('says which names a mirror cannot follow', () => {
    expect(means(containerd(kitFacts({ landed: [moved] })))).toContain('docker.io/team/app')
  })

  it('asks with the list, the landing key and the state, whoever decided', () => {
    const kit = containerd(kitFacts({ trust: two }))
    expect(textOf(kit, 'bin/sallyport-admit')).toBe(`#!/bin/sh
# containerd runs this before it takes an image; any end but 0 refuses it.
set -eu
PATH=/usr/local/bin:/usr/bin:/bin
export PATH
exec sallyport admit \\
  --list /etc/sallyport/admit.list.json \\
  --key /etc/sallyport/landing.pub \\
  --state /var/lib/sallyport/admit.state \\
  "$@"
`)
    expect(kit.files.filter(({ executable }) => executable === true).map(({ path }) => path)).toEqual([
      'bin/sallyport-admit',
    ])
    expect(kit.steps[0]).toContain('missing or empty, containerd blocks nothing')
  })
})

describe('CRI-O', () => {
  it('refuses what it does not name, and asks for both keys', () => {
    const kit = crio(kitFacts({ trust: two }))
    const policy = JSON.parse(textOf(kit, 'policy.json')) as {
      default: unknown
      transports: { docker: Record<string, unknown[]> }
    }
    expect(policy.default).toEqual([{ type: 'reject' }])
    expect(Object.keys(policy.transports)).toEqual(['docker'])
    expect(policy.transports.docker['registry.site.example/mirror']).toHaveLength(2)
    expect(policy.transports.docker['docker.io/library/nginx']).toMatchObject([
      {
        signedIdentity: {
          type: 'exactRepository',
          dockerRepository: 'registry.site.example/mirror/library/nginx',
        },
      },
      { signedIdentity: { type: 'exactRepository' } },
    ])
  })

  it('leads old names to the target by digest alone, and never home', () => {
    expect(
      textOf(crio(kitFacts({ landed: [image('library/a'), moved] })), 'registries.conf.d/sallyport.conf'),
    ).toBe(`[[registry]]
prefix = "docker.io"
location = "docker.io"
blocked = true

[[registry.mirror]]
location = "registry.site.example/mirror"
insecure = false
pull-from-mirror = "digest-only"

[[registry]]
prefix = "docker.io/team/app"
location = "docker.io/team/app"
blocked = true

[[registry.mirror]]
location = "registry.site.example/mirror/other/name"
insecure = false
pull-from-mirror = "digest-only"
`)
  })
})

describe('RKE2', () => {
  it('has one line for a host whose paths stayed, else one for each repository', () => {
    const read = (landed = [image('library/a')]): unknown =>
      parse(textOf(rke2(kitFacts({ landed })), 'registries.yaml'))
    const endpoint = ['https://registry.site.example']
    expect(read()).toEqual({ mirrors: { 'docker.io': { endpoint, rewrite: { '^(.*)$': 'mirror/$1' } } } })
    expect(read([image('library/a.b'), moved])).toEqual({
      mirrors: {
        'docker.io': {
          endpoint,
          rewrite: { '^library/a\\.b$': 'mirror/library/a.b', '^team/app$': 'mirror/other/name' },
        },
      },
    })
  })

  it('is said to check nothing', () => {
    const kit = rke2(kitFacts())
    expect(kit.steps.join(' ')).toContain('It makes nothing safe')
    expect(means(kit)).toContain('This engine checks no signature.')
  })
})

describe('OpenShift', () => {
  const targets = { host: 'registry:5000', prefix: '', plainHttp: false }

  it('says that it cannot hold a host without a dot', () => {
    const kit = openshift(
      kitFacts({ target: targets, landed: [image('a', { repository: 'registry:5000/a' })] }),
    )
    expect(kit.files).toEqual([])
    expect(means(kit)).toContain('registry:5000')
    expect(means(kit)).toContain('OpenShift lets by what no policy is about')
  })

  it('names no more than 256 scopes and 200 policies for old names, and says so', () => {
    const landed = Array.from({ length: 300 }, (_, i) => image(`team/n${i}`))
    const kit = openshift(kitFacts({ landed }))
    expect(kit.files.length).toBeLessThan(5)
    expect(means(kit)).toContain('300 repositories, each with a policy of its own')
    const few = openshift(kitFacts({ landed: landed.slice(0, 200) }))
    expect(paths(few)).toContain('ClusterImagePolicy-202.yaml')
  })
})

describe('Kubernetes', () => {
  it('has one policy for each key where all policies must hold', () => {
    expect(paths(policyController(kitFacts({ trust: two })))).toEqual(
      ['', '-2', '-3', '-4'].map((end) => `ClusterImagePolicy${end}.yaml`),
    )
  })

  it('takes the place of an earlier kit, also with another key', () => {
    const name = (trust: KitTrust): unknown =>
      (parse(textOf(kyverno(kitFacts({ trust })), 'ClusterPolicy.yaml')) as { metadata: unknown }).metadata
    expect(name(two)).toEqual(name(landingTrust))
  })

  it('leaves a target out that patterns cannot hold, and says so', () => {
    const target = { host: '[fd00::1]:5000', prefix: '', plainHttp: false }
    const kit = policyController(
      kitFacts({ target, landed: [image('a', { repository: '[fd00::1]:5000/a' })] }),
    )
    expect(kit.files).toEqual([])
    expect(means(kit)).toContain('[fd00::1]:5000')
  })
})

describe('Flux', () => {
  const chart = image('charts/shop', { kind: 'chart' })

  it('has a file for what it fetches, and none for images', () => {
    const kit = flux(kitFacts({ landed: [image('library/a'), chart] }))
    expect(paths(kit)).toEqual(['Secret.yaml', 'OCIRepository.yaml'])
    expect(parse(textOf(kit, 'OCIRepository.yaml'))).toMatchObject({
      spec: {
        url: 'oci://registry.site.example/mirror/charts/shop',
        ref: { digest: digest('1') },
        verify: { provider: 'cosign' },
      },
    })
  })

  it('says that one key of two is enough for it', () => {
    expect(means(flux(kitFacts({ landed: [chart], trust: two })))).toContain(
      'One of the two people alone can let something in here.',
    )
  })
})

describe('lists', () => {
  it('are canonical, in order, and make no cell that a spreadsheet runs', () => {
    const kit = lock(kitFacts({ landed: [image('b'), image('a', { from: '=cmd|x' }), image('b')] }))
    expect(textOf(kit, 'images.lock')).toBe(
      [
        `{"digest":"${digest('1')}","from":"=cmd|x","pinned":"registry.site.example/mirror/a@${digest('1')}"}`,
        `{"digest":"${digest('1')}","from":"docker.io/b:1","pinned":"registry.site.example/mirror/b@${digest('1')}"}`,
        '',
      ].join('\n'),
    )
    const table = textOf(kit, 'relocation.csv')
    expect(table).toContain(`"'=cmd|x"`)
    expect(table.split('\r\n')).toHaveLength(4)
  })
})

describe('TOML', () => {
  it('escapes all that could end a string', () => {
    const text = toml([{ name: ['a b', 'c'], values: { 'k"': 'x"\\\n\u2028𝒳', n: 1, l: ['"'] } }]).toString(
      'utf8',
    )
    expect(text).toBe('["a b".c]\n"k\\"" = "x\\"\\\\\\u000a\\u2028\\U0001d4b3"\nn = 1\nl = ["\\""]\n')
  })
})
