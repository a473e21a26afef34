import type { LaunchedApp } from './app.ts'
import type { TestPerson } from './desks.ts'

/** What people do in the window, of whichever app is open. */
export function byWindow(of: () => LaunchedApp) {
  const press = (name: string | RegExp): Promise<void> => of().page.getByRole('button', { name }).click()
  return {
    press,
    heading: (name: string | RegExp): Promise<void> =>
      of().page.getByRole('heading', { level: 1, name }).waitFor(),
    go: (place: string): Promise<void> =>
      of()
        .page.getByRole('navigation', { name: 'Places' })
        .getByRole('button', { name: new RegExp(`^${place}`) })
        .click(),
    /** Says who signs, with which key and passphrase. */
    signs: async (person: TestPerson | undefined): Promise<void> => {
      if (person === undefined) throw new Error('no such person')
      const { page, dialogs } = of()
      await page.getByRole('radio', { name: new RegExp(`^${person.name} `) }).check()
      await dialogs.next([person.key])
      await press('Choose your key file…')
      await page.getByText(person.key.split('/').at(-1) ?? '', { exact: true }).waitFor()
      await page.getByLabel('Passphrase of your key').fill('correct horse battery staple')
    },
    /** Whether a button is there and closed. */
    closed: (name: string): Promise<boolean> =>
      of().page.getByRole('button', { name, exact: true }).first().isDisabled(),
    /** What the foot says comes next, or why the primary act is closed. */
    next: (): Promise<string> => of().page.locator('.foot .next').innerText(),
  }
}
