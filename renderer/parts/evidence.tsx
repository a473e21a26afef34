import { useState, type ReactNode } from 'react'
import type { ConsignmentEvidence, ItemEvidence } from '../../shared/evidence.ts'
import type { CheckWords } from '../../shared/text/check-words.ts'
import { checkWords } from '../../shared/text/checks.ts'
import { itemResult, itemsWorstFirst, notProven } from '../text/evidence.ts'
import { count } from '../text/format.ts'
import { Act } from './act.tsx'
import { Badge } from './badge.tsx'
import { PieceRow } from './evidence-piece.tsx'
import { EvidenceRow } from './evidence-row.tsx'
import { Facts } from './facts.tsx'
import { Fold } from './fold.tsx'
import { Table } from './table.tsx'

/** Items that are drawn at once. */
const drawn = 20

function RuleRow({ rule }: { readonly rule: ItemEvidence['rules'][number] }): ReactNode {
  const words: CheckWords = checkWords[rule.id]
  const next = rule.result === 'not-checked' ? (words.unknownNext ?? words.next) : words.next
  return (
    <EvidenceRow
      badge={<Badge result={rule.result} />}
      name={words.title}
      of={rule.id}
      details={
        <Facts
          rows={[
            ['Check', <code key="id">{rule.id}</code>],
            ['Expected', <code key="expected">{rule.expected}</code>],
            ...(rule.result === 'pass' ? ([['Means', words.pass]] as const) : ([['Do next', next]] as const)),
          ]}
        />
      }
    >
      <code>{rule.found}</code>
    </EvidenceRow>
  )
}

function ItemTable({
  item,
  consignment,
}: {
  readonly item: ItemEvidence
  readonly consignment: string
}): ReactNode {
  return (
    <Table
      label={`What speaks for ${item.name}`}
      kind="evidence"
      heads={['State', 'What', 'Found', { spoken: 'Details' }]}
    >
      {item.rules.map((rule, i) => (
        <RuleRow key={`${rule.id}-${i}`} rule={rule} />
      ))}
      {item.pieces.map((piece, i) => (
        <PieceRow key={`${piece.layer}-${i}`} consignment={consignment} piece={piece} root={item.root} />
      ))}
    </Table>
  )
}

/** What a folded item keeps from nobody: that something of its evidence was not checked. */
function Unproven({ item }: { readonly item: ItemEvidence }): ReactNode {
  const unknown = item.pieces.filter((piece) => piece.result === 'unknown').length
  const open = unknown + item.pieces.flatMap((piece) => notProven(piece)).length
  return open === 0 ? null : <Badge result="not-checked" text={`${open} not checked`} />
}

interface ItemProps {
  readonly item: ItemEvidence
  readonly consignment: string
  /** Whether what the policy asked of it and did not get is said elsewhere on the page. */
  readonly said: boolean
}

function Item({ item, consignment, said }: ItemProps): ReactNode {
  const result = itemResult(item)
  // What is false and was not asked about stands nowhere else.
  const elsewhere = item.rules.length > 0 || result !== 'fail'
  const folded = result === 'pass' || (said && elsewhere)
  return (
    <section className={`card ${result}`} aria-label={`Evidence for ${item.name}`}>
      <header>
        <Badge
          result={result}
          {...(item.rules.length === 0 && result === 'not-checked' ? { text: 'Not asked' } : {})}
        />
        <h3>{item.name}</h3>
        {folded ? <Unproven item={item} /> : <span className="id">{item.kind}</span>}
      </header>
      {folded ? (
        <Fold name={count(item.pieces.length, 'piece')} of={`evidence for ${item.name}`}>
          <ItemTable item={item} consignment={consignment} />
        </Fold>
      ) : (
        <ItemTable item={item} consignment={consignment} />
      )}
    </section>
  )
}

const isSilent = ({ rules, pieces }: ItemEvidence): boolean => rules.length === 0 && pieces.length === 0

/** Items of which nothing was asked and for which nothing speaks: their names, once. */
function Silent({ items }: { readonly items: readonly ItemEvidence[] }): ReactNode {
  if (items.length === 0) return null
  return (
    <section className="card not-checked" aria-label="Items without evidence">
      <Badge result="not-checked" text="Not asked" />
      <ul className="inline">
        {items.map(({ name, kind, root }) => (
          <li key={`${name}-${root}`}>
            {kind} <code>{name}</code>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What this desk judged of each item, by its own trusted roots and its policy; those that need somebody first. */
export function EvidenceOfItems(props: {
  readonly consignment: string
  readonly evidence: ConsignmentEvidence
  /** Whether the checks of a verdict above say what failed: then each item is its state, and a control. */
  readonly folded?: boolean
}): ReactNode {
  const { consignment, evidence, folded = false } = props
  const [shown, setShown] = useState(drawn)
  const items = itemsWorstFirst(evidence)
  const some = items.slice(0, shown)
  const unknown = evidence.items.some((item) => item.pieces.some((piece) => piece.result === 'unknown'))
  // A rule that nobody known could answer stands above as a check, with what helps.
  const advised =
    folded && evidence.items.some((item) => item.rules.some((rule) => rule.result === 'not-checked'))
  return (
    <>
      {unknown && !advised && evidence.roots.length === 0 ? (
        <section className="card warn">
          <header>
            <Badge result="warn" />
            <h3>This desk has no trusted root</h3>
          </header>
          <Fold name="what helps">
            <p>
              Nobody whom this desk knows vouches for names. A trusted root says whose certificates, logs and
              timestamps count. A security officer installs one under Trust, from its file and the fingerprint
              on paper. No bundle can bring one.
            </p>
          </Fold>
        </section>
      ) : null}
      {some
        .filter((item) => !isSilent(item))
        .map((item) => (
          <Item key={`${item.name}-${item.root}`} item={item} consignment={consignment} said={folded} />
        ))}
      <Silent items={some.filter(isSilent)} />
      {items.length > shown ? (
        <Act onPress={() => setShown(shown + drawn)}>
          {`Show more items: ${items.length - shown} are not shown`}
        </Act>
      ) : null}
      <p className="small soft">More evidence may exist: lists are unsigned.</p>
    </>
  )
}
