import type { EvidencePiece, EvidenceReport } from '../../shared/evidence.ts'
import { exitCodes } from '../../shared/verdict.ts'
import type { Command } from './command.ts'
import { accessOptions } from './command.ts'
import { access } from './access.ts'
import { absolute } from './paths.ts'
import { opinionLines, provenLines, reasonLines } from './proven-lines.ts'

function contentLines({ provenance, sbom, says, unreadable }: EvidencePiece): string[] {
  const lines: string[] = []
  if (provenance !== null) {
    const { repository, ref, commit } = provenance.source
    lines.push(
      `Built by ${provenance.builder}`,
      `  from ${repository ?? 'a source that is not said'}`,
      `  ref ${ref ?? 'not said'}, commit ${commit ?? 'not said'}`,
      `  build type ${provenance.buildType}, ${provenance.dependencyCount} dependencies`,
      ...provenance.disagrees.map((sentence) => `DISAGREES: ${sentence}`),
    )
  }
  if (sbom !== null) {
    const about = {
      subject: 'it names this subject',
      another: 'IT NAMES ANOTHER SUBJECT',
      'not-said': 'it does not say of what (not checked)',
    }[sbom.describes]
    lines.push(`Bill of materials: ${sbom.format}, ${sbom.components} components; ${about}`)
  }
  if (says !== null) lines.push(`Says: ${says}`)
  return unreadable === null ? lines : [...lines, ...reasonLines(unreadable)]
}

const titles = {
  proven: 'PROVEN',
  bad: 'BAD',
  unknown: 'NOT CHECKED',
} as const

function pieceLines(piece: EvidencePiece): string[] {
  const what =
    piece.kind === 'signature' ? 'signature' : `attestation, ${piece.predicateType ?? 'of unknown type'}`
  const lines = [
    ...(piece.proven === null ? [] : provenLines(piece.proven)),
    ...opinionLines(piece.opinion),
    ...(piece.reason === null ? [] : reasonLines(piece.reason)),
    ...contentLines(piece),
  ]
  return [
    `${titles[piece.result]}  ${what}`,
    `  blob ${piece.layer}`,
    `  about ${piece.subject}`,
    ...lines.map((line) => `  ${line}`),
    '',
  ]
}

function exitOf({ pieces }: EvidenceReport): number {
  if (pieces.some((piece) => piece.result === 'bad')) return exitCodes.failed
  const read = pieces.every((piece) => piece.result === 'proven' && piece.unreadable === null)
  const all = pieces.length > 0 && read
  return all ? 0 : exitCodes['not-checked']
}

export const evidence: Command = {
  about: 'List every signature and attestation of an image, what each proves and what not.',
  positional: ['IMAGE|oci:DIR'],
  options: {
    desk: { value: 'FOLDER' },
    'trusted-root': { value: 'FILE', many: true },
    key: { value: 'FILE.pub', many: true },
    'plain-http': { value: null },
    signatures: { value: 'HOST/REPOSITORY' },
    ...accessOptions,
  },
  async run(host, args) {
    const what = args.at(0)
    if (args.has('desk')) await host.open(args, 'read')
    // A tag or digest stands behind the last colon or at sign of the path's last part.
    const [, path = '', name = ''] =
      /^oci:(.*?)((?::[A-Za-z0-9_][A-Za-z0-9._-]*)?(?:@sha256:[0-9a-f]{64})?)$/.exec(what) ?? []
    const signatures = args.get('signatures')
    const found = await host.work('evidence.show', {
      image: path === '' ? what : { layout: host.session.place('layout', absolute(path)), name },
      roots: args.all('trusted-root').map((one) => host.session.place('trusted-root', absolute(one))),
      keys: args.all('key').map((one) => host.session.place('key', absolute(one))),
      plainHttp: args.has('plain-http'),
      ...(signatures === undefined ? {} : { signatures }),
      ...access(host, args),
    })
    const lines = [
      found.reference,
      found.digest,
      '',
      ...found.pieces.flatMap(pieceLines),
      ...found.others.flatMap(({ manifest, what: sentence }) => [
        `PROVES NOTHING  ${manifest}`,
        `  ${sentence}`,
      ]),
      ...found.findings.map((sentence) => `FINDING: ${sentence}`),
      `${found.pieces.filter((one) => one.result === 'proven').length} of ${found.pieces.length} pieces of evidence are proven. Lists of evidence are not signed: what is not found may still exist.`,
    ]
    return { value: found, lines, exit: exitOf(found) }
  },
}
