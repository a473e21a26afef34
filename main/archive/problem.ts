/** Why an archive, or what somebody packed in it, is refused: closed words, each with its sentence in `shared/text/look-reasons.ts`. */
export const archiveReasons = [
  'truncated',
  'damaged',
  'behind-the-end',
  'not-read',
  'window',
  'ratio',
  'too-many',
  'too-deep',
  'too-large',
  'name',
  'path-outside',
  'entry-twice',
  'link',
  'device',
  'changing',
  'part-missing',
  'part-order',
] as const
export type ArchiveReason = (typeof archiveReasons)[number]

/** What is wrong with an archive as a container: before anybody asks what is in it. */
export class ArchiveProblem extends Error {
  readonly reason: ArchiveReason
  /** An entry, or the whole. */
  readonly subject: string
  readonly expected: string
  readonly found: string

  constructor(reason: ArchiveReason, about: { subject: string; expected: string; found: string }) {
    super(`${reason}: ${about.subject}: expected ${about.expected}, found ${about.found}`)
    this.name = 'ArchiveProblem'
    this.reason = reason
    this.subject = about.subject
    this.expected = about.expected
    this.found = about.found
  }
}
