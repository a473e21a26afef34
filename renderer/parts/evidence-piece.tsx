import { useState, type ReactNode } from 'react'
import type { EvidencePiece, ProvenView, Provenance, Sbom } from '../../shared/evidence.ts'
import type { FailureView } from '../../shared/failure.ts'
import { call } from '../bridge.ts'
import { pieceName, pieceResults } from '../text/evidence.ts'
import { count, size } from '../text/format.ts'
import { Act } from './act.tsx'
import { Badge } from './badge.tsx'
import { Facts } from './facts.tsx'
import { FailureBox } from './failure.tsx'

type Row = readonly [string, ReactNode]

const code = (text: string): ReactNode => <code>{text}</code>

function signerRows({ signer, times, logs, certificateLogs }: ProvenView): Row[] {
  const when = times.map(({ at, by }) => `${at}, says ${by}`).join('; ')
  const where = logs.map(({ log, index }) => `${log}, entry ${index}`).join('; ')
  const seen = certificateLogs.map(({ log, at }) => `${log} at ${at}`).join('; ')
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
    ...(finishedOn === null ? [] : [['Finished', `${finishedOn}, says the builder`] as const]),
  ]
}

const describes = {
  subject: 'it names this item by its digest',
  another: 'it names another item',
  'not-said': 'it does not say of what it is',
} as const

const sbomRows = (sbom: Sbom): Row[] => [
  ['Form', `${sbom.format}, ${count(sbom.components, 'component')}; ${describes[sbom.describes]}`],
  ...(sbom.created === null ? [] : [['Made', `${sbom.created}, says the document`] as const]),
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

/** One signature or statement: what it proves, what not, why not; as it was carried behind one control. */
export function EvidencePieceBox(props: {
  readonly consignment: string
  readonly piece: EvidencePiece
  /** Digest of the item that it is shown under. */
  readonly root: string
}): ReactNode {
  const { consignment, piece, root } = props
  const { proven, reason, provenance, sbom, unreadable } = piece
  // Genuine, but what it says is in a form that is not read.
  const result = unreadable === null ? pieceResults[piece.result] : 'warn'
  const why = reason ?? unreadable
  return (
    <section className="piece" aria-label={`${pieceName(piece)}, ${piece.layer}`}>
      <header>
        <Badge
          result={result}
          text={
            {
              pass: 'Proven',
              fail: 'False',
              'not-checked': 'Not checked',
              warn: 'Signed, not read',
              overridden: '',
            }[result]
          }
        />
        <h4>{pieceName(piece)}</h4>
      </header>
      <Facts
        rows={[
          ...(proven === null ? [] : signerRows(proven)),
          ...(provenance === null ? [] : buildRows(provenance)),
          ...(sbom === null ? [] : sbomRows(sbom)),
          ...(why === null
            ? []
            : ([
                ['Means', why.means],
                ['Expected', code(why.expected)],
                ['Found', code(why.found)],
                ['Do next', why.next],
                ['Reason', code(why.code)],
              ] as const)),
          ...(piece.predicateType === null
            ? []
            : [['Kind of statement', code(piece.predicateType)] as const]),
          ['About', piece.subject === root ? 'the item itself' : <>a part of it, {code(piece.subject)}</>],
        ]}
      />
      <SecondOpinion opinion={piece.opinion} />
      {[...(proven?.notChecked ?? []), ...(provenance?.disagrees ?? [])].map((sentence) => (
        <p key={sentence}>
          <Badge result="not-checked" /> {sentence}
        </p>
      ))}
      <Raw consignment={consignment} blob={piece.layer} />
    </section>
  )
}
