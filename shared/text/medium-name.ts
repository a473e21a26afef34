/** Which medium it is: of a bundle on one its copy, else which of how many, and its copy. */
export function mediumName({
  number,
  of,
  copy,
}: {
  readonly number: number
  readonly of: number
  readonly copy: number
}): string {
  return of === 1 ? `Copy ${copy}` : `Medium ${number} of ${of}, copy ${copy}`
}
