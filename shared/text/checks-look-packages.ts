import type { CheckWords } from './check-words.ts'

type Words = NonNullable<CheckWords['because']>

const again = 'Ask whoever gave it to you for it again, and compare its digest with theirs.'
const stop = 'Do not use it. Ask its maker what was changed and why.'

/* Reasons of packages, bundles and charts: what each means, and what to do. */

/** Of something that was cut into parts. */
export const partReasons: Words = {
  'part-missing': {
    means: 'A part of it is not here.',
    next: 'Get the missing part, and put it beside the others.',
  },
  'part-extra': {
    means: 'There is a part more than it has. Which of them belong to it cannot be told.',
    next: 'Take the part away that does not belong to it, and look again.',
  },
  'part-size': { means: 'All parts together are not as large as the whole was.', next: again },
  'part-sum': {
    means:
      'The parts do not make the whole that was cut: one is damaged, of another whole or in the place of another.',
    next: again,
  },
}

/** Of what it holds. */
export const packageReasons: Words = {
  'not-listed': {
    means: 'It holds something that its own list does not have: somebody may have put it in.',
    next: stop,
  },
  'documents-disagree': {
    means: 'It says one thing in two places, and not the same. Which of them counts depends on the program.',
    next: stop,
  },
  'signed-other': {
    means: 'The signature in it was made over something else: it was changed after it was signed.',
    next: stop,
  },
  'entry-twice': { means: 'Two things in it have one name.', next: stop },
  'path-outside': {
    means: 'Something in it is called so that it would lie outside of the folder in which it is unpacked.',
    next: stop,
  },
  'too-large': { means: 'A document in it is larger than is read.', next: stop },
}

/** Of what somebody should know and what is no fault. */
export const packageWarnings: Words = {
  differential: {
    means: 'It holds only what is new since another version: it is no use without that.',
    next: 'See that the package of that version is there already.',
  },
  'left-out': {
    means: 'A part of it was left out when it was made, as it says itself.',
    next: 'See that what you need of it is here.',
  },
  'not-rendered': {
    means:
      'Its templates put names of images together. Templates are programs and are not run: such images are not in the list.',
    next: 'Ask its maker for the list of its images, or render the chart where that is safe.',
  },
  'not-read-in': {
    means: 'Something in it was not looked into, for what it holds or which images it names.',
    next: 'Look at it by itself, or ask its maker for the list of its images.',
  },
}
