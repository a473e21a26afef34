import type { ReactNode } from 'react'
import type { ConsignmentView } from '../../shared/views.ts'
import { Act } from '../parts/act.tsx'
import { Badge } from '../parts/badge.tsx'
import { Frame } from '../parts/frame.tsx'
import { Waybill } from '../parts/waybill.tsx'
import { go } from '../state/view.ts'
import { count, time } from '../text/format.ts'
import { stateWords } from '../text/words.ts'

/** A low desk's consignment, to look at. */
export function Low({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { name, state, signatures, missing, media } = consignment
  return (
    <Frame
      heading={`${name} is ${stateWords[state]}`}
      means="Collecting, signing and writing are done on the command line for now."
      next={
        missing.length === 0
          ? 'Every signature that the policy asks for is there.'
          : `Still missing: ${missing.join(', ')}.`
      }
      consignment={consignment}
      acts={<Act onPress={() => go({ to: 'start' })}>All consignments</Act>}
    >
      <Waybill consignment={consignment} />
      <div className="pair">
        {signatures.map((one) => (
          <section className="card" key={one.role + one.person}>
            <h2>
              {one.role} · {one.name}
            </h2>
            <Badge result="pass" text="Signed" /> <span className="soft">{time(one.at)}</span>
          </section>
        ))}
        {missing.map((role, i) => (
          <section className="card" key={`${role}-${i}`}>
            <h2>{role} · nobody yet</h2>
            <Badge result="not-checked" text="Missing" />
          </section>
        ))}
      </div>
      {media.map((one) => (
        <section className="card" key={`${one.folder}-${one.copy}`}>
          <h2>
            Copy {one.copy}, <code>{one.folder}</code>
          </h2>
          <p>
            Written {time(one.at)}, {count(one.parts.length, 'part')}.{' '}
            {one.readBack === 'passed' ? (
              <Badge result="pass" text="Read back" />
            ) : (
              <Badge result="not-checked" text="Not read back" />
            )}
          </p>
        </section>
      ))}
    </Frame>
  )
}
