import { dialog, type BrowserWindow, type FileFilter } from 'electron'
import type { Purpose } from '../../shared/calls/place.ts'
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

function reportFormat(title: string): string {
  return (/\b(pdf|html|json|csv)\b/i.exec(title)?.[1] ?? 'pdf').toLowerCase()
}

function reportName(title: string): string {
  return (/\b(labels|custody)\b/i.exec(title)?.[1] ?? 'report').toLowerCase()
}

/** What to ask. A title that begins with making something (“New …”, “Save …”) asks for a name, not for a file. */
export function questionFor(purpose: Purpose, title: string = shellWords.titles[purpose]): Question {
  const making = /^(new|make|create|save|name)\b/i.test(title)
  if (purpose === 'report') {
    const format = reportFormat(title)
    const filters = [{ name: format.toUpperCase(), extensions: [format] }]
    return { kind: 'save', title, filters, name: `${reportName(title)}.${format}` }
  }
  if (purpose === 'card' && making) return { kind: 'save', title, filters: [], name: 'desk-card.json' }
  if (purpose === 'export') return { kind: 'save', title, filters: [], name: 'export' }
  if (purpose === 'key' && making) return { kind: 'save', title, filters: [], name: 'person.key' }
  if (purpose === 'medium')
    return { kind: /\.tar\b/i.test(title) ? 'file' : 'folder', title, filters: [], name: '' }
  if (purpose === 'desk' || purpose === 'folder' || purpose === 'layout')
    return { kind: 'folder', title, filters: [], name: '' }
  const known = extensions[purpose]
  const filters = known === undefined ? [] : [{ name: title, extensions: [...known] }]
  return { kind: 'file', title, filters, name: '' }
}

/** The `choose` port of a session: the system's own dialogs, over the window that `owner` gives. */
export function choosing(
  owner: () => BrowserWindow | null,
): (purpose: Purpose, title?: string) => Promise<string | null> {
  return async (purpose, asked) => {
    const { kind, title, filters, name } = questionFor(purpose, asked)
    const window = owner()
    if (window === null) return null
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
}
