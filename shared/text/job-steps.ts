/** What each step of long work does, in words. */
export const stepWords: Readonly<Record<string, string>> = {
  resolve: 'finding out exactly what each reference stands for',
  evidence: 'gathering or judging the signatures and statements about each item',
  fetch: 'fetching content, each byte hashed as it comes',
  check: 'checking that everything belongs together',
  make: 'making the waybill',
  write: 'writing to the medium, each byte hashed as it goes',
  parity: 'making recovery data of the parts',
  repair: 'repairing the parts from the recovery data',
  fill: 'filling the medium with a test stream',
  reread: 'reading it back and comparing every byte',
  finish: 'flushing to the medium and putting it in place',
  signatures: 'checking the signatures',
  waybill: 'reading the waybill',
  medium: 'checking the files of the medium',
  content: 'checking every byte of the content',
  graph: 'checking that everything belongs together',
  record: 'recording the verdict',
  look: 'looking at what the registry has already',
  through: 'going through it from end to end, each byte hashed',
  measure: 'unpacking the layers to see how large they are, each byte hashed as it comes',
  copy: 'copying, each byte hashed as it goes',
  collect: 'collecting the metadata of the repository',
  seal: 'sealing what landed',
  again: 'reading the target again as its readers do',
  compare: 'comparing what arrived with what was accepted',
}

/** Steps that count things; all others count bytes. */
const counted = ['resolve', 'evidence', 'look', 'compare', 'seal', 'again']

/** Whether a step counts things, not bytes. */
export const countsThings = (step: string): boolean => counted.includes(step)
