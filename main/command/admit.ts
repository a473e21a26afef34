import type { Command } from './command.ts'
import { UsageError } from './arguments.ts'

/** Here to be listed and explained: `run.ts` answers it before anything else, in the form that engines ask in. */
export const admit: Command = {
  about:
    'Answer a container engine whether an image is on the signed list of its site (containerd: image verifier).',
  positional: [],
  options: {
    list: { value: 'FILE', required: true },
    key: { value: 'FILE.pub', required: true },
    state: { value: 'FILE' },
    name: { value: 'REF', required: true },
    digest: { value: 'DIGEST', required: true },
    'stdin-media-type': { value: 'TYPE' },
  },
  run() {
    throw new UsageError('An engine asks this: sallyport admit … -name REF -digest DIGEST.')
  },
}
