import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Lays a program that holds credentials into a folder, as `docker-credential-NAME`: a script that answers `get` about an
 * address from a list, says which it was asked in `asked` beside it, and its variables in `variables`.
 *
 * @returns the folder, for the PATH
 */
export async function layProgram(
  folder: string,
  name: string,
  known: Readonly<Record<string, { readonly username: string; readonly secret: string }>>,
  instead = '',
): Promise<string> {
  await mkdir(folder, { recursive: true })
  const cases = Object.entries(known).map(([address, { username, secret }]) => {
    const answer = JSON.stringify({ ServerURL: address, Username: username, Secret: secret })
    return `${JSON.stringify(address)}) printf '%s' '${answer}' ;;`
  })
  const lines = [
    '#!/bin/sh',
    'here=$(dirname "$0")',
    '[ "$1" = get ] || exit 9',
    'read -r address || [ -n "$address" ] || exit 8',
    `echo "${name} $address" >> "$here/asked"`,
    'env > "$here/variables"',
    instead,
    'case "$address" in',
    ...cases,
    '*) echo "credentials not found in native keychain"; exit 1 ;;',
    'esac',
    '',
  ]
  const path = join(folder, `docker-credential-${name}`)
  await writeFile(path, lines.join('\n'))
  await chmod(path, 0o755)
  return folder
}
