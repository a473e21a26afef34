/** The words of TLS for a host that cannot prove who it is. */
export const untrusted =
  /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY|DECRYPT)|HOSTNAME_MISMATCH)/

/**
 * Whether an error is an alert of TLS by which a host says that it wants a certificate of ours, or does not take the one that
 * it got (RFC 8446, 6.2). A bare handshake failure, as hosts of TLS 1.2 may say instead, can mean much else.
 */
export function wantsCertificate(error: unknown): boolean {
  const said = wordsOf(error)
  return /alert_(certificate_(required|revoked|expired|unknown)|bad_certificate|no_certificate|unknown_ca)/i.test(
    said,
  )
}

/** Whether an error means that somebody answers, but in no TLS. */
export function speaksNoTls(error: unknown): boolean {
  return /wrong_version_number|http_request|packet_length_too_long/i.test(wordsOf(error))
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const { code = '' } = error as NodeJS.ErrnoException
  return `${code} ${error.message}`.replace(/ /g, '_')
}
