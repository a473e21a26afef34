import type { BrowserWindow } from 'electron'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { purposes, saved } from '../../../shared/calls/place.ts'
import { shellWords } from '../../../shared/text/shell.ts'
import type { PrintMarks } from '../../../main/desk/work/context.ts'
import type { Session } from '../../../main/desk/session.ts'

interface Recorded {
  open: { canceled: boolean; filePaths: string[] }
  save: { canceled: boolean; filePath: string | undefined }
  response: number
  shown: string[]
  quits: number
}
const recorded = vi.hoisted((): Recorded => ({
  open: { canceled: false, filePaths: ['/a'] },
  save: { canceled: false, filePath: '/b' },
  response: 0,
  shown: [],
  quits: 0,
}))
vi.mock('electron', () => ({
  app: { quit: () => (recorded.quits += 1) },
  dialog: {
    showOpenDialog: async () => {
      recorded.shown.push('open')
      return recorded.open
    },
    showSaveDialog: async () => {
      recorded.shown.push('save')
      return recorded.save
    },
    showMessageBox: async () => {
      recorded.shown.push('message')
      return { response: recorded.response }
    },
  },
  session: {},
  BrowserWindow: null,
}))

const { choosing, questionFor } = await import('../../../main/shell/dialogs.ts')
const { closeWithCare } = await import('../../../main/shell/closing.ts')
const { bands } = await import('../../../main/shell/print.ts')

beforeEach(() => {
  recorded.shown.length = 0
  recorded.quits = 0
})

describe('the dialog for a place', () => {
  it.each([
    [{ purpose: 'desk', intent: 'open' }, 'folder', '', 'Open a desk: choose its folder'],
    [{ purpose: 'desk', intent: 'save' }, 'folder', '', 'New desk: choose an empty folder'],
    [{ purpose: 'medium', intent: 'open' }, 'folder', '', 'Choose the medium, or the bundle’s folder on it'],
    [{ purpose: 'medium', intent: 'save' }, 'folder', '', 'Choose the medium to write to'],
    [
      { purpose: 'medium', intent: 'open', format: 'tar' },
      'file',
      '',
      'Choose a bundle tar (bundle.tar or its first part)',
    ],
    [{ purpose: 'key', intent: 'open' }, 'file', '', 'Choose your key file'],
    [{ purpose: 'key', intent: 'open', format: 'pub' }, 'file', '', 'Choose a public key (.pub)'],
    [{ purpose: 'key', intent: 'save' }, 'save', 'person.key', 'New key file: choose where it is kept'],
    [{ purpose: 'card', intent: 'open' }, 'file', '', 'Choose the card of the other desk (desk.json)'],
    [{ purpose: 'card', intent: 'save' }, 'save', 'desk-card.json', 'Save the card of this desk'],
    [{ purpose: 'export', intent: 'save' }, 'save', 'export', 'New folder for the exported content'],
    [
      { purpose: 'export', intent: 'save', format: 'tar' },
      'save',
      'export.tar',
      'New file for the exported content',
    ],
    [
      { purpose: 'export', intent: 'save', format: 'tar', name: 'payments-2026-11' },
      'save',
      'payments-2026-11.tar',
      'New file for the exported content',
    ],
    [{ purpose: 'report', intent: 'save' }, 'save', 'report.pdf', 'Save the report as PDF'],
    [{ purpose: 'report', intent: 'save', format: 'json' }, 'save', 'report.json', 'Save the report as JSON'],
    [{ purpose: 'report', intent: 'save', format: 'csv' }, 'save', 'report.csv', 'Save the report as CSV'],
    [{ purpose: 'label', intent: 'save', format: 'pdf' }, 'save', 'labels.pdf', 'Save the labels as PDF'],
    [
      { purpose: 'custody', intent: 'save', format: 'html' },
      'save',
      'custody.html',
      'Save the custody sheet as HTML',
    ],
    [{ purpose: 'key-card', intent: 'save' }, 'save', 'key-card.pdf', 'Save the key card as PDF'],
    [
      { purpose: 'desk-card', intent: 'save', format: 'pdf' },
      'save',
      'desk-card.pdf',
      'Save the desk card to print as PDF',
    ],
    [
      { purpose: 'landing', intent: 'save' },
      'save',
      'landing',
      'New folder for files that go to the far side',
    ],
    [
      { purpose: 'landing', intent: 'save', format: 'pub' },
      'save',
      'landing.pub',
      'Save the public half of the landing key',
    ],
    [
      { purpose: 'landing', intent: 'save', format: 'json' },
      'save',
      'admit.list.json',
      'Save the signed list of what this site admits',
    ],
    [{ purpose: 'request', intent: 'open' }, 'file', '', 'Open a request file'],
    [{ purpose: 'policy', intent: 'open' }, 'file', '', 'Choose a policy file'],
  ] as const)('%j asks for a %s', (choice, kind, name, title) =>
    expect(questionFor(choice)).toMatchObject({ kind, name, title }),
  )

  it.each([
    ['key-card', 'Carol Diaz', 'carol-diaz-key-card.pdf'],
    ['desk-card', 'Hill-1', 'hill-1-desk-card.pdf'],
    ['landing-card', 'Delta-2', 'delta-2-landing-card.pdf'],
    ['card', 'Hill-1', 'hill-1-card.json'],
    ['key', 'carol', 'carol.key'],
    ['report', 'payments-2026-11', 'payments-2026-11.pdf'],
    // What tells nothing of the contents keeps telling nothing.
    ['label', 'payments-2026-11', 'labels.pdf'],
    ['custody', 'payments-2026-11', 'custody.pdf'],
    ['report', '../../etc/passwd', 'etc-passwd.pdf'],
    ['report', 'a\u202efdp.exe', 'a-fdp.exe.pdf'],
    ['report', 'con', 'report.pdf'],
    ['report', ' . ', 'report.pdf'],
    ['key', '', 'person.key'],
    ['key-card', 'X'.repeat(500), `${'x'.repeat(48)}-key-card.pdf`],
  ] as const)('a file to save of purpose %s, of “%s”, is first called %s', (purpose, of, name) =>
    expect(questionFor({ purpose, intent: 'save', name: of })).toMatchObject({ kind: 'save', name }),
  )

  it('takes no name over where something is opened', () =>
    expect(questionFor({ purpose: 'card', intent: 'open', name: 'x' })).toMatchObject({ name: '' }))

  it('has words for every purpose', () => {
    for (const purpose of purposes) {
      const titles: object = shellWords.titles[purpose]
      expect(
        Object.keys(titles).some((key) => key === 'open' || key === 'save'),
        purpose,
      ).toBe(true)
      expect('save' in titles, purpose).toBe(saved.includes(purpose))
    }
  })

  it('gives what was chosen, and nothing when it was cancelled', async () => {
    const window: unknown = {}
    const choose = choosing(() => window as BrowserWindow)
    expect(await choose({ purpose: 'desk', intent: 'open' })).toBe('/a')
    expect(await choose({ purpose: 'export', intent: 'save' })).toBe('/b')
    recorded.open = { canceled: true, filePaths: [] }
    recorded.save = { canceled: true, filePath: undefined }
    expect(await choose({ purpose: 'desk', intent: 'open' })).toBeNull()
    expect(await choose({ purpose: 'export', intent: 'save' })).toBeNull()
    recorded.save = { canceled: false, filePath: '' }
    expect(await choose({ purpose: 'export', intent: 'save' })).toBeNull()
  })

  it('asks nobody without a window', async () => {
    expect(await choosing(() => null)({ purpose: 'desk', intent: 'open' })).toBeNull()
    expect(recorded.shown).toEqual([])
  })
})

