import { useState, type ReactNode } from 'react'
import type { Paper } from '../../shared/calls/report.ts'
import type { Sheet as SheetOf } from '../../shared/calls/sheet.ts'
import type { FailureView } from '../../shared/failure.ts'
import type { ConsignmentView } from '../../shared/views.ts'
import { call } from '../bridge.ts'
import { Act } from '../parts/act.tsx'
import { FailureBox } from '../parts/failure.tsx'
import { Frame } from '../parts/frame.tsx'
import { OnPaper } from '../parts/on-paper.tsx'
import { PaperChoice } from '../parts/paper-choice.tsx'
import { SavedFiles } from '../parts/saved.tsx'
import { useSaving } from '../state/saving.ts'
import { usePrinting } from '../state/printing.ts'

/** A sheet that is shown: what it is of, and what the page says of it. */
export interface ShownSheet {
  readonly sheet: SheetOf
  /** With its article: “the labels”. */
  readonly name: string
  readonly many?: boolean
  /** The name of what it is of, for a file; none where a file must not tell. */
  readonly of?: string
  readonly means: string
  readonly next: string
}

/** A sheet for the media of a consignment, at either side. */
export function mediaSheet(kind: 'label' | 'custody', id: string): ShownSheet {
  return kind === 'label'
    ? {
        sheet: { kind, id },
        name: 'the labels',
        many: true,
        means: 'One for each copy that was read back. They name no contents.',
        next: 'Next: put each label on its medium.',
      }
    : {
        sheet: { kind, id },
        name: 'the custody sheet',
        means: 'Whoever hands the media over or takes them signs it by hand, with the number of the seal.',
        next: 'Next: one sheet stays here, one goes with the bag.',
      }
}

/** A person's key, on paper. */
export function keyCardOf(person: { readonly id: string; readonly name: string }): ShownSheet {
  return {
    sheet: { kind: 'key-card', person: person.id },
    name: `the key card of ${person.name}`,
    of: person.name,
    means:
      'The other side types these words from this paper when it trusts the key. It holds nothing secret.',
    next: 'Next: carry the paper to the other side yourself, never with a medium that carries a bundle.',
  }
}

/** This desk, on paper. */
export function deskCardOf(name: string): ShownSheet {
  return {
    sheet: { kind: 'desk-card' },
    name: 'the desk card',
    of: name,
    means:
      'The other side compares the card of this desk, from its file, with this paper. It holds nothing secret.',
    next: 'Next: carry the paper to the other side yourself, never with a medium that carries a bundle.',
  }
}

/** The landing key, on paper. */
export function landingCardOf(name: string): ShownSheet {
  return {
    sheet: { kind: 'landing-card' },
    name: 'the card of the landing key',
    of: name,
    means: 'Whoever installs its public half compares it with this paper. It holds nothing secret.',
    next: 'Next: give the paper to those who run the engines, not by the registry.',
  }
}

/** The verdict on a medium that was refused, on paper. */
export function refusedOf(sequence: number): ShownSheet {
  return {
    sheet: { kind: 'refused', sequence },
    name: 'the report on the refused medium',
    means: 'What was checked on it, and what was found. Nothing of the medium itself was kept.',
    next: 'Next: keep the paper with the medium, and give both to the security officer.',
  }
}

/** That a medium was sanitised or destroyed, on paper. */
export function certificateOf(label: string): ShownSheet {
  return {
    sheet: { kind: 'certificate', label },
    name: `the certificate of ${label}`,
    of: label,
    means: 'What was done with the medium, how and where. Two people sign it by hand.',
    next: 'Next: keep the paper with the register.',
  }
}

/** The numbers of a month, on paper. */
export function statisticsOf(month: string): ShownSheet {
  return {
    sheet: { kind: 'statistics', month },
    name: `the sheet of ${month}`,
    of: month,
    means: 'Counted from the ledger. Whoever looked through it signs by hand.',
    next: 'Next: keep the paper with the record of the month.',
  }
}

function addressOf(sheet: SheetOf): string {
  switch (sheet.kind) {
    case 'label':
    case 'custody':
      return `${sheet.kind}-${sheet.id}`
    case 'key-card':
      return `key-card-${encodeURIComponent(sheet.person)}`
    case 'desk-card':
    case 'landing-card':
      return sheet.kind
    case 'refused':
      return `refused-${sheet.sequence}`
    case 'certificate':
      return `certificate-${sheet.label}`
    case 'statistics':
      return `statistics-${sheet.month}`
  }
}

/** A sheet as it is printed, to be printed and saved as PDF. */
export function SheetPage(props: {
  readonly shown: ShownSheet
  readonly back: string
  readonly done: () => void
  readonly consignment?: ConsignmentView
}): ReactNode {
  const { shown, back, done, consignment = null } = props
  const { sheet, name, many = false, of, means, next } = shown
  const [paper, setPaper] = useState<Paper>('a4')
  const [failure, setFailure] = useState<FailureView | null>(null)
  const saving = useSaving(setFailure)
  const printing = usePrinting(() => call('sheet.print', { sheet, paper }), setFailure)
  const save = (): void =>
    saving.save(
      { purpose: sheet.kind, intent: 'save', format: 'pdf', ...(of === undefined ? {} : { name: of }) },
      (place) => call('sheet.save', { sheet, format: 'pdf', paper, place }),
    )
  return (
    <Frame
      heading={`${name.replace(/^the/, 'The')} ${many ? 'are' : 'is'} ready to be printed`}
      means={means}
      reading
      next={next}
      consignment={consignment}
      acts={
        <>
          <Act onPress={done}>{back}</Act>
          <Act onPress={save}>Save PDF…</Act>
          <Act kind="primary" disabled={printing.busy} onPress={printing.print}>
            Print…
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      <SavedFiles saved={saving.saved} />
      <p role="status">{printing.said}</p>
      <PaperChoice value={paper} onChange={setPaper} />
      <OnPaper title={name.replace(/^the/, 'The')} address={addressOf(sheet)} />
    </Frame>
  )
}
