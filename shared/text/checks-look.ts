import type { CheckWords } from './check-words.ts'

const again = 'Ask whoever gave it to you for it again, and compare its digest with theirs.'
const stop = 'Do not use it. Ask its maker what was changed and why.'

/* Reasons why something that others packed is refused: what each means, and what to do. */

const form: Readonly<Record<string, { readonly means: string; readonly next: string }>> = {
  truncated: { means: 'It ends before it is whole: it was cut, or a copy was not finished.', next: again },
  damaged: { means: 'Its bytes are not what such a file is made of: it was damaged.', next: again },
  'behind-the-end': {
    means: 'More bytes stand behind its end. Some programs read them and others do not.',
    next: stop,
  },
  'not-read': {
    means: 'It is packed in a way that this program does not read.',
    next: 'Have it packed again as a plain tar, with gzip or with zstd.',
  },
  window: {
    means: 'To unpack it takes more memory than is given to anything from outside.',
    next: 'Have it packed again with a smaller window (zstd without --long).',
  },
  ratio: { means: 'So little unpacks to so much that it is made to fill a disc.', next: stop },
  'too-many': {
    means: 'It holds more entries than are gone through.',
    next: 'Have it packed in smaller pieces.',
  },
  'too-deep': { means: 'It is nested deeper than is followed.', next: 'Have it packed in fewer levels.' },
  'too-large': { means: 'It is larger than is gone through.', next: 'Have it packed in smaller pieces.' },
  name: { means: 'An entry has a name that not every system can take.', next: stop },
  'path-outside': {
    means: 'An entry would lie outside of the folder in which somebody unpacks this.',
    next: stop,
  },
  'entry-twice': {
    means: 'It has two entries of one name. Which of them counts depends on the program that reads it.',
    next: stop,
  },
  link: { means: 'It has a link where content must stand. A link can lead anywhere.', next: stop },
  device: { means: 'It holds a device or pipe, which no such thing needs.', next: stop },
  'part-missing': {
    means: 'It was cut into parts, and one of them is not beside the others.',
    next: 'Bring all parts into one folder, and look again.',
  },
  'part-order': {
    means: 'Its parts stand in another order than their names say: it begins in a later one.',
    next: again,
  },
  changing: {
    means: 'It changed while it was read.',
    next: 'Wait until nobody writes to it any more, and look again.',
  },
}

const content: typeof form = {
  // Archives in it are asked the same.
  ...form,
  'sum-differs': { means: 'Its bytes are not those of the digest that stands for them.', next: again },
  'size-differs': { means: 'It has another size than is said of it.', next: again },
  missing: { means: 'It is named here, and it is not here.', next: again },
  'too-deep': { means: 'Manifests name manifests deeper than is followed.', next: stop },
  form: { means: 'A document in it does not have the form that it must have.', next: again },
  'path-outside': {
    means: 'A name in it leads outside of the folder in which somebody unpacks this.',
    next: stop,
  },
  'documents-disagree': {
    means:
      'It says one thing in one place and another in another. One program takes the one, another the other.',
    next: stop,
  },
  'two-formats': {
    means: 'It can be read as two kinds of archive, and what is in it depends on which.',
    next: stop,
  },
  'link-wrong': {
    means: 'A link in it does not lead where its name says, or leads to something of another repository.',
    next: stop,
  },
  'left-out': {
    means:
      'It is named here, and it is not here. An archive that was made after another leaves out what that one had, and one of a set has only a part.',
    next: 'See that you have all archives of the set and those before it, or ask for one that was made without leaving anything out.',
  },
}

/** The checks of something that others packed. */
export const lookWords = {
  'container.form': {
    title: 'Form',
    pass: 'It was read from its first byte to its last, and every program that reads it must find the same in it.',
    fail: 'It cannot be read as one whole thing.',
    next: again,
    because: form,
  },
  'container.sums': {
    title: 'Its own sums',
    pass: 'Every sum that it has of its content is right. Whoever made it could have made them anew: they show damage, not who made it.',
    fail: 'Its content is not what its own sums say.',
    next: again,
    because: content,
    unknown: 'It has no sums of its own: nothing in it would show a change.',
    unknownNext:
      'Ask for it with a signature beside it, or compare its digest with one that you have on paper.',
  },
  'container.complete': {
    title: 'Complete',
    pass: 'Everything that it names as its content is here.',
    fail: 'Something that it names as its content is not here.',
    next: again,
    warn: 'It was made of a part on purpose: what is named and not here does not damage the rest.',
    warnNext: 'See that what you need of it is here.',
    because: content,
  },
  'container.agreement': {
    title: 'One meaning',
    pass: 'Where it says something twice, it says the same.',
    fail: 'It says two things of one matter, or nothing that can be read. Which of them counts depends on the program.',
    next: stop,
    warn: 'Something that it says was made up by the tool that packed it.',
    warnNext: 'Do not rely on it: compare digests.',
    because: content,
  },
  'container.signature': {
    title: 'Signature of the whole',
    pass: 'Exactly this was signed, by a key or person that you named.',
    fail: 'It is signed, and not by a key that you named, or it was changed after it was signed.',
    next: 'Do not use it. Ask its maker which key signed it, and compare that from paper.',
    because: {
      'signed-not': {
        means: 'It says that it is signed, and the signature is not there: somebody may have taken it away.',
        next: stop,
      },
      'signed-off': {
        means:
          'It says that it is not signed, and a signature is there: somebody may want it to be overlooked.',
        next: stop,
      },
    },
    unknown: 'Nobody whom you named vouches for it.',
    unknownNext: 'Ask its maker for a signature and, on paper, for the key; then look again with that key.',
  },
  'item.signature': {
    title: 'Signature of an item',
    pass: 'Exactly this item was signed, by a key or person that you named or a root vouches for.',
    fail: 'This item is signed, and not by a key that you named, or it was changed after it was signed.',
    next: 'Do not use it. Ask its maker which key signed it, and compare that from paper.',
    unknown: 'Nobody whom you named vouches for this item.',
    unknownNext: 'Ask its maker for a signature and, on paper, for the key; then look again with that key.',
  },
} as const satisfies Readonly<Record<string, CheckWords>>