describe('closing the window', () => {
  const job = (state: string) => ({
    ...{ id: '1', kind: 'verify', state, consignment: null, step: 'blobs', steps: ['blobs'] },
    ...{ done: 1, total: 2, rate: 1, left: 1, items: [], itemCount: 0, itemsDone: 0 },
  })

  async function close(jobs: readonly unknown[], response: number) {
    recorded.response = response
    let asked: (event: { preventDefault(): void }) => void = () => undefined
    const done: string[] = []
    const window = {
      on: (_name: string, act: typeof asked) => (asked = act),
      isDestroyed: () => false,
      destroy: () => done.push('destroyed'),
    }
    const session = { call: async () => ({ jobs }), close: async () => void done.push('closed') }
    closeWithCare(window as unknown as BrowserWindow, session as unknown as Session)
    const preventDefault = vi.fn()
    asked({ preventDefault })
    asked({ preventDefault })
    await new Promise((later) => setImmediate(later))
    expect(preventDefault).toHaveBeenCalledTimes(2)
    return { done, asked: recorded.shown.length, quits: recorded.quits }
  }

  it('frees the desk first, and asks nothing when nothing is under way', async () =>
    expect(await close([job('done'), job('cancelled')], 0)).toEqual({
      done: ['closed', 'destroyed'],
      asked: 0,
      quits: 1,
    }))

  it('asks once while work is under way, and stays', async () =>
    expect(await close([job('running')], 0)).toEqual({ done: [], asked: 1, quits: 0 }))

  it('stops the work when that is what the person says', async () =>
    expect(await close([job('running')], 1)).toEqual({ done: ['closed', 'destroyed'], asked: 1, quits: 1 }))
})

describe('the bands of a printed page', () => {
  const marks: PrintMarks = {
    marking: 'SECRET <b>"&',
    name: '<script>x</script>',
    record: 'sha256:00',
    ledger: '7 abc',
    paper: 'a4',
  }

  it('carry marking, name, record, ledger and page, and nothing as HTML', () => {
    const { header, footer } = bands(marks)
    expect(header).toContain('SECRET &lt;b&gt;&quot;&amp;')
    expect(header).toContain('&lt;script&gt;')
    expect(footer).toContain('SECRET &lt;b&gt;&quot;&amp;')
    expect(footer).toContain('sha256:00')
    expect(footer).toContain('7 abc')
    expect(footer).toMatch(/pageNumber.*totalPages/)
  })
})
