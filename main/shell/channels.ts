/** The two ways between a page and main: calls that are answered, and events. */
export const callChannel = 'sallyport:call'
export const eventChannel = 'sallyport:event'
