import { html, type Html } from './html.ts'
import { styleElement, styleSource } from './style.ts'

/**
 * A whole page: no script, no link, nothing from outside; one marking at its top and one at its end. Its main part can
 * be focused: Chromium passes by a frame in which nothing can, and it could not be scrolled by keyboard.
 */
export function documentOf(title: string, marking: string, main: Html): string {
  const policy = `default-src 'none'; style-src ${styleSource}`
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <title>${title}</title>
        ${styleElement}
      </head>
      <body>
        <p class="marking">${marking}</p>
        <main tabindex="0" aria-label="${title}">${main}</main>
        <p class="marking">${marking}</p>
      </body>
    </html>`
  return page.html
}
