import { partName, partsOf, type Part } from './parts.ts'

/** What one medium of a bundle holds: its parts, in order. Media count from 1 in the order of the list. */
export interface MediumParts {
  readonly parts: readonly Part[]
}

/** Slices of a tar begin at a block, so that no header is cut. */
const block = 512

/**
 * How a tar is laid on media that each take `room` bytes of it: one after the other, each but the last full, its parts
 * numbered on from one medium to the next. Where one medium takes all, its parts are those of a bundle on one medium.
 *
 * @param largest the largest file that the media take; `null` where there is no such limit
 */
export function mediaOf(size: number, room: number, largest: number | null): readonly MediumParts[] {
  if (size <= room) return [{ parts: partsOf(size, largest) }]
  const step = Math.max(block, room - (room % block))
  const media: MediumParts[] = []
  let number = 0
  for (let offset = 0; offset < size; offset += step) {
    const held = Math.min(step, size - offset)
    const parts = partsOf(held, largest).map((part) => {
      number += 1
      return { name: partName(number), offset: offset + part.offset, size: part.size }
    })
    media.push({ parts })
  }
  return media
}

/** Bytes of a tar that a medium holds. */
export function heldBy({ parts }: MediumParts): number {
  return parts.reduce((sum, { size }) => sum + size, 0)
}

/** Whether two plans cut a tar in the same way. */
export function sameMedia(a: readonly MediumParts[], b: readonly MediumParts[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ parts }, i) => {
      const other = b[i]?.parts ?? []
      return (
        parts.length === other.length &&
        parts.every(
          ({ name, offset, size }, j) =>
            other[j]?.name === name && other[j].offset === offset && other[j].size === size,
        )
      )
    })
  )
}
