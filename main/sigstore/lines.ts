const newLine = 0x0a

/** The lines of JSON Lines that hold something: `gh`, in-toto and others write one document on each. */
export function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let start = 0; start < bytes.length;) {
    const at = bytes.indexOf(newLine, start)
    const end = at < 0 ? bytes.length : at
    const line = bytes.subarray(start, end)
    if (line.some((byte) => byte > 0x20)) lines.push(line)
    start = end + 1
  }
  return lines
}
