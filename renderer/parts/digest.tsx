import type { ReactNode } from 'react'
import { grouped } from '../../shared/digest.ts'
import type { Fingerprint } from '../../shared/views.ts'

/** The sixteen words of a digest, in two rows of eight. */
export function Words({ words }: { readonly words: readonly string[] }): ReactNode {
  return (
    <>
      <ol className="words" aria-label="Digest in words, 128 of 256 bits">
        {words.map((word, i) => (
          <li key={`${i}-${word}`}>{word}</li>
        ))}
      </ol>
      <p className="small soft">128 of 256 bits</p>
    </>
  )
}

/** All digits of a key or a digest: in groups of four, and contiguous to copy. */
export function FullDigits({ value }: { readonly value: Fingerprint }): ReactNode {
  return (
    <>
      <p className="mono">{grouped(value.hex)}</p>
      <p className="small soft">
        To copy: <code>{value.hex}</code>
      </p>
    </>
  )
}

/** A key or a digest to compare: words, hex in groups of four, and the contiguous form to copy. */
export function FullFingerprint({ value }: { readonly value: Fingerprint }): ReactNode {
  return (
    <div>
      <Words words={value.words} />
      <FullDigits value={value} />
    </div>
  )
}

/** A key by its first words, to tell it from others; never to compare. */
export function firstWords({ words }: Fingerprint): string {
  return `${words.slice(0, 4).join(' ')} …`
}
