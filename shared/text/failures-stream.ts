const nothingChanged = 'Nothing was changed.'

/** Failures about the order in a stream: waybills that no longer count, epochs, holds and channels. */
export const streamFailures = {
  'waybill-old': {
    happened: 'The waybill of this consignment no longer counts: {found}.',
    safe: 'The content stays collected. Nothing was signed or written.',
    next: 'Make its waybill again [with “collect {id}”|under Approve]. Nothing is downloaded; it is signed anew.',
  },
  'voids-full': {
    happened:
      'The next waybill of channel {channel} would have to tell {found} voids. At most {expected} fit.',
    safe: 'No waybill was made. The content stays collected.',
    next: 'Let two security officers raise the epoch, here and then at the destinations[: “stream epoch {channel} --to N”|, under Trust, Order and time].',
  },
  'epoch-range': {
    happened: 'Epoch {found} is not possible for channel {channel}. Expected: {expected}.',
    safe: nothingChanged,
    next: 'Agree with the other side on one number and give that. An epoch only rises.',
  },
  'nothing-held': {
    happened: 'There is nothing to release: {found}.',
    safe: nothingChanged,
    next: 'Look at the verdict. Only a gap, a lost memory and two bundles with one number are ever released.',
  },
  'recovery-needed': {
    happened: 'What is stated about the stream does not fit what holds the bundle ({found}).',
    safe: nothingChanged,
    next: 'With a lost memory (order.state), state [--epoch N, --accepted N:DIGEST or none, and each --rejected DIGEST|the epoch, what was accepted last or that nothing was, and each that was rejected]. Otherwise state none of them.',
  },
  'channel-owner': {
    happened: 'Channel {channel} belongs to the sender {found} already.',
    safe: nothingChanged,
    next: 'Nothing needs to be done, unless another sender was meant.',
  },
} as const
