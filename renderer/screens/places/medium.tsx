import { useState, type ReactNode } from 'react'
import type { MediumView } from '../../../shared/media.ts'
import { mayBeWritten } from '../../../shared/rules/media.ts'
import { capacityWords, kindWords, serialWords, stateWords } from '../../../shared/text/media.ts'
import { Act } from '../../parts/act.tsx'
import { Facts } from '../../parts/facts.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Frame } from '../../parts/frame.tsx'
import { MediumState } from '../../parts/medium-state.tsx'
import { Table } from '../../parts/table.tsx'
import { useMedium } from '../../state/register.ts'
import { size, time } from '../../text/format.ts'
import { certificateOf, SheetPage } from '../sheet.tsx'
import { ChangeMedium } from './medium-state.tsx'
import { TestMedium } from './medium-test.tsx'

function Known({ medium }: { readonly medium: MediumView }): ReactNode {
  const { kind, serial, marking, owner, size: bytes, capacity, filled, seal, holds, disposition } = medium
  return (
    <section className="card" aria-labelledby="known">
      <h2 id="known">What is known of it</h2>
      <Facts
        rows={[
          ['Kind', kindWords[kind]],
          ['Serial', serial === null ? 'none' : <code key="serial">{serial}</code>],
          ...(bytes === null ? [] : ([['Size', `${size(bytes)}, as it says`]] as const)),
          ['Marking', marking ?? 'not stated'],
          ['Owner', owner ?? 'not stated'],
          ['Capacity', capacity === null ? 'not tested' : `${time(capacity.at)}: ${capacityWords(capacity)}`],
          ...(filled === null ? [] : ([['Filled', `${time(filled.at)}; still to be read`]] as const)),
          ...(seal === null ? [] : ([['Seal', seal]] as const)),
          [
            'Holds',
            holds.length === 0
              ? 'nothing known'
              : holds.map((transfer) => <code key={transfer}>{transfer} </code>),
          ],
          ...(disposition === null
            ? []
            : ([
                [
                  'Disposition',
                  `${stateWords[disposition.state]} ${time(disposition.at)}, ${disposition.method}`,
                ],
              ] as const)),
        ]}
      />
      <p className="small soft">{serialWords}</p>
    </section>
  )
}

function History({ medium }: { readonly medium: MediumView }): ReactNode {
  return (
    <Table
      label="History, the newest first"
      kind="whole-words"
      heads={['Time', 'What', 'Then', 'Who', { number: 'Event' }]}
    >
      {[...medium.history].reverse().map(({ sequence, at, by, sentence, state }) => (
        <tr key={sequence}>
          <td>{time(at)}</td>
          <td>{sentence}</td>
          <td>
            <MediumState state={state} />
          </td>
          <td>{by.length === 0 ? 'this station' : by.join(', ')}</td>
          <td className="number">{sequence}</td>
        </tr>
      ))}
    </Table>
  )
}

/** One medium: what is known of it, its history, and what can be done. */
export function MediumPage({
  label,
  done,
}: {
  readonly label: string
  readonly done: () => void
}): ReactNode {
  const { value: medium, failure } = useMedium(label)
  const [page, setPage] = useState<'state' | 'test' | 'certificate' | null>(null)
  const back = (): void => setPage(null)
  if (page === 'certificate')
    return <SheetPage shown={certificateOf(label)} back={`Back to ${label}`} done={back} />
  if (page === 'state' && medium !== null) return <ChangeMedium medium={medium} done={back} />
  if (page === 'test' && medium !== null) return <TestMedium medium={medium} done={back} />
  const tests = medium !== null && mayBeWritten(medium.state)
  return (
    <Frame
      heading={medium === null ? label : `${label} is ${stateWords[medium.state].toLowerCase()}`}
      next={
        medium === null || medium.next.length > 0
          ? 'What is done with it is recorded by itself.'
          : 'It is destroyed: nothing follows.'
      }
      acts={
        <>
          <Act onPress={done}>Back to the register</Act>
          {medium?.disposition == null ? null : (
            <Act onPress={() => setPage('certificate')}>Print certificate…</Act>
          )}
          {tests ? (
            <Act writes onPress={() => setPage('test')}>
              Test its capacity…
            </Act>
          ) : null}
          <Act
            kind="primary"
            writes
            disabled={(medium?.next.length ?? 0) === 0}
            onPress={() => setPage('state')}
          >
            Record what became of it…
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      {medium === null ? null : (
        <>
          <Known medium={medium} />
          <History medium={medium} />
        </>
      )}
    </Frame>
  )
}
