/** Scripts run on Node 24; the types are those of the oldest runtime that the product runs on. */
interface ImportMeta {
  readonly dirname: string
}
