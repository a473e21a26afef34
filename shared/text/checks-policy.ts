import type { CheckWords } from './check-words.ts'

const vouchedByNobody = 'Nobody whom this desk knows vouches for what speaks for it.'
const vouch = 'Reject it, or trust the signer first: by their trusted root, or their key in the policy.'
const askOther = 'Ask the sender for it in a form that can be read, or let two people make an exception.'
const tooLarge = {
  'too-large': {
    means: 'It is signed, and too large to be read: what it says is not known.',
    next: askOther,
  },
}
const unread = {
  unread: { means: 'Some of its entries cannot be read: what they are is not known.', next: askOther },
}

const keepIt =
  'Give this desk the file again (sallyport policy keep FILE.wasm --desk FOLDER), then judge it again.'
const askAuthor =
  'Have whoever wrote the rule set correct it; two officers put it in force. Or let two people make an exception.'

/** The checks of a policy’s rules, with their words. */
export const policyWords = {
  'policy.lifetime': {
    title: 'Lifetime',
    pass: 'The waybill does not live longer than the policy allows.',
    fail: 'The waybill lives longer than this desk’s policy allows.',
    next: 'Reject it, or let the security officer change the policy.',
  },
  'policy.channel-signers': {
    title: 'Signers that the channel asks for',
    pass: 'As many people signed as the policy asks for in this channel.',
    fail: 'Fewer people signed than the policy asks for in this channel.',
    next: 'Reject it and ask the sender to have it signed by the missing people.',
  },
  'policy.version-floor': {
    title: 'Lowest version',
    pass: 'The item is not below the version that the policy asks for.',
    fail: 'The item is older than the version that the policy asks for.',
    next: 'Reject it and ask the sender for a newer version.',
    unknown:
      'The item has no version that can be compared with the lowest one. Whether it is older is not known.',
    unknownNext: 'Ask the sender for the item by a tag such as 1.2.3, or let two people make an exception.',
  },
  'policy.medium': {
    title: 'Media that the channel asks for',
    pass: 'It came on media as the policy asks for in this channel, by this desk’s register.',
    fail: 'It did not come on media as the policy asks for in this channel.',
    next: 'Reject it and ask the sender to send it on media that the policy allows.',
    because: {
      seal: {
        means: 'The channel asks for sealed media, and a seal differed when it arrived.',
        next: 'Stop. Keep medium and bag as they are and call the security officer.',
      },
    },
    unknown:
      'The medium is not in this desk’s register, or it is a plain folder: of which kind it is, nobody here answers for.',
    unknownNext:
      'Let the media custodian register it, then judge it again; or let two people make an exception.',
    unknownBecause: {
      'seal-not-recorded': {
        means: 'The channel asks for sealed media, and nobody recorded an arrival with its seal.',
        next: 'Record the arrival with the number on bag and sheet, then judge it again.',
      },
    },
  },
  'policy.unchecked': {
    title: 'Nothing left unchecked',
    pass: 'Every rule for items and media could be checked, as this channel asks.',
    fail: 'A rule for an item or a medium could not be checked, and in this channel the policy refuses what is not checked.',
    next: 'Reject it and ask the sender for what is missing. An exception from the rule alone is not enough here: this check needs its own.',
  },
  'policy.tombstone': {
    title: 'Withdrawn content',
    pass: 'Nothing in it was withdrawn by the policy.',
    fail: 'It holds content that the policy has withdrawn.',
    next: 'Reject it and tell the sender which content is withdrawn, and why.',
  },
  'policy.item-rule': {
    title: 'A rule for the item',
    pass: 'The policy says what it asks of this item.',
    fail: 'The policy has rules for items, and none of them is about this one.',
    next: 'Reject it. If the item should be allowed, the policy must say so first.',
  },
  'policy.evidence': {
    title: 'No false evidence',
    pass: 'Nothing that speaks for this item is contradicted by somebody known.',
    fail: 'A signature or statement about this item is false: somebody whom this desk knows contradicts it.',
    next: 'Look at the evidence of the item. Ask the sender and the signer, over another way, what was signed.',
    warn: 'Something beside it is not read or not proven. It counts for nothing.',
    warnNext:
      'Nothing, if the item has all that the policy asks for. Otherwise look at the evidence of the item.',
  },
  'policy.signature': {
    title: 'Signed by whom the policy names',
    pass: 'Those whom the policy names signed exactly this item.',
    fail: 'Those whom the policy names did not sign exactly this item.',
    next: 'Reject it and ask the sender for the item with its signature.',
    unknown: vouchedByNobody,
    unknownNext: vouch,
    unknownBecause: {
      'no-time': {
        means: 'Those whom the policy names signed it, but no known log or authority says so.',
        next: 'Ask the sender for the signature with its log entry or timestamp.',
      },
    },
  },
  'policy.provenance': {
    title: 'Built by whom the policy names',
    pass: 'The statement of the build is by a builder and a signer that the policy names as a pair, from the source it names.',
    fail: 'No statement of a build as the policy asks is about it.',
    next: 'Reject it and ask the sender where the item was built.',
    unknown: vouchedByNobody,
    unknownNext: vouch,
    unknownBecause: tooLarge,
  },
  'policy.sbom': {
    title: 'Bill of materials',
    pass: 'A signed bill of materials as the policy asks for is about exactly this item.',
    fail: 'No signed bill of materials as the policy asks for is about exactly this item.',
    next: 'Reject it and ask the sender for the item with its bill of materials.',
    unknown: vouchedByNobody,
    unknownNext: vouch,
    unknownBecause: { ...tooLarge, ...unread },
  },
  'policy.freshness': {
    title: 'Age of the evidence',
    pass: 'It is not older than the policy allows, by times that known logs and authorities state.',
    fail: 'It is older than the policy allows.',
    next: 'Reject it and ask the sender for the item with newer evidence.',
    because: {
      future: {
        means: 'It says it was made after the time at which it was signed. One of the two is wrong.',
        next: 'Reject it and ask whoever signed it when it was made.',
      },
    },
    unknown: 'How old it is cannot be proven here.',
    unknownNext:
      'Ask the sender for evidence with a log entry or a timestamp of an authority that this desk knows.',
    unknownBecause: {
      'clock-behind': {
        means: 'The clock of this desk is behind what is proven: how old it is cannot be said.',
        next: 'Set the clock of this computer right, then judge it again.',
      },
      'time-form': {
        means: 'The time that it states of itself is missing or cannot be read.',
        next: 'Ask whoever signed it for a document that states when it was made.',
      },
      'nothing-counts': {
        means: 'Nothing fulfils the rule, so there is nothing whose age could be asked.',
        next: 'First deal with the rule that it belongs to.',
      },
    },
  },
  'policy.forbidden': {
    title: 'Nothing that is forbidden',
    pass: 'A bill of materials by one whom the policy names lists nothing that the policy forbids.',
    fail: 'It holds something that the policy forbids, or nobody whom the policy names shows that it does not.',
    next: 'Reject it. Ask the sender for the item without what is forbidden, with its bill of materials.',
    because: {
      forbidden: {
        means: 'It holds something that the policy forbids.',
        next: 'Reject it and ask the sender for the item without it.',
      },
    },
    unknown: vouchedByNobody,
    unknownNext: vouch,
    unknownBecause: {
      ...tooLarge,
      ...unread,
      'cannot-compare': {
        means: 'A component may be one that is forbidden: its name or version cannot be compared.',
        next: 'Ask what it is. Let two people make an exception if it is none that is forbidden.',
      },
      'licence-not-said': {
        means: 'Licences are forbidden, and not every component says its licence in the form of SPDX.',
        next: 'Ask the sender for a bill of materials with licences, or let two people make an exception.',
      },
    },
  },
  'policy.scan': {
    title: 'Known vulnerabilities',
    pass: 'A scan by one whom the policy names found nothing worse than the policy allows.',
    fail: 'No scan as the policy asks for shows that nothing worse than it allows was found.',
    next: 'Reject it and ask the sender for the item with its scan.',
    because: {
      findings: {
        means: 'A scan found something worse than the policy allows.',
        next: 'Reject it and ask the sender for a repaired item, or for a signed statement by one whom the policy names.',
      },
    },
    unknown: vouchedByNobody,
    unknownNext: vouch,
    unknownBecause: {
      ...tooLarge,
      severity: {
        means: 'The scan does not say, in a way that is understood, how bad a finding is.',
        next: 'Look the findings up. Let two people make an exception if none is too bad.',
      },
    },
  },
  'policy.summary': {
    title: 'Verified by whom the policy names',
    pass: 'A verifier whom the policy names states that the item passed, with the levels that the policy asks for.',
    fail: 'No verification summary as the policy asks for is about it.',
    next: 'Reject it and ask the sender for the item with its verification summary.',
    because: {
      'failed-there': {
        means: 'A verifier whom the policy names states that the item failed.',
        next: 'Reject it and ask the verifier why.',
      },
    },
    unknown: vouchedByNobody,
    unknownNext: vouch,
    unknownBecause: tooLarge,
  },
  'policy.pinned': {
    title: 'Named by its digest',
    pass: 'The item is pinned by its digest.',
    fail: 'The request named no digest: which content was meant was settled only when it was collected.',
    next: 'Reject it and ask for the item by its digest.',
  },
  'policy.algorithms': {
    title: 'Approved algorithms',
    pass: 'What the policy relies on is signed with approved algorithms. Whether validated modules computed them is not said.',
    fail: 'Something that the policy relies on is signed with an algorithm that the policy does not take.',
    next: 'Reject it and ask for signatures with approved algorithms.',
  },
  'policy.rego': {
    title: 'Rule sets of your own',
    pass: 'A rule set that the policy names has nothing against it.',
    fail: 'A rule set that the policy names objects to it.',
    next: 'Reject it and tell the sender what the rule set says, or let two people make an exception.',
    unknown:
      'A rule set that the policy names gave no answer that counts. What it has against this is not known.',
    unknownNext: askAuthor,
    unknownBecause: {
      missing: {
        means: 'The file of a rule set is not kept here. What it has against this is not known.',
        next: keepIt,
      },
      'other-file': {
        means: 'The file that is kept for a rule set is another one than the policy names. It was not run.',
        next: `Find out who changed it. ${keepIt}`,
      },
      time: {
        means: 'A rule set had not answered when its time was over. It was stopped.',
        next: askAuthor,
      },
      input: {
        means: 'This bundle says more than a rule set can be asked about.',
        next: 'Ask the sender for it in several bundles, or let two people make an exception.',
      },
    },
  },
} as const satisfies Readonly<Record<string, CheckWords>>
