import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where this account keeps what belongs to it and not to a desk, on each system by its own custom. */
export function accountFolder(): string {
  const home = homedir()
  if (process.platform === 'win32') return join(home, 'AppData', 'Local', 'Sallyport')
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support', 'Sallyport')
  return join(home, '.local', 'share', 'sallyport')
}
