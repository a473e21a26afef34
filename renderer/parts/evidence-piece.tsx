import { useState, type ReactNode } from 'react'
import type { EvidencePiece, ProvenView, Provenance, Sbom } from '../../shared/evidence.ts'
import type { FailureView } from '../../shared/failure.ts'
import { call } from '../bridge.ts'
import { notProven, pieceName, pieceResults, shortName } from '../text/evidence.ts'
import { count, size, time } from '../text/format.ts'
import { Act } from './act.tsx'
import { Badge } from './badge.tsx'
import { EvidenceRow } from './evidence-row.tsx'
import { Facts } from './facts.tsx'
import { FailureBox } from './failure.tsx'

type Row = readonly [string, ReactNode]

const code = (text: string): ReactNode => <code>{text}</code>

function signerRows({ signer, times, logs, certificateLogs }: ProvenView): Row[] {
  const when = times.map(({ at, by }) => `${time(at)}, says ${by}`).join('; ')
  const where = logs.map(({ log, index }) => `${log}, entry ${index}`).join('; ')
  const seen = certificateLogs.map(({ log, at }) => `${log} at ${time(at)}`).join('; ')
  const who: Row[] =
    signer.kind === 'key'
      ? [
          [
            'Signed with',
            <>
              the {signer.algorithm} key {code(signer.fingerprint)}
            </>,
          ],
        ]
      : [
          ['Signed by', code(signer.name)],
          ['Vouched for by', code(signer.issuer)],
          [
            'Certificate',
            <>
              {code(signer.fingerprint)}, made by {code(signer.authority)}
            </>,
          ],
          ...signer.extensions
            .filter(({ number }) => number > 8)
            .map(({ name, value }): Row => [`Its ${name}`, code(value)]),
        ]
  return [
    ...who,
    ...(when === '' ? [] : [['Signed at', when] as const]),
    ...(where === '' ? [] : [['In the log', where] as const]),
    ...(seen === '' ? [] : [['Certificate seen', seen] as const]),
  ]
}

function buildRows({ builder, source, buildType, dependencyCount, finishedOn }: Provenance): Row[] {
  return [
    ['Built by', code(builder)],
    ['From source', code(source.repository ?? 'not said')],
    ['Ref', code(source.ref ?? 'not said')],
    ['Commit', code(source.commit ?? 'not said')],
    ['Kind of build', code(buildType)],
    ['Built of', count(dependencyCount, 'dependency', 'dependencies')],
    ...(finishedOn === null ? [] : [['Finished', `${time(finishedOn)}, says the builder`] as const]),
  ]
}

const describes = {
  subject: 'it names this item by its digest',
  another: 'it names another item',
  'not-said': 'it does not say of what it is',
} as const

const sbomRows = (sbom: Sbom): Row[] => [
  ['Form', `${sbom.format}, ${count(sbom.components, 'component')}; ${describes[sbom.describes]}`],
  ...(sbom.created === null ? [] : [['Made', `${time(sbom.created)}, says the document`] as const]),
]

function Raw({ consignment, blob }: { readonly consignment: string; readonly blob: string }): ReactNode {
  const [shown, setShown] = useState<{ text: string; size: number; cut: boolean } | null>(null)
  const [failure, setFailure] = useState<FailureView | null>(null)
  const show = async (): Promise<void> => {
    const answer = await call('consignment.blob', { id: consignment, blob })
    if (answer.ok) setShown(answer.value)
    else setFailure(answer.failure)
  }
  return (
    <>
      <Act kind="link" onPress={() => (shown === null ? void show() : setShown(null))}>
        {shown === null ? 'Show it as it was carried' : 'Hide it as it was carried'}
      </Act>
      {failure === null ? null : <FailureBox failure={failure} />}
      {shown === null ? null : (
        <>
          <p className="small soft">
            {size(shown.size)}
            {shown.cut ? '; only the first 256 KiB are shown' : ''}
          </p>
          <pre tabIndex={0} role="region" aria-label={`Evidence ${blob} as it was carried`} className="raw">
            {shown.text}
          </pre>
        </>
      )}
    </>
  )
}

