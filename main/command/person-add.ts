import { roles, type Role } from '../../shared/schema.ts'
import { alikeLines } from './alike.ts'
import { deskOption, officerOptions, type Command } from './command.ts'
import { officerFrom, pendingLines, twoKeys } from './officer.ts'
import { absolute } from './paths.ts'
import { rolesFrom } from './roles.ts'
import { fingerprintLines } from './text.ts'

export const personAdd: Command = {
  about: 'Add a person of this desk, with roles and public key.',
  positional: [],
  options: {
    ...deskOption,
    id: { value: 'ID', required: true },
    name: { value: 'NAME', required: true },
    role: { value: 'ROLE', many: true, required: true },
    key: { value: 'FILE.pub|FILE', many: true, required: true },
    ...officerOptions,
  },
  async run(host, args) {
    const chosen = rolesFrom<Role>(args.all('role'), roles)
    const keys = twoKeys(args)
    const { people } = await host.open(args, 'write')
    const key = host.session.place('key', absolute(keys.about))
    const person = await host.call('person.add', {
      id: args.need('id'),
      name: args.need('name'),
      roles: chosen,
      key,
      ...(await officerFrom(host, args, keys.own)),
    })
    const said = `${person.name} (${person.id}) was added: ${person.roles.join(', ')}.`
    const lines = [
      ...pendingLines(said, person.pending),
      ...fingerprintLines(person.fingerprint),
      ...alikeLines(person, people),
    ]
    return { value: { ...person }, lines }
  },
}
