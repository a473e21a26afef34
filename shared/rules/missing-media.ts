/** Which media of a bundle on `of` are not among those that are here, by their numbers. */
export function missingMedia(of: number, here: readonly number[]): number[] {
  return Array.from({ length: of }, (_, i) => i + 1).filter((number) => !here.includes(number))
}
