import type { Service, Services } from './signing-config.ts'

const operator = 'sigstore.dev'
const service = (url: string): Service => ({ url: new URL(url), version: 1, operator })

/**
 * The services of the public Sigstore instance whose addresses do not change from year to year. Only the official
 * client protocol uses them, and only when no signing configuration is named.
 */
export const publicServices: Services & { readonly authority: Service } = {
  authority: service('https://fulcio.sigstore.dev'),
  logs: [service('https://rekor.sigstore.dev')],
  timestamps: [service('https://timestamp.sigstore.dev/api/v1/timestamp')],
}
