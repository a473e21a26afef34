import { useState, type ReactNode } from 'react'
import type { ConsignmentEvidence, ItemEvidence } from '../../shared/evidence.ts'
import { checkWords, type CheckWords } from '../../shared/text/checks.ts'
import { itemResult, itemsWorstFirst } from '../text/evidence.ts'
import { count } from '../text/format.ts'
import { Act } from './act.tsx'
import { Badge } from './badge.tsx'
import { EvidencePieceBox } from './evidence-piece.tsx'
import { Facts } from './facts.tsx'

/** Items that are drawn at once. */
const drawn = 20

function Rule({ rule }: { readonly rule: ItemEvidence['rules'][number] }): ReactNode {
  const words: CheckWords = checkWords[rule.id]
  return (
    <section className="piece" aria-label={words.title}>
      <header>
        <Badge result={rule.result} />
        <h4>{words.title}</h4>
        <span className="id">{rule.id}</span>
      </header>
      {rule.result === 'pass' ? (
        <>
          <p>{words.pass}</p>
          <p className="small soft">Found: {rule.found}</p>
        </>
      ) : (
        <Facts
          rows={[
            ['Expected', <code key="expected">{rule.expected}</code>],
            ['Found', <code key="found">{rule.found}</code>],
            ['Do next', rule.result === 'not-checked' ? (words.unknownNext ?? words.next) : words.next],
          ]}
        />
      )}
    </section>
  )
}

function asked({ rules, pieces }: ItemEvidence): string {
  const found =
    pieces.length === 0
      ? 'no evidence came along'
      : count(pieces.length, 'piece of evidence', 'pieces of evidence')
  return rules.length === 0 ? `${found}; the policy asks nothing of items` : found
}

function Item({
  item,
  consignment,
}: {
  readonly item: ItemEvidence
  readonly consignment: string
}): ReactNode {
  const result = itemResult(item)
  const [open, setOpen] = useState(result !== 'pass')
  return (
    <section className={`card ${result}`} aria-label={`Evidence for ${item.name}`}>
      <header>
        <Badge
          result={result}
          {...(item.rules.length === 0 && result === 'not-checked' ? { text: 'Not asked' } : {})}
        />
        <h3>{item.name}</h3>
        <span className="id">{item.kind}</span>
      </header>
      <p>
        {asked(item)}. <code>{item.root}</code>
      </p>
      <Act kind="link" onPress={() => setOpen(!open)}>
        {open ? `Hide what speaks for ${item.name}` : `Show what speaks for ${item.name}`}
      </Act>
      {open ? (
        <>
          {item.rules.map((rule, i) => (
            <Rule key={`${rule.id}-${i}`} rule={rule} />
          ))}
          {item.pieces.map((piece, i) => (
            <EvidencePieceBox
              key={`${piece.layer}-${i}`}
              consignment={consignment}
              piece={piece}
              root={item.root}
            />
          ))}
        </>
      ) : null}
    </section>
  )
}

/** What this desk judged of each item, by its own trusted roots and its policy; those that need somebody first. */
export function EvidenceOfItems(props: {
  readonly consignment: string
  readonly evidence: ConsignmentEvidence
}): ReactNode {
  const { consignment, evidence } = props
  const [shown, setShown] = useState(drawn)
  const items = itemsWorstFirst(evidence)
  const unknown = evidence.items.some((item) => item.pieces.some((piece) => piece.result === 'unknown'))
  return (
    <>
      {unknown && evidence.roots.length === 0 ? (
        <section className="card warn">
          <header>
            <Badge result="warn" />
            <h3>This desk has no trusted root, so nobody it knows vouches for names</h3>
          </header>
          <p>
            A trusted root says whose certificates, logs and timestamps count. A security officer installs one
            under Trust, from its file and the fingerprint on paper. No bundle can bring one.
          </p>
        </section>
      ) : null}
      {items.slice(0, shown).map((item) => (
        <Item key={`${item.name}-${item.root}`} item={item} consignment={consignment} />
      ))}
      {items.length > shown ? (
        <Act onPress={() => setShown(shown + drawn)}>
          {`Show more items: ${items.length - shown} are not shown`}
        </Act>
      ) : null}
      <p className="small soft">
        Judged by this desk’s own trusted roots and policy. Lists of evidence are signed by nobody: what is
        not listed may still exist. An attestation is no signature.
      </p>
    </>
  )
}
