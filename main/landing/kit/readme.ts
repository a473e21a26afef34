import { grouped } from '../../../shared/digest.ts'
import { visible } from '../../../shared/names.ts'
import type { EngineKit, KitFacts, KitKey, NotExpressed } from './kit-facts.ts'
import { targetPlace } from './places.ts'

// Text from outside inside Markdown: nothing hidden, and no sign that would end the code or the cell that it stands in.
const code = (text: string): string => `\`${visible(text).replace(/[`|]/g, '’')}\``
// The same among words of ours, where a sign of Markdown or HTML would say something.
const plain = (text: string): string => visible(text).replace(/[\\`*_{}[\]<>#|!~]/g, (sign) => `\\${sign}`)

const station =
  'The landing key lies in the folder of the high desk: whoever reads that folder or its backup can sign for this whole side.'

/** What stands first: who can let something in here. */
function whoCan({ trust }: KitFacts): string {
  if (trust.kind === 'signers') {
    return 'Whoever signs as one of the original signers can let something in on this side, also what never crossed.'
  }
  if (trust.keys.length > 1) {
    return `The ${trust.keys.length} keys of those who decided count here. Each engine says in its folder whether it asks for all of them.`
  }
  return station
}

// The list that containerd's gate asks for is signed by the landing key, whatever else is believed.
const byList = new Set(['containerd'])
const firstOf = (facts: KitFacts, engine: string): string => (byList.has(engine) ? station : whoCan(facts))

function keyLines({ name, fingerprint }: KitKey): string[] {
  return [`- the key ${code(name)}, SHA-256 of its SPKI:`, `  ${code(grouped(fingerprint))}`]
}

function believed({ trust, gate }: KitFacts, engine: string | null = null): string[] {
  if (engine !== null && byList.has(engine)) return keyLines(gate)
  if (trust.kind === 'landing') {
    return trust.keys.flatMap(keyLines)
  }
  return [
    ...trust.identities.map((one) =>
      'key' in one
        ? `- ${code(one.name)}: the key ${code(one.fingerprint)}`
        : `- ${code(one.name)}: ${code(one.identity)} by ${code(one.issuer ?? 'a company’s own authority')}`,
    ),
    ...trust.roots.map(({ name, digest }) => `- under the trusted root ${code(name)}, ${code(digest)}`),
  ]
}

const about = (facts: KitFacts): string[] => [
  '| | |',
  '|---|---|',
  `| Made by | ${code(facts.site)} |`,
  `| At | ${code(facts.at)} |`,
  `| Consignment | ${code(facts.consignment)} |`,
  `| Waybill | ${code(facts.waybill)} |`,
  `| Policy | ${code(facts.policy.digest)} |`,
  `| Target | ${code(targetPlace(facts))}${facts.target.plainHttp ? ', without TLS' : ''} |`,
]

const page = (lines: readonly string[]): Buffer => Buffer.from(`${lines.join('\n')}\n`)

/** `README.md` of one engine, for the person who installs it. */
export function engineReadme(facts: KitFacts, engine: string, kit: EngineKit): Buffer {
  return page([
    `# ${engine}`,
    '',
    firstOf(facts, engine),
    '',
    `For ${kit.versions}. What this engine cannot hold stands in NOT-EXPRESSED.md: read it before you rely on it.`,
    '',
    '## Steps',
    '',
    ...kit.steps.map((step, i) => `${i + 1}. ${step}`),
    '',
    '## What counts',
    '',
    ...believed(facts, engine),
    '',
    'Compare the fingerprint with what the high desk printed, not with this file.',
    '',
    '## Made from',
    '',
    ...about(facts),
  ])
}

const statement = ({ rule, means }: NotExpressed): string[] => [`- **${plain(rule)}.**`, `  ${plain(means)}`]

/** `NOT-EXPRESSED.md`: each rule that the engine cannot hold, and what that means. */
export function notExpressedPage(engine: string, { notExpressed }: EngineKit): Buffer {
  return page([
    `# What ${engine} cannot hold`,
    '',
    'The desk asked all of this before anything landed. From then on only the engine is asked.',
    '',
    ...notExpressed.flatMap(statement),
  ])
}

/** `README.md` above all engines. */
export function kitReadme(facts: KitFacts, kits: ReadonlyMap<string, EngineKit>): Buffer {
  return page([
    '# Files for the engines of this side',
    '',
    whoCan(facts),
    ...(whoCan(facts) === station || ![...kits.keys()].some((name) => byList.has(name))
      ? []
      : ['', `Of containerd’s list: ${station}`]),
    '',
    'Check the signature of this kit first, with the key that you have on paper or from another way, not with the one that lies here:',
    '',
    '    openssl dgst -sha256 -verify landing.pub -signature SHA256SUMS.sig.bin SHA256SUMS && sha256sum -c SHA256SUMS',
    '',
    'One folder is for one engine; take those that you run. Each has a README.md with steps, and a NOT-EXPRESSED.md.',
    '',
    '| Folder | For | Rules that it cannot hold |',
    '|---|---|---|',
    ...[...kits].map(([name, kit]) => `| ${name} | ${kit.versions} | ${kit.notExpressed.length} |`),
    '',
    'An engine that was not seen refusing something does not protect anything: do the last step of each README.md.',
    '',
    '## What counts',
    '',
    ...believed(facts),
    '',
    'This kit, and the list for containerd, are signed by',
    '',
    ...keyLines(facts.gate),
    '',
    '## Made from',
    '',
    ...about(facts),
  ])
}
