import type { BrowserWindow } from 'electron'
import { beforeEach, describe, expect, it, vi } from 'vitest'
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
    ['desk', undefined, 'folder', ''],
    ['medium', undefined, 'folder', ''],
    ['medium', 'Choose the bundle.tar', 'file', ''],
    ['key', undefined, 'file', ''],
    ['key', 'New key file', 'save', 'person.key'],
    ['key', 'Save the key as', 'save', 'person.key'],
    ['export', undefined, 'save', 'export'],
    ['report', undefined, 'save', 'report.pdf'],
    ['report', 'Save the report as JSON', 'save', 'report.json'],
    ['report', 'Save the report as HTML', 'save', 'report.html'],
    ['report', 'Save the report as CSV', 'save', 'report.csv'],
    ['report', 'Save the labels as PDF', 'save', 'labels.pdf'],
    ['report', 'Save the custody sheet as HTML', 'save', 'custody.html'],
    ['request', undefined, 'file', ''],
    ['auth', undefined, 'file', ''],
    ['ca', undefined, 'file', ''],
    ['policy', undefined, 'file', ''],
  ] as const)('%s “%s” asks for a %s', (purpose, title, kind, name) =>
    expect(questionFor(purpose, title)).toMatchObject({ kind, name }),
  )

  it('gives what was chosen, and nothing when it was cancelled', async () => {
    const window: unknown = {}
    const choose = choosing(() => window as BrowserWindow)
    expect(await choose('desk')).toBe('/a')
    expect(await choose('export')).toBe('/b')
    recorded.open = { canceled: true, filePaths: [] }
    recorded.save = { canceled: true, filePath: undefined }
    expect(await choose('desk')).toBeNull()
    expect(await choose('export')).toBeNull()
    recorded.save = { canceled: false, filePath: '' }
    expect(await choose('export')).toBeNull()
  })

  it('asks nobody without a window', async () => {
    expect(await choosing(() => null)('desk')).toBeNull()
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
