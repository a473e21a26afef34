/** Switches that change only how the window is drawn. Every other one is refused. */
const harmless = [
  'disable-gpu',
  'force-device-scale-factor',
  'high-dpi-support',
  'lang',
  'ozone-platform',
  'ozone-platform-hint',
]
/** What a driver of tests gives. It works only where the fuse of the build lets Node be inspected. */
const driving = ['inspect', 'remote-debugging-port']

export type Start =
  { readonly desk: string | null; readonly refused: null } | { readonly refused: string; readonly desk: null }

/**
 * Reads how the app was started: at most one folder of a desk, and no switch that could open the app to others
 * (`--remote-debugging-port`, `--no-sandbox` and the like).
 *
 * @param words what follows the program
 * @param driven whether this process is inspected already, which only the fuse of a test build allows
 */
export function readStart(words: readonly string[], driven: boolean): Start {
  const allowed = driven ? [...harmless, ...driving] : harmless
  const places: string[] = []
  for (const word of words) {
    if (!word.startsWith('-')) places.push(word)
    else if (!allowed.includes(word.replace(/^--/, '').replace(/=.*$/s, ''))) {
      return { desk: null, refused: word.slice(0, 100) }
    }
  }
  const [desk, second] = places
  if (second !== undefined) return { desk: null, refused: second.slice(0, 100) }
  return { desk: desk ?? null, refused: null }
}
