import { limits } from '../platform/limits.ts'
import type { GateAnswer } from '../platform/network.ts'

/** Something that a registry warns of, in its own words: one line of ASCII. */
export interface Warning {
  readonly host: string
  readonly text: string
}

const form = /(?:^|,)\s*299\s+\S+\s+"((?:[^"\\]|\\.)*)"/g

/**
 * What an answer warns of (OCI distribution-spec 1.1, “Warnings”; RFC 7234, 5.5): texts for people, of code 299 alone. They
 * are never understood by us, only told.
 */
export function warningsIn({ headers }: Pick<GateAnswer, 'headers'>): string[] {
  const header = [headers['warning']].flat().join(', ').slice(0, limits.warningHeaderSigns)
  return [...header.matchAll(form)].flatMap(([, quoted = '']) => {
    const text = quoted.replace(/\\(.)/g, '$1').replace(/[^\x20-\x7e]/g, '?')
    return text.trim() === '' ? [] : [text.trim().slice(0, limits.warningSigns)]
  })
}

/** What registries warned of while something was done, each thing once, and so many of each registry. */
export class Warnings {
  private readonly told = new Map<string, Set<string>>()

  add({ host, text }: Warning): void {
    const known = this.told.get(host) ?? new Set()
    this.told.set(host, known)
    if (known.size < limits.warningsTold) known.add(text)
    else if (!known.has(text)) known.add(`and more than the ${limits.warningsTold} that are told`)
  }

  get all(): Warning[] {
    return [...this.told].flatMap(([host, texts]) => [...texts].map((text) => ({ host, text })))
  }
}

/** A warning as it is told to people. */
export function warningSentence({ host, text }: Warning): string {
  return `The registry ${host} warns: “${text}”.`
}
