import { isWeb } from '../../shared/names.ts'
import { Failure } from '../platform/failure.ts'
import { spelledHost } from './reference.ts'

/** An address of the web as a reference, and what is meant there. */
export interface WebReference {
  /** Without the mark. */
  readonly url: URL
  /** `charts.example/stable/app`: the host in its one spelling, and the path. */
  readonly name: string
  /** What stands behind the last colon: a version, a revision. */
  readonly mark: string | null
}

/** @throws Failure `reference-form` */
export function parseWeb(text: string): WebReference {
  const [, address = '', mark] = /^(https?:\/\/[^/]+\/.*?)(?::([A-Za-z0-9._+-]+))?$/.exec(text) ?? []
  if (!isWeb(text) || address === '') {
    const expected = 'https://host/path, without a log-in, a query or a fragment'
    throw new Failure('reference-form', { found: text, expected })
  }
  const url = new URL(address)
  const host = spelledHost(url.host, text)
  const path = url.pathname.split('/').filter((step) => step !== '')
  return { url, name: [host.replace(/:443$/, ''), ...path].join('/'), mark: mark ?? null }
}
