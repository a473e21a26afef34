import type { CheckWords } from './check-words.ts'
import { lookWords } from './checks-look.ts'
import { mediaWords, newMedium } from './checks-media.ts'
import { policyWords } from './checks-policy.ts'

const askSender = 'Reject it and ask the sender for a new bundle on a new medium.'
const stop = 'Stop. Keep the medium as it is and call the security officer.'

/** Every check there is, with its words. The ids are part of the record and never change their meaning. */
export const checkWords = {
  ...lookWords,
  ...mediaWords,
  ...policyWords,
  'signatures.form': {
    title: 'Form of the signatures',
    pass: 'The signature file has exactly the form that it must have.',
    fail: 'The signature file was damaged, or made by something else. Nothing of the waybill was read.',
    next: stop,
  },
  'signatures.line': {
    title: 'Signature on the waybill',
    pass: 'This person signed exactly this waybill, with a key that this desk trusts for this role.',
    fail: 'This signature does not count here. Nothing of the waybill was read.',
    next: 'If the signer is new or has a new key, add them under Trust from a fingerprint on paper. Otherwise stop and call the security officer.',
    because: {
      altered: {
        means:
          'The waybill was changed after this person had signed it, or files of two bundles were mixed. Nothing of it was read.',
        next: 'Stop. Keep the medium and call the security officer. Nobody is to be added under Trust for this.',
      },
      'not-made': {
        means:
          'This line claims to be by a person whom this desk trusts, but their key did not make it: it was changed, or somebody imitates them. Nothing of the waybill was read.',
        next: 'Stop. Keep the medium and call the security officer. Nobody is to be added under Trust for this.',
      },
      revoked: {
        means: 'The key was revoked here, so nothing that it signed counts. Nothing of the waybill was read.',
        next: 'Ask the sender for a bundle that people with keys in force have signed.',
      },
      role: {
        means: 'This person is trusted here, but not for this role. Nothing of the waybill was read.',
        next: 'Ask the sender whose signature is missing. If the person has a new role, change it under Trust from paper.',
      },
      twice: {
        means: 'One person signed twice, under two names or keys. Nothing of the waybill was read.',
        next: 'Stop and call the security officer: two different people must sign.',
      },
    },
  },
  'signatures.required': {
    title: 'Signatures that the policy asks for',
    pass: 'Everyone who must sign has signed: different people with different keys.',
    fail: 'Not everyone who must sign has signed. Nothing of the waybill was read.',
    next: 'Ask the sender to have it signed by the missing people.',
  },
  'waybill.form': {
    title: 'Form of the waybill',
    pass: 'The waybill has exactly the form that it must have.',
    fail: 'What was signed is not a waybill that this version understands.',
    next: 'Ask the sender which version made it, and whether this desk needs a newer one.',
  },
  'waybill.attested': {
    title: 'What the signers attested',
    pass: 'The sentence and the figures that each person signed are those of this waybill.',
    fail: 'A signer attested something else than this waybill says, or is not one of its people.',
    next: stop,
  },
  'waybill.own': {
    title: 'The waybill of this desk',
    pass: 'This is byte for byte the waybill, with the signatures, that this desk released.',
    fail: 'This is not what this desk released.',
    next: newMedium,
  },
  'signers.alike': {
    title: 'Names of the signers',
    pass: 'Nobody else whom this desk trusts is called anything like a signer.',
    fail: 'Somebody else whom this desk trusts has a name that looks like that of a signer.',
    next: 'Compare the fingerprints with the paper: the key decided, not the name.',
    warn: 'Somebody else whom this desk trusts has a name that looks like that of a signer.',
  },
  'signers.trust': {
    title: 'Limits of the signers',
    pass: 'The signers are trusted for this sender and this channel.',
    fail: 'A signer is not trusted for this sender or this channel.',
    next: 'Reject it. If the signer should be allowed, a security officer changes the trust, from paper.',
    warn: 'A signer is trusted for any sender or any channel.',
    warnNext: 'If that is not meant, let a security officer limit the trust to one sender and one channel.',
  },
  'signers.requester': {
    title: 'Who asked and who released',
    pass: 'The person who released is not the person who asked.',
    fail: 'The person who asked for this content also released it.',
    next: 'Reject it and ask for a release by somebody else.',
    warn: 'The requester is named, not proven: the request is not signed. The key of the releaser is not the key on record for the requester.',
    warnNext: 'Nothing, if you know from elsewhere who asked. Otherwise ask the sender.',
  },
  'destination.here': {
    title: 'Destination',
    pass: 'This bundle is addressed to this desk.',
    fail: 'This bundle is addressed to another desk.',
    next: 'Do not use it here. Hand the medium to the desk it is addressed to, or back to the sender.',
  },
  'order.replay': {
    title: 'Not seen before',
    pass: 'This bundle was not decided here before.',
    fail: 'This bundle was decided here before. It is a replay.',
    next: 'Nothing needs to be imported. Find out why it came a second time. What was rejected comes back only as a new bundle.',
  },
  'order.voids': {
    title: 'What it says is withdrawn',
    pass: 'Each bundle that it declares void has a number of its own below this one.',
    fail: 'What it declares void contradicts itself or what was seen here.',
    next: 'Reject it and ask the sender for a new bundle. Tell the security officer.',
  },
  'order.equivocation': {
    title: 'One bundle for each number',
    pass: 'No other bundle with this number is known here.',
    fail: 'The sender signed two different bundles with the same number. Both are held.',
    next: 'Stop and call the security officer. Ask the sender which one is right. Reject the wrong one; then the other goes on. Two security officers can also release one.',
    warn: 'Another bundle has the same number. Two security officers released this one.',
    warnNext: 'Nothing, if the officers named the bundle that you expect.',
  },
  'order.downgrade': {
    title: 'Newer than what was accepted',
    pass: 'Its number is higher than that of the last accepted bundle.',
    fail: 'It is not newer than the last bundle that was accepted here.',
    next: 'Reject it. Going back to older content needs a new bundle from the sender. If it was never seen here, the sender may have been put back: then both sides raise the epoch, under Trust, Order and time, the sender first.',
  },
  'order.gap': {
    title: 'Follows what was accepted',
    pass: 'It follows directly on what was accepted here.',
    fail: 'A bundle between the last accepted one and this one is missing. This one is held.',
    next: 'Decide first on what lies here undecided. Ask the sender for another copy of what is missing. If that is lost for good, the sender gives it up and a later bundle says so: read that one, then this one again. Or two security officers release this one.',
    warn: 'A bundle before this one is missing. Two security officers released this one.',
    warnNext:
      'Nothing, if the missing bundle is not needed. Once this one is accepted, an older one is refused.',
  },
  'order.state': {
    title: 'This desk’s memory of the stream',
    pass: 'This desk knows this stream as far as the sender knows it.',
    fail: 'This desk does not remember what the sender says it has seen. This bundle is held.',
    next: 'Check whether this desk was restored from a backup, and what was accepted last by label, sheet, report or receipt. Two security officers record it.',
    warn: 'The sender has witnessed a state of this desk that it does not have. Two security officers recorded the recovery.',
    warnNext: 'Nothing, if you know when this desk was restored. Otherwise call the security officer.',
  },
  'order.channel': {
    title: 'Channel and epoch',
    pass: 'The channel belongs to this sender, in the epoch in force.',
    fail: 'The channel belongs to another sender, or the epoch is not the one in force.',
    next: 'Ask the sender which epoch is right. Two security officers at this desk raise it or move the channel, both under Trust, Order and time; then read the medium again.',
  },
  'order.voided': {
    title: 'Not withdrawn by its sender',
    pass: 'The sender has not declared this bundle void.',
    fail: 'The sender has declared this bundle void in a later one.',
    next: 'Do not use it. The later bundle is the one that counts.',
  },
  'expiry.waybill': {
    title: 'Expiry',
    pass: 'The waybill has not expired, by this computer’s clock and by the latest time proven here.',
    fail: 'The waybill has expired.',
    next: 'Reject it and ask the sender for a fresh bundle.',
    unknown:
      'This computer’s clock is behind a time that accepted content proves. Whether the waybill has expired cannot be said.',
  },
  'time.created': {
    title: 'Time of making',
    pass: 'The waybill was not made in the future.',
    fail: 'The waybill says it was made later than this desk’s time and the policy’s tolerance allow.',
    next: 'Check the clocks on both sides. If this desk’s time is wrong, two security officers set what it takes for proven, under Trust, Order and time; if the sender’s is, it makes the waybill again.',
    warn: 'The waybill says it was made a little later than this desk’s time. One of the two clocks is wrong.',
    warnNext: 'Check the clocks on both sides when there is time. It holds nothing up.',
  },
  'desk.founding': {
    title: 'State of this desk',
    pass: 'This desk is sealed.',
    fail: 'This desk is not sealed.',
    next: 'Let at least two security officers seal the desk, each with their own key.',
    warn: 'This desk is still being founded: people, trust and policy can be changed by one person without a key. Rely on this verdict only as far as you rely on whoever set up this desk.',
  },
  'ledger.consistency': {
    title: 'The sender’s ledger',
    pass: 'The sender’s ledger continues what its earlier bundles showed. Nothing was removed from it.',
    fail: 'The sender’s ledger does not continue what its earlier bundles showed. It was changed or cut.',
    next: stop,
    unknown: 'The bundle brings no proof that the sender’s ledger continues what was seen before.',
    warn: 'Nothing contradicts the sender’s ledger, but it is not joined to everything that was seen here before.',
    warnNext:
      'Nothing, if officers raised the epoch here or an older bundle came late. Otherwise ask the sender what happened.',
  },
  'cause.rejected': {
    title: 'Content rejected before',
    pass: 'Nothing in it was named as the cause of a rejection.',
    fail: 'It contains content that two people named as the cause of a rejection.',
    next: 'Reject it and tell the sender which content is not wanted. If it was named by mistake, two security officers let it pass again, under Trust, Order and time.',
  },
  'collect.findings': {
    title: 'Findings while collecting',
    pass: 'The sender collected everything without a finding.',
    fail: 'The sender could not collect everything.',
    next: 'Read the findings. Decide whether what could not be fetched matters.',
    warn: 'Something could not be collected as asked. The signers were shown this.',
  },
  'content.layout': {
    title: 'Layout of the bundle',
    pass: 'Every byte between the contents is where and what it must be.',
    fail: 'A byte of the bundle’s frame, or its length, is not as the signed waybill says.',
    next: newMedium,
  },
  'content.blob': {
    title: 'Content of the bundle',
    pass: 'Every byte of every content is exactly what was signed.',
    fail: 'This content is not what was signed.',
    next: newMedium,
  },
  'graph.complete': {
    title: 'Completeness',
    pass: 'Everything that the content refers to is listed, and everything listed is referred to.',
    fail: 'The content and the waybill do not agree about what belongs to it.',
    next: askSender,
  },
  'graph.kind': {
    title: 'Kind of the item',
    pass: 'Each item is what the waybill says it is.',
    fail: 'An item is something else than the waybill says.',
    next: askSender,
  },
  'bundle.provenance': {
    title: 'Where the bundle was made',
    pass: 'The sender’s installation signed from which sources it made this bundle, and every item is among them.',
    fail: 'What the sender’s installation signed about the making of this bundle does not fit it.',
    next: askSender,
    warn: 'The bundle does not say from which sources it was made.',
    warnNext: 'Nothing, if the sender’s program is older than this one. Otherwise ask the sender.',
  },
  'evidence.second-opinion': {
    title: 'Two independent verifiers',
    pass: 'Two independent verifiers agree on everything that both can judge.',
    fail: 'Two independent verifiers contradict each other.',
    next: 'Decide nothing by this evidence. Tell those who make this program; both reasons stand in the report.',
    unknown:
      'This desk finds the evidence proven, a second verifier says that it is not. One of them is wrong.',
    unknownNext:
      'Tell those who make this program. Two people can make an exception if they know why the two disagree.',
  },
  'graph.title': {
    title: 'File names',
    pass: 'Every carried file has a safe and unique name.',
    fail: 'A carried file has a name that is not safe, not unique, or not the one stated.',
    next: askSender,
  },
} as const satisfies Readonly<Record<string, CheckWords>>

