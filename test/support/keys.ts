import type { Page } from 'playwright'

/** The name of what has the focus, as a screen reader would say it. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement
    if (!(element instanceof HTMLElement)) return ''
    const labels =
      element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement
        ? [...(element.labels ?? [])].map((one) => one.textContent)
        : []
    return [element.getAttribute('aria-label') ?? '', ...labels, element.textContent].join(' ').trim()
  })
}

/** A window worked by keyboard alone: Tab, Enter, Space, arrows and typing. Counts what was pressed. */
export class Keys {
  /** Keys that were pressed; a typed text counts as one. */
  pressed = 0
  private readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  async key(name: string): Promise<void> {
    this.pressed += 1
    await this.page.keyboard.press(name)
  }

  async type(text: string): Promise<void> {
    this.pressed += 1
    await this.page.keyboard.type(text)
  }

  /** Goes on with Tab until the focus is on what has this name; as far as a person would have to. */
  async tabTo(name: string | RegExp): Promise<void> {
    for (let steps = 0; steps < 80; steps++) {
      const said = await focused(this.page)
      if (typeof name === 'string' ? said.startsWith(name) : name.test(said)) return
      await this.key('Tab')
    }
    throw new Error(`The focus never came to ${String(name)}`)
  }

  async press(name: string | RegExp): Promise<void> {
    await this.tabTo(name)
    await this.key('Enter')
  }

  async fill(label: string | RegExp, text: string): Promise<void> {
    await this.tabTo(label)
    await this.type(text)
  }

  /** One of a group of choices: the group is one stop, arrows choose in it. */
  async pick(group: RegExp, option: string): Promise<void> {
    await this.tabTo(group)
    await this.key('Space')
    for (let i = 0; i < 8 && !(await focused(this.page)).includes(option); i++) await this.key('ArrowDown')
  }
}
