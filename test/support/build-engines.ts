import { allPrograms, missingPrograms, programPath } from './go-programs.ts'

/* `npm run engines`: builds every program in Go that tests run, once for this computer; with nothing there, a quarter of an hour. */

const missing = missingPrograms(allPrograms)
if (missing !== null) throw new Error(missing)
for (const name of allPrograms) console.log(programPath(name))
