import type { CheckList } from '../check.ts'

/** Whether the desk that reads is sealed; until then every verdict says that it is not. */
export function checkFounding(founding: boolean, list: CheckList): void {
  if (!founding) {
    list.pass('desk.founding', 'this desk', 'a sealed desk')
    return
  }
  const about = { subject: 'this desk', expected: 'a sealed desk', found: 'founding', reason: 'founding' }
  list.add('desk.founding', 'warn', about)
}
