/** The ways between a page and main: calls that are answered, and events. */
export const callChannel = 'sallyport:call'
export const eventChannel = 'sallyport:event'
/** By which the preload script, and no page, tells main the paths of what a person dropped on the window. */
export const dropChannel = 'sallyport:drop'
