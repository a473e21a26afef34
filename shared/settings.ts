import { z } from 'zod'

export const themes = ['system', 'light', 'dark', 'high-contrast'] as const
export const densities = ['comfortable', 'compact'] as const

/** How the window looks, for the account that runs the app. Nothing of a desk is in it. */
export const zSettings = z.strictObject({
  format: z.literal('sallyport.settings/v1'),
  theme: z.enum(themes),
  density: z.enum(densities),
  /** One language so far; its words are in files of their own, and another one is another set of files. */
  language: z.literal('en'),
})
export type Settings = z.infer<typeof zSettings>
export type Theme = Settings['theme']
export type Density = Settings['density']

export const defaultSettings: Settings = {
  format: 'sallyport.settings/v1',
  theme: 'system',
  density: 'comfortable',
  language: 'en',
}
