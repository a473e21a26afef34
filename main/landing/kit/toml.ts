/** What stands in a table. */
export type TomlValue = string | boolean | number | readonly string[]

/** One table: `[name]`, or `[[name]]` of a list of tables; without a name what stands before the first. */
export interface TomlTable {
  readonly name: readonly string[]
  readonly list?: boolean
  readonly values: { readonly [name: string]: TomlValue }
}

// A basic string of TOML 1.0: quotes, backslashes and everything that is not printable ASCII as escapes.
const quoted = (text: string): string =>
  `"${text.replace(/["\\]|[^\x20-\x7e]/gu, (sign) => {
    if (sign === '"' || sign === '\\') return `\\${sign}`
    const code = sign.codePointAt(0) ?? 0
    return code > 0xffff
      ? `\\U${code.toString(16).padStart(8, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`
  })}"`

const key = (name: string): string => (/^[A-Za-z0-9_-]+$/.test(name) ? name : quoted(name))

const value = (one: TomlValue): string => {
  if (typeof one === 'string') return quoted(one)
  return typeof one === 'object' ? `[${one.map(quoted).join(', ')}]` : String(one)
}

/**
 * A TOML file.
 *
 * @param words comments above it, fixed texts of ours: nothing from outside
 */
export function toml(tables: readonly TomlTable[], words: readonly string[] = []): Buffer {
  const head = words.map((line) => `# ${line}\n`).join('')
  const body = tables.map(({ name, list = false, values }) => {
    const path = name.map(key).join('.')
    const title = path === '' ? '' : list ? `[[${path}]]\n` : `[${path}]\n`
    return `${title}${Object.entries(values)
      .map(([of, one]) => `${key(of)} = ${value(one)}\n`)
      .join('')}`
  })
  return Buffer.from([head, ...body].filter((part) => part !== '').join('\n'))
}
