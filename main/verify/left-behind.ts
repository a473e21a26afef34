/*
 * What systems put on a medium by themselves (bundle.md, "Parts and media"). A closed list: whatever is not in it was put
 * there by somebody. Nothing in it is ever opened.
 */

const left: readonly (readonly [name: RegExp, what: string])[] = [
  [/^\.DS_Store$/, 'macOS: how a folder was shown'],
  [/^\._.+$/, 'macOS: what it knows of a file'],
  [/^\.Trashes$/, 'macOS: its wastebasket'],
  [/^\.Spotlight-V100$/, 'macOS: its search index'],
  [/^\.fseventsd$/, 'macOS: its log of changes'],
  [/^\.TemporaryItems$/, 'macOS: unfinished copies'],
  [/^\.metadata_never_index$/, 'macOS: a mark that the search leaves it out'],
  [/^\.VolumeIcon\.icns$/, 'macOS: a picture of the volume'],
  [/^\.apdisk$/, 'macOS: a mark of shared volumes'],
  [/^System Volume Information$/, 'Windows: what it knows of the volume'],
  [/^\$RECYCLE\.BIN$/, 'Windows: its wastebasket'],
  [/^RECYCLER$/, 'Windows: its wastebasket, of old'],
  [/^desktop\.ini$/, 'Windows: how a folder was shown'],
  [/^Thumbs\.db$/, 'Windows: small pictures of files'],
  [/^FOUND\.000$/, 'Windows: pieces that its check of the disk found'],
  [/^LOST\.DIR$/, 'Android: pieces that its check of the disk found'],
  [/^lost\+found$/, 'Linux: pieces that its check of the disk found'],
  [/^\.Trash-.*$/, 'Linux: its wastebasket'],
]

/** Which system left a name behind, and what it is; `null` for what no system leaves. */
export function leftBehind(name: string): string | null {
  return left.find(([pattern]) => pattern.test(name))?.[1] ?? null
}

/**
 * The same inside a bundle's folder, where `._` counts only before a name that belongs there: what macOS knows of that file.
 *
 * @param listed the names that belong there
 */
export function leftInside(name: string, listed: ReadonlySet<string>): string | null {
  if (name.startsWith('._') && !listed.has(name.slice(2))) return null
  return leftBehind(name)
}

/** A name with what it is beside it. */
export const named = (name: string, what: string): string => `${name} (${what})`
