import type { NamedImages } from '../../shared/request.ts'
import type { Finding } from '../../shared/waybill.ts'

/** An image that something names, with the files in which it is named. */
export interface NamedImage {
  readonly reference: string
  readonly where: readonly string[]
}

/** What an item names, and what is to become of it. */
export interface Naming {
  readonly images: readonly NamedImage[]
  readonly mode: NamedImages
  /** What was not found by reading, in words. */
  readonly unread: readonly Finding[]
}
