/** The words of TLS for a host that cannot prove who it is. */
export const untrusted =
  /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY|DECRYPT)|HOSTNAME_MISMATCH)/

/** Whether an error means that somebody answers, but in no TLS. */
export function speaksNoTls(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code = '' } = error as NodeJS.ErrnoException
  const said = `${code} ${error.message}`.replace(/ /g, '_')
  return /wrong_version_number|http_request|packet_length_too_long/i.test(said)
}
