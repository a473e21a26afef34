import { dialog, type BrowserWindow, type FileFilter } from 'electron'
import type { Choice, Purpose } from '../../shared/calls/place.ts'
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

/** First suggestions for a name of what is saved. */
const names: Readonly<Partial<Record<Purpose, string>>> = {
  card: 'desk-card.json',
  export: 'export',
  key: 'person.key',
  report: 'report',
  label: 'labels',
  custody: 'custody',
  lock: 'images-lock.json',
}

const folders: readonly Purpose[] = ['desk', 'folder', 'layout', 'medium']

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
  if (purpose === 'report' || purpose === 'label' || purpose === 'custody') {
    const extension = format ?? 'pdf'
    const filters = [{ name: extension.toUpperCase(), extensions: [extension] }]
    return { kind: 'save', title, filters, name: `${names[purpose] ?? purpose}.${extension}` }
  }
  if (folders.includes(purpose) && format !== 'tar') return { kind: 'folder', title, filters: [], name: '' }
  if (intent === 'save') return { kind: 'save', title, filters: [], name: names[purpose] ?? '' }
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
