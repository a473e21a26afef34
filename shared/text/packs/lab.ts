import type { Pack } from './pack.ts'

export const lab: Pack = {
  name: 'lab',
  about: 'For trying things out: nothing is asked of items, and that is said.',
  page: `Lab: for a desk on which nothing depends.

Nothing is asked of items: evidence is carried, shown and judged, and refuses nothing by being absent. What somebody known
contradicts still refuses. The waybill itself is signed by two people as everywhere, and nothing of the order, the
digests or the media is any looser: no policy can make it so.

Change first: nothing. Go on to another policy before anything real crosses.
What it does not do: it does not say that anything is right. A pass by this policy is a pass of the bundle, not of what
is in it.`,
  source: `sallyport: policy/v1
version: 2
items:
  - { kind: any, name: '**', nothing: true }
`,
}
