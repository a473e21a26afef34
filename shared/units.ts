const units = ['bytes', 'kB', 'MB', 'GB', 'TB']

/** A size for people, with its unit: decimal, one place. */
export function size(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return unit === 0 ? `${bytes} bytes` : `${value.toFixed(1)} ${units[unit] ?? ''}`
}
