import type { CheckWords } from './check-words.ts'

/** What to do about a medium that is not as it was written. */
export const newMedium =
  'Do not use this medium. Ask for another copy; the sender can make the same medium again.'

const stop = 'Stop. Keep the medium as it is and call the security officer.'

/** The words of checks about media. */
export const mediaWords = {
  'medium.all': {
    title: 'All media of the bundle',
    pass: 'Every medium of the bundle is here, and together they hold all of it.',
    fail: 'These media do not belong together.',
    next: 'Put in the media of one bundle that were written together. The label says which one it is of how many.',
    unknown: 'Media of the bundle are still missing. What is on them was not read.',
    unknownNext:
      'Put in the next medium and read it, in any order. If one is lost, the sender can make it again alone.',
    because: {
      'other-bundle': {
        means: 'This medium belongs to another bundle. Nothing of it was used.',
        next: 'Take it out and put in the right one. Its label has another transfer id.',
      },
      'other-plan': {
        means:
          'This medium is of the same bundle, but was cut in another way: its parts do not fit the others.',
        next: 'Use the media that were written together. Each label says which one it is of how many.',
      },
      twice: {
        means: 'Two of these media are the same one of the bundle.',
        next: 'Take one of them out and put in the one that is missing.',
      },
    },
  },
  'medium.parity': {
    title: 'Recovery data of the medium',
    pass: 'The recovery data is as it was written. It proves nothing; it can repair parts that were damaged.',
    fail: 'The recovery data is not as it was written.',
    next: newMedium,
    warn: 'The recovery data is damaged. The content is judged by itself, and not touched by this.',
    warnNext: 'Nothing now. Should a part be damaged later, this medium may not be repairable.',
  },
  'medium.record': {
    title: 'Record of the medium',
    pass: 'The medium’s record is signed by the station that wrote it and is about this waybill.',
    fail: 'The medium’s record is missing, changed, or not signed by the sender’s station.',
    next: newMedium,
  },
  'medium.set': {
    title: 'Exactly the listed files',
    pass: 'The folder holds exactly the files that belong there.',
    fail: 'The folder holds a file that is not listed, or lacks one that is.',
    next: newMedium,
    warn: 'All listed files are there. Beside them lies what a system leaves by itself in folders that it shows. It was not opened.',
    warnNext: 'Nothing. To keep it away, open media read-only, or look at them without a file manager.',
  },
  'medium.file': {
    title: 'File of the medium',
    pass: 'The file is as it was written.',
    fail: 'The file is not as it was written.',
    next: newMedium,
  },
  'medium.sums': {
    title: 'Check sums of the medium',
    pass: 'SHA256SUMS lists exactly these files and is signed by the sender’s station.',
    fail: 'SHA256SUMS does not list exactly these files, or its signature is wrong.',
    next: newMedium,
  },
  'medium.part': {
    title: 'Part of the bundle',
    pass: 'The part is there, as long as it must be.',
    fail: 'The part is missing, has another length, or is damaged.',
    next: newMedium,
  },
  'medium.beside': {
    title: 'Other things on the medium',
    pass: 'Nothing else lies on the medium.',
    fail: 'Something else lies on the medium.',
    next: stop,
    warn: 'Files that systems leave behind lie beside the bundle. They were not opened.',
    warnNext: 'Nothing, unless you do not expect them.',
  },
  'medium.drive': {
    title: 'The drive that it was written to',
    pass: 'The medium is on the very drive that it was written to, by the serial that the drive says of itself.',
    fail: 'The medium is on another drive than the one that it was written to.',
    next: 'Compare the serial on the drive with the custody sheet.',
    warn: 'The medium is on another drive than the one that it was written to: somebody copied it. The bytes are judged by themselves.',
    warnNext:
      'Ask who made the copy, and why. Where the drive on the custody sheet should be here, stop and call the security officer.',
  },
  'medium.registered': {
    title: 'Medium in the register',
    pass: 'The drive says the serial of a medium in this desk’s register. It says that of itself: this proves no more than that.',
    fail: 'This medium is not in this desk’s register, and the policy does not let such a medium be used.',
    next: 'Keep it apart. Let the media custodian register it, or ask where it came from; then read it again.',
    warn: 'This medium is not in this desk’s register: nobody here answers for it. The bytes are judged by themselves.',
    warnNext: 'Let the media custodian register it.',
    because: {
      lost: {
        means: 'The register says that this medium was lost. Nobody knows where it has been since.',
        next: 'Stop. Keep it as it is and call the security officer.',
      },
    },
  },
  'medium.seal': {
    title: 'Seal on arrival',
    pass: 'The number of the seal was typed from the bag and from the sheet; they were the same, and it was whole.',
    fail: 'The seal on the bag was not the one on the sheet, or was not whole. Somebody may have opened the bag.',
    next: 'Stop. Keep medium and bag as they are and call the security officer. Only with their signature on a new comparison is it read.',
    warn: 'A seal differed when it arrived. A security officer compared it again and signed that it may be read.',
    warnNext: 'Ask the officer why it differed.',
  },
} as const satisfies Readonly<Record<string, CheckWords>>
