import type { LookedInto } from '../look.ts'

const kinds: Readonly<Record<LookedInto['holds'][number]['kind'], readonly [one: string, many: string]>> = {
  image: ['image', 'images'],
  chart: ['chart', 'charts'],
  file: ['file', 'files'],
  folder: ['folder', 'folders'],
  package: ['package', 'packages'],
  bundle: ['bundle', 'bundles'],
  artifact: ['artifact', 'artifacts'],
}

const formats: Readonly<Record<string, string>> = {
  'oci-layout': 'An OCI layout',
  'cosign-save': 'An image saved by cosign',
  'docker-archive': 'A docker archive',
  'docker-oci-hybrid': 'A docker archive that is an OCI layout too',
  'docker-dir': 'A folder of skopeo',
  zarf: 'A Zarf package',
  'uds-bundle': 'A UDS bundle',
  haul: 'A haul of Hauler',
  imgpkg: 'An imgpkg bundle',
  'oc-mirror': 'An archive of oc-mirror',
  'helm-chart': 'A Helm chart',
  repository: 'A folder with evidence of single files',
  tar: 'A tar',
  folder: 'A folder',
  file: 'A file',
}

/** What a format is called in a sentence. */
export const formatWords = (format: string): string =>
  Object.hasOwn(formats, format) ? (formats[format] ?? format) : format

/** How many of each kind something holds, in words. */
export function holdsWords(holds: LookedInto['holds'], files: number): string {
  const parts = holds.map(({ kind, count }) => `${count} ${kinds[kind][count === 1 ? 0 : 1]}`)
  return [...parts, ...(files === 0 ? [] : [`${files} ${files === 1 ? 'file' : 'files'}`])].join(', ')
}

function vouchedSentence(signed: readonly string[]): string {
  if (signed.length === 0) return 'Nobody whom this desk knows vouches for any of them.'
  return `Vouched for: ${signed.join('; ')}.`
}

/** What was found in an archive, in sentences: what it holds, who signed it, what it names and does not carry. */
export function lookedIntoSentences(looked: LookedInto): string[] {
  const { format, holds, files, signed, missing, missingCount, outcome } = looked
  const parts = holdsWords(holds, files)
  const more = missingCount > missing.length ? ` and ${missingCount - missing.length} more` : ''
  return [
    `${formatWords(format)}${parts === '' ? '' : ` with ${parts}`}.`,
    format === 'repository'
      ? vouchedSentence(signed)
      : signed.length === 0
        ? outcome === 'not-checked'
          ? 'Not checked: nobody whom this desk knows vouches for it as a whole.'
          : 'Whole by its own sums; nobody was asked who made it.'
        : `Signed by ${signed.join('; ')}.`,
    ...(missing.length === 0 ? [] : [`It names what it does not carry: ${missing.join(', ')}${more}.`]),
  ]
}
