/** Everything that a list has, asked for page by page; a page that is empty ends it, whatever it says is there. */
export async function everyPage<One>(
  ask: (from: number) => Promise<{ readonly page: readonly One[]; readonly all: number }>,
): Promise<One[]> {
  const found: One[] = []
  for (;;) {
    const { page, all } = await ask(found.length)
    found.push(...page)
    if (page.length === 0 || found.length >= all) return found
  }
}
