import decodeQR from 'qr/decode.js'

/** Pixels along an edge of a module: as a camera would see it, if a very good one. */
const scale = 4

function drawn(svg: string): { readonly width: number; readonly height: number; readonly data: Uint8Array } {
  const size = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1])
  const width = size * scale
  const data = new Uint8Array(width * width * 4).fill(255)
  const path = /<path [^>]*\bd="([^"]*)"/.exec(svg)?.[1] ?? ''
  const pieces = [...path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)]
  if (pieces.map(([whole]) => whole).join('') !== path) throw new Error('the code is drawn in some other way')
  for (const [, left, top, length] of pieces)
    for (let y = Number(top) * scale; y < (Number(top) + 1) * scale; y += 1)
      for (let x = Number(left) * scale; x < (Number(left) + Number(length)) * scale; x += 1) {
        const at = (y * width + x) * 4
        data.fill(0, at, at + 3)
      }
  return { width, height: width, data }
}

/** What the QR codes of a page say, read by a decoder that is no part of what drew them. */
export function qrTextsIn(page: string): string[] {
  return (page.match(/<svg\b[^]*?<\/svg>/g) ?? []).map((svg) => decodeQR(drawn(svg)))
}
