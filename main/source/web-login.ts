import { credentialFor, headerOf, type Credentials } from '../oci/credentials.ts'

/** What proves us to a host of the web, as it stands in a header; `null` where there is nothing that it takes. */
export interface WebLogin {
  readonly header: string | null
  /** In words, without a secret: what was sent, or why nothing was. */
  readonly said: string
}

/**
 * The log-in for an address of the web: of the host itself, or of the longest part of its path that the file names.
 *
 * @throws Failure `auth-form`, `auth-store`
 */
export function webLogin(credentials: Credentials, url: URL): WebLogin {
  const path = url.pathname.slice(1)
  const { credential, said } = credentialFor(credentials, url.host, path)
  if (credential === null) return { header: null, said }
  if ('identityToken' in credential)
    return {
      header: null,
      said: `none was sent to ${url.host}, because it takes a user and a password, and there is a token`,
    }
  return { header: headerOf(credential), said }
}
