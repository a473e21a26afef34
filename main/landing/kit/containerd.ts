import type { Engine, KitFacts, KitFile, NotExpressed } from './kit-facts.ts'
import { copiedAlong, leftOut, rulesNotHeld, strangeNames } from './not-expressed.ts'
import { hostOf, sorted, targetPlace } from './places.ts'
import { hostsOf, relocationsOf, type Relocations } from './relocations.ts'
import { toml } from './toml.ts'

/** Where the files of this kit are put. */
const folder = '/etc/sallyport'
const scheme = ({ target }: KitFacts): string => (target.plainHttp ? 'http' : 'https')

/** The root of the API below which the path of an image is looked for. */
function apiOf(facts: KitFacts): string {
  const [host = '', ...prefix] = targetPlace(facts).split('/')
  return [`${scheme(facts)}://${host}`, 'v2', ...prefix].join('/')
}

// `host_port_` is the form that is looked up first, and the only one on Windows.
const folderOf = (host: string): string => host.replace(/:([0-9]+)$/, '_$1_')

/** What `hosts.toml` can say: every path of a host stands below the target as it is. */
function hostsFile(facts: KitFacts, host: string): KitFile {
  const values = {
    server: apiOf(facts),
    capabilities: ['pull', 'resolve'],
    // The path is the whole root of the API: without this containerd would put another /v2 behind it.
    override_path: true,
  }
  const bytes = toml(
    [{ name: [], values }],
    ['Instead of the registry of this name: the one that it landed in.'],
  )
  return { path: `certs.d/${folderOf(host)}/hosts.toml`, bytes }
}

const isMappable = (facts: KitFacts, host: string): boolean =>
  !host.startsWith('[') && host !== facts.target.host

/** Names that a mirror of containerd cannot follow: it keeps the path and changes the host. */
function unmapped(facts: KitFacts, { repositories, twice }: Relocations): NotExpressed[] {
  const place = targetPlace(facts)
  const keeps = ({ from, to }: { from: string; to: string }): boolean =>
    to === `${place}${from.slice(hostOf(from).length)}`
  const strange = repositories.filter(
    (one) => one.from !== one.to && (!keeps(one) || !isMappable(facts, hostOf(one.from))),
  )
  return leftOut(
    'Names that a mirror of containerd cannot follow, because it keeps the path of an image',
    [...strange.map(({ from }) => from), ...twice],
    'Name these images as they are called at the target.',
  )
}

/** The program that containerd asks before it takes an image: it hands everything on to the desk’s own check. */
function verifier(): KitFile {
  const text = [
    '#!/bin/sh',
    '# containerd runs this before it takes an image; any end but 0 refuses it.',
    'set -eu',
    'PATH=/usr/local/bin:/usr/bin:/bin',
    'export PATH',
    'exec sallyport admit \\',
    `  --list ${folder}/admit.list.json \\`,
    `  --key ${folder}/landing.pub \\`,
    '  --state /var/lib/sallyport/admit.state \\',
    '  "$@"',
    '',
  ]
  return { path: 'bin/sallyport-admit', bytes: Buffer.from(text.join('\n')), executable: true }
}

const settings = toml(
  [
    { name: [], values: { version: 3 } },
    {
      name: ['plugins', 'io.containerd.image-verifier.v1.bindir'],
      values: { bin_dir: `${folder}/bin`, max_verifiers: -1, per_verifier_timeout: '10s' },
    },
    {
      name: ['plugins', 'io.containerd.cri.v1.images', 'registry'],
      values: { config_path: '/etc/containerd/certs.d' },
    },
  ],
  [
    'A missing or empty bin_dir blocks nothing: every image is then taken.',
    'max_verifiers = -1: above a number, further programs are skipped without a word in the answer.',
  ],
)

const steps = [
  'WARNING: where bin_dir is missing or empty, containerd blocks nothing. It says so in its log and nowhere else. Watch that the file is there.',
  `Put admit.list.json (the high desk makes it: sallyport landing list) and landing.pub into ${folder}, bin/sallyport-admit into ${folder}/bin, owned by root, the program with mode 0755. Nothing else may lie in that folder: containerd runs whatever lies there.`,
  'Put the program sallyport into /usr/local/bin, and make the folder /var/lib/sallyport, owned by root, mode 0700: it keeps the number of the newest list.',
  'Put the folders of certs.d into /etc/containerd/certs.d, and config.d/sallyport.toml into a folder that `imports` of /etc/containerd/config.toml names. Restart containerd.',
  'Check that it refuses: pull an image that is not on the list (`crictl pull` or `ctr image pull --local=false`). It must end with “rejected image”.',
  'Check that it is asked at all: move bin/sallyport-admit away, pull something listed, and see that the log of containerd warns of no verifier. Put it back.',
  '`ctr image pull --local` pulls in the client and asks no verifier.',
  'Images that are on the node already are not asked about again.',
]

/** containerd: mirrors for the hosts that images came from, and the gate that asks for the signed list. */
export const containerd: Engine = (facts) => {
  const { items, strange } = sorted(facts)
  const relocations = relocationsOf(items)
  const hosts = hostsOf(relocations).filter((host) => isMappable(facts, host))
  return {
    versions: 'containerd 2.1 or newer (tried with 2.2.0): older ones ask no verifier when Kubernetes pulls',
    files: [
      ...hosts.map((host) => hostsFile(facts, host)),
      verifier(),
      { path: 'config.d/sallyport.toml', bytes: settings },
    ],
    steps,
    notExpressed: [
      ...strangeNames(strange),
      ...unmapped(facts, relocations),
      copiedList,
      ...(facts.trust.kind === 'signers' ? [listOnly] : []),
      ...rulesNotHeld(facts, 'list'),
    ],
  }
}

const copiedList: NotExpressed = {
  rule: copiedAlong.rule,
  means:
    'The list names digests. What is on it is admitted under every name, from every registry that a node reaches.',
}

const listOnly: NotExpressed = {
  rule: 'The original signers are believed',
  means: 'containerd checks no signatures of images. The signed list of the landing is asked for instead.',
}
