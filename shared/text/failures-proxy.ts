/** Failures of a proxy that a person has set, on the way to a host. */
export const proxyFailures = {
  'proxy-form': {
    happened: 'The proxy in {source} cannot be used: {found}. Expected: {expected}.',
    safe: 'No connection was opened. It is not repeated here, because a password may stand in it.',
    next: 'Correct it, or take it away to go out without a proxy.',
  },
  'proxy-unreachable': {
    happened: 'The proxy {proxy} cannot be reached: {found}.',
    safe: 'Nothing was sent to {host}. No other way was tried.',
    next: 'Check the proxy’s address ([--proxy, |]HTTPS_PROXY or ALL_PROXY); name in NO_PROXY what needs none.',
  },
  'proxy-auth': {
    happened: 'The proxy {proxy} wants to know who you are: {found}.',
    safe: 'Nothing was sent to {host}. No credential of a registry was sent to the proxy.',
    next: 'Give its user:password [in a file with --proxy-auth-file, or |]in the proxy’s address.',
  },
  'proxy-refused': {
    happened: 'The proxy {proxy} refuses the way to {host}: {found}.',
    safe: 'Nothing was sent to {host}. No other way was tried.',
    next: 'Ask those who run the proxy to allow {host}, or name it in NO_PROXY if it needs none.',
  },
  'proxy-no-way': {
    happened: 'The proxy {proxy} does not reach {host}: {found}.',
    safe: 'Nothing was sent to {host}. No other way was tried.',
    next: 'Check the name of the host. If it stays, ask those who run the proxy.',
  },
  'proxy-answer': {
    happened: 'What answers as the proxy {proxy} does not speak as one: {found}.',
    safe: 'Nothing was sent to {host}. No credential of a registry was sent to the proxy.',
    next: 'Check the proxy’s kind and port: http://, https:// or socks5://.',
  },
} as const