export type CheckId = keyof typeof checkWords

/** Why a check was not asked, by reason. */
export const notAskedWords: Readonly<Record<string, string>> = {
  'no-bundle': 'It is a medium with accepted content, not a bundle.',
  'bare-tar': 'A bundle tar was given, not a medium: nothing is known about a medium.',
  'no-parity': 'Nobody asked for recovery data on this medium.',
  'drive-not-known': 'It cannot be told here which drive it is in.',
  'drive-not-recorded':
    'The medium does not say which drive it was written to: a plain folder, or one without a serial.',
  'register-not-asked': 'The policy allows media that are in no register.',
  'seal-not-recorded': 'Nobody typed the number of a seal when media of this transfer arrived.',
  'read-back': 'A read-back only asks whether the medium holds what this desk wrote.',
  'policy-does-not-ask': 'The policy in force does not ask for it.',
  'nothing-to-compare':
    'No evidence was proven by a certificate: there was nothing to ask a second verifier.',
  'none-seen': 'No earlier bundle of this sender was seen here.',
  'no-place': 'Things of this kind have no place for a signature of the whole.',
  'nobody-named': 'It is not signed, and no key was named to ask for.',
  covered: 'The signature of the whole reaches every item in it.',
  'no-items': 'There is nothing in it that is signed by itself.',
  'said-once': 'It says nothing twice that could be compared.',
  'no-names': 'It names nothing that must be here.',
  'signed-whole': 'It has no sums of its own; the signature of the whole stands for them.',
  'layers-stay':
    'Content that lies in a registry is not fetched to look at it: only its manifests and evidence were.',
}
