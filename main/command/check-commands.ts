import type { CheckId } from '../../shared/text/checks.ts'

// What a check says to do next is kept with the verdict and read in the window and on paper, too: so it names deeds. Here
// are the commands for them.
const commands: Readonly<Partial<Record<CheckId, readonly string[]>>> = {
  'cause.rejected': ['sallyport cause lift DIGEST --desk FOLDER'],
  'order.equivocation': ['sallyport stream release ID --desk FOLDER'],
  'order.downgrade': ['sallyport stream epoch CHANNEL --to N --desk FOLDER'],
  'order.gap': [
    'the sender: sallyport consignment drop ID --desk FOLDER',
    'here:       sallyport stream release ID --desk FOLDER',
  ],
  'order.state': [
    'sallyport stream release ID --epoch N --accepted N:DIGEST --desk FOLDER',
    'or, where nothing was accepted: --accepted none',
  ],
  'order.channel': [
    'sallyport stream epoch CHANNEL --to N --desk FOLDER',
    'sallyport stream move CHANNEL --to SENDER --desk FOLDER',
  ],
  'time.created': ['sallyport time floor TIME --desk FOLDER'],
  'desk.founding': ['sallyport desk seal --desk FOLDER --person ID --key FILE'],
}

/** The commands by which what a check says to do next is done, as a terminal shows them; none for most checks. */
export function commandsFor(id: string): readonly string[] {
  return Object.hasOwn(commands, id) ? (commands[id as CheckId] ?? []) : []
}
