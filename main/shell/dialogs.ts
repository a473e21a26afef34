import { dialog, type BrowserWindow, type FileFilter } from 'electron'
import type { Choice, Purpose } from '../../shared/calls/place.ts'
import { fileStem, isFileTitle } from '../../shared/names.ts'
import { sheetKinds } from '../../shared/calls/sheet.ts'
import { shellWords } from '../../shared/text/shell.ts'

/** Which dialog asks for a place: an existing file or folder, or a name for what does not exist yet. */
export interface Question {
  readonly kind: 'file' | 'folder' | 'save'
  readonly title: string
  readonly filters: readonly FileFilter[]
  /** A first suggestion for a name; '' for none. */
  readonly name: string
}

const extensions: Readonly<Partial<Record<Purpose, readonly string[]>>> = {
  request: ['yaml', 'yml'],
  policy: ['yaml', 'yml', 'json'],
  ca: ['pem', 'crt'],
  card: ['json'],
  'trusted-root': ['json'],
  services: ['json'],
}

/** Purposes of papers: what is saved in several formats, each of its own ending. */
const papers: readonly Purpose[] = ['report', ...sheetKinds]

/** First suggestions for a name of what is saved; of a paper without its ending. */
const names: Readonly<Partial<Record<Purpose, string>>> = {
  card: 'desk-card.json',
  export: 'export',
  key: 'person.key',
  report: 'report',
  label: 'labels',
  custody: 'custody',
  'key-card': 'key-card',
  'desk-card': 'desk-card',
  'landing-card': 'landing-card',
  refused: 'refused-medium',
  certificate: 'certificate',
  statistics: 'statistics',
  lock: 'images-lock.json',
  landing: 'landing',
}

/** The same where it is known what the file is of: what follows its name. */
const endings: Readonly<Partial<Record<Purpose, string>>> = {
  card: '-card.json',
  export: '',
  key: '.key',
  report: '',
  'key-card': '-key-card',
  'desk-card': '-desk-card',
  'landing-card': '-landing-card',
  certificate: '-certificate',
  statistics: '-statistics',
}

/** The same of a purpose by which files of several kinds are saved. */
const formatNames: Readonly<Partial<Record<string, string>>> = {
  'landing pub': 'landing.pub',
  'landing json': 'admit.list.json',
}

// A page says what a file is of; letters, digits and dashes are left of that, and the ending is ours.
function suggested({ purpose, name = '' }: Choice, extension: string): string {
  const stem = fileStem(name)
  const ending = endings[purpose]
  const plain = `${names[purpose] ?? ''}${extension}`
  if (stem === '' || ending === undefined) return plain
  const made = `${stem}${ending}${extension}`
  return isFileTitle(made) ? made : plain
}

const folders: readonly Purpose[] = [
  'desk',
  'folder',
  'layout',
  'content-folder',
  'look-folder',
  'medium',
  'certs',
]

function titleOf({ purpose, intent, format }: Choice): string {
  const titles: { readonly open?: string; readonly save?: string } & Readonly<
    Partial<Record<string, string>>
  > = shellWords.titles[purpose]
  const title = format === undefined ? undefined : titles[format]
  return (title ?? titles[intent] ?? shellWords.choose).replace('{format}', (format ?? 'pdf').toUpperCase())
}

/** What to ask: by what a place is for and what is meant with it, never by words. */
export function questionFor(choice: Choice): Question {
  const { purpose, intent, format } = choice
  const title = titleOf(choice)
  if (papers.includes(purpose)) {
    const extension = format ?? 'pdf'
    const filters = [{ name: extension.toUpperCase(), extensions: [extension] }]
    return { kind: 'save', title, filters, name: suggested(choice, `.${extension}`) }
  }
  if (folders.includes(purpose) && format !== 'tar') return { kind: 'folder', title, filters: [], name: '' }
  const extension = format === 'tar' ? '.tar' : ''
  if (intent === 'save') {
    const name = formatNames[`${purpose} ${format ?? ''}`] ?? suggested(choice, extension)
    return { kind: 'save', title, filters: [], name }
  }
  const known = extensions[purpose]
  const filters = known === undefined ? [] : [{ name: title, extensions: [...known] }]
  return { kind: 'file', title, filters, name: '' }
}

async function ask(window: BrowserWindow, { kind, title, filters, name }: Question): Promise<string | null> {
  if (kind === 'save') {
    const { canceled, filePath } = await dialog.showSaveDialog(window, {
      title,
      filters: [...filters],
      defaultPath: name,
      properties: ['createDirectory'],
    })
    // Older Electrons leave the path out when the dialog was cancelled.
    return canceled || (filePath as string | undefined) === undefined || filePath === '' ? null : filePath
  }
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title,
    filters: [...filters],
    properties: [kind === 'folder' ? 'openDirectory' : 'openFile', 'createDirectory', 'showHiddenFiles'],
  })
  return canceled ? null : (filePaths[0] ?? null)
}

/** The `choose` port of a session: the system's own dialogs, over the window that `owner` gives. */
export function choosing(owner: () => BrowserWindow | null): (choice: Choice) => Promise<string | null> {
  let asking = false
  return async (choice) => {
    const window = owner()
    // One question at a time: whoever asks more gets no answer.
    if (window === null || asking) return null
    asking = true
    try {
      return await ask(window, questionFor(choice))
    } finally {
      asking = false
    }
  }
}
