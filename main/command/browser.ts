import { spawn } from 'node:child_process'
import { isLoopback } from '../platform/hop.ts'

const openers: Readonly<Record<string, readonly [string, ...string[]]>> = {
  linux: ['xdg-open'],
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}

/**
 * Shows an address in the system's browser: https, or http on this computer, as one word of a command line that no
 * shell reads. The address is printed as well, for a computer that has no browser.
 */
export function openBrowser(address: URL): void {
  const safe = address.protocol === 'https:' || (address.protocol === 'http:' && isLoopback(address.host))
  const opener = openers[process.platform]
  if (!safe || opener === undefined) return
  const [program, ...words] = opener
  const child = spawn(program, [...words, address.href], { detached: true, stdio: 'ignore' })
  child.on('error', () => undefined)
  child.unref()
}
