import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** How many faults of one kind were put in, and what came of them. */
export interface KindCount {
  readonly kind: string
  readonly injected: number
  /** Refused by a failure's code or a check. */
  readonly refused: number
  /** Went by: slow, or in pieces. */
  readonly passed: number
  /** All that was sent crossed afterwards, byte for byte. */
  readonly crossed: number
}

/** Where each test file leaves its figures. */
export const faultsFolder = join('test-results', 'media-faults')

const none = { injected: 0, refused: 0, passed: 0, crossed: 0 }

/** Counts the faults of one test file: each when it is put in, and again once it was survived. */
export class Tally {
  private readonly name: string
  private readonly counts = new Map<string, KindCount>()

  constructor(name: string) {
    this.name = name
  }

  private add(kind: string, one: Partial<typeof none>): void {
    const before = this.counts.get(kind) ?? { kind, ...none }
    this.counts.set(kind, sum(kind, [before, { kind, ...none, ...one }]))
  }

  put(kind: string): void {
    this.add(kind, { injected: 1 })
  }

  /** @param came whether it was refused, or went by; all that was sent crossed afterwards */
  survived(kind: string, came: 'refused' | 'passed'): void {
    this.add(kind, { [came]: 1, crossed: 1 })
  }

  /** Leaves the figures for the print of all, and prints those of this file. */
  end(): void {
    const all = [...this.counts.values()]
    mkdirSync(faultsFolder, { recursive: true })
    writeFileSync(join(faultsFolder, `${this.name}.json`), JSON.stringify(all))
    console.log(tableOf(this.name, all))
  }
}

/** The figures of every file that ran since they were cleared, by kind. */
export function allFaults(): readonly KindCount[] {
  const byKind = new Map<string, KindCount>()
  for (const file of readdirSync(faultsFolder)) {
    for (const one of JSON.parse(readFileSync(join(faultsFolder, file), 'utf8')) as KindCount[])
      byKind.set(one.kind, sum(one.kind, [one, byKind.get(one.kind) ?? { kind: one.kind, ...none }]))
  }
  return [...byKind.values()]
}

function sum(kind: string, all: readonly KindCount[]): KindCount {
  const add = (of: (one: KindCount) => number): number => all.reduce((total, one) => total + of(one), 0)
  return {
    kind,
    injected: add((one) => one.injected),
    refused: add((one) => one.refused),
    passed: add((one) => one.passed),
    crossed: add((one) => one.crossed),
  }
}

/** The figures as a table, the most frequent kind first. */
export function tableOf(title: string, all: readonly KindCount[]): string {
  const row = ({ kind, injected, refused, passed, crossed }: KindCount): string =>
    [kind.padEnd(44), ...[injected, refused, passed, crossed].map((n) => String(n).padStart(9))].join('')
  const head = ['injected', 'refused', 'went by', 'crossed'].map((word) => word.padStart(9)).join('')
  const sorted = [...all].sort((a, b) => b.injected - a.injected || (a.kind < b.kind ? -1 : 1))
  return [`${title.padEnd(44)}${head}`, ...sorted.map(row), row(sum('all', all))].join('\n')
}