const opinions = {
  agrees: ['pass', 'Two independent verifiers agree.'],
  'cannot-judge': ['warn', 'A second, independent verifier cannot judge it.'],
  contradicts: ['not-checked', 'A second, independent verifier contradicts this:'],
} as const

function SecondOpinion({ opinion }: { readonly opinion: EvidencePiece['opinion'] }): ReactNode {
  if (opinion === null) return null
  const [result, sentence] = opinions[opinion.answer]
  return (
    <p>
      <Badge result={result} {...(result === 'warn' && { text: 'One verifier' })} /> {sentence} {opinion.why}
    </p>
  )
}

const resultTexts = {
  pass: 'Proven',
  fail: 'False',
  'not-checked': 'Not checked',
  warn: 'Signed, not read',
  overridden: '',
} as const

/** Who vouches for a piece, or why it counts for nothing; and what of it was not checked, which is never folded. */
function Found({ piece }: { readonly piece: EvidencePiece }): ReactNode {
  const { proven, reason, unreadable, opinion } = piece
  const why = reason ?? unreadable
  return (
    <>
      {proven === null ? null : proven.signer.kind === 'key' ? (
        <>by the key {code(`${proven.signer.fingerprint.slice(0, 12)}…`)}</>
      ) : (
        <>by {code(proven.signer.name)}</>
      )}
      {why === null ? null : (
        <>
          {proven === null ? '' : '; '}
          {code(why.found)}
        </>
      )}
      {opinion?.answer === 'contradicts' ? <SecondOpinion opinion={opinion} /> : null}
      {notProven(piece).map((sentence) => (
        <p key={sentence}>
          <Badge result="not-checked" /> {sentence}
        </p>
      ))}
    </>
  )
}

/** Everything that is known of a piece, and the piece as it was carried behind one more control. */
function Details({ consignment, piece, root }: PieceProps): ReactNode {
  const { proven, reason, provenance, sbom, says, unreadable, opinion } = piece
  const why = reason ?? unreadable
  return (
    <>
      <p>{pieceName(piece)}</p>
      <Facts
        rows={[
          ...(proven === null ? [] : signerRows(proven)),
          ...(provenance === null ? [] : buildRows(provenance)),
          ...(sbom === null ? [] : sbomRows(sbom)),
          ...(says === null ? [] : [['Says', says] as const]),
          ...(why === null
            ? []
            : ([
                ['Means', why.means],
                ['Expected', code(why.expected)],
                ['Do next', why.next],
                ['Reason', code(why.code)],
              ] as const)),
          ...(piece.predicateType === null
            ? []
            : [['Kind of statement', code(piece.predicateType)] as const]),
          ['About', piece.subject === root ? 'the item itself' : <>a part of it, {code(piece.subject)}</>],
        ]}
      />
      {opinion?.answer === 'contradicts' ? null : <SecondOpinion opinion={opinion} />}
      <Raw consignment={consignment} blob={piece.layer} />
    </>
  )
}

interface PieceProps {
  readonly consignment: string
  readonly piece: EvidencePiece
  /** Digest of the item that it is shown under. */
  readonly root: string
}

/** One signature or statement as a row: what it proves, what not, by whom; everything else behind one control. */
export function PieceRow(props: PieceProps): ReactNode {
  const { piece } = props
  // Genuine, but what it says is in a form that is not read.
  const result = piece.unreadable === null ? pieceResults[piece.result] : 'warn'
  return (
    <EvidenceRow
      badge={<Badge result={result} text={resultTexts[result]} />}
      name={shortName(piece)}
      of={piece.layer}
      details={<Details {...props} />}
    >
      <Found piece={piece} />
    </EvidenceRow>
  )
}
