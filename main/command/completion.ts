import type { Command } from './command.ts'
import { oneOf } from './saved.ts'

const shells = ['bash', 'zsh', 'fish', 'powershell'] as const

/** What each prefix of words may go on with: the next words of commands, and the options of a whole one. */
function nextWords(commands: Readonly<Record<string, Command>>): Map<string, Set<string>> {
  const next = new Map<string, Set<string>>()
  const add = (after: string, word: string): void => {
    next.set(after, (next.get(after) ?? new Set()).add(word))
  }
  for (const [name, { options }] of Object.entries(commands)) {
    const words = name.split(' ')
    words.forEach((word, i) => add(words.slice(0, i).join(' '), word))
    for (const option of [...Object.keys(options), 'json', 'help']) add(name, `--${option}`)
  }
  add('', 'help')
  return next
}

type Cases = (line: (after: string, words: string) => string) => string[]

const casesOf =
  (commands: Readonly<Record<string, Command>>): Cases =>
  (line) =>
    [...nextWords(commands)].map(([after, words]) => line(after, [...words].join(' ')))

function bash(cases: Cases): string[] {
  return [
    '_sallyport() {',
    '  local current="${COMP_WORDS[COMP_CWORD]}" said="" word',
    '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
    '    case "$word" in -*|*[!a-z-]*) break ;; *) said="${said:+$said }$word" ;; esac',
    '  done',
    '  local next=""',
    '  while :; do',
    '    case "$said" in',
    ...cases((after, words) => `      '${after}') next='${words}' ;;`),
    '    esac',
    '    [ -n "$next" ] || [ -z "$said" ] && break',
    '    case "$said" in *" "*) said="${said% *}" ;; *) said="" ; next="" ; break ;; esac',
    '  done',
    '  COMPREPLY=($(compgen -W "$next" -- "$current"))',
    '  [ ${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "$current"))',
    '}',
  ]
}

const scripts: Readonly<Record<(typeof shells)[number], (cases: Cases) => string[]>> = {
  bash: (cases) => [...bash(cases), 'complete -o filenames -F _sallyport sallyport'],
  zsh: (cases) => [
    'autoload -U +X bashcompinit && bashcompinit',
    ...bash(cases),
    'complete -o filenames -F _sallyport sallyport',
  ],
  fish: (cases) =>
    cases((after, words) => {
      const seen =
        after === ''
          ? '__fish_use_subcommand'
          : `string match -qr '^sallyport ${after}( |$)' -- (commandline -pc)`
      return `complete -c sallyport -n "${seen}" -a '${words}'`
    }),
  powershell: (cases) => [
    'Register-ArgumentCompleter -Native -CommandName sallyport -ScriptBlock {',
    '  param($word, $line, $at)',
    '  $next = @{',
    ...cases((after, words) => `    '${after}' = '${words}'`),
    '  }',
    '  $said = @($line.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" } | Where-Object { $_ -notmatch \'^-\' -and $_ -ne $word })',
    '  for ($i = $said.Count; $i -ge 0; $i--) {',
    "    $key = ($said | Select-Object -First $i) -join ' '",
    '    if ($next.ContainsKey($key)) {',
    '      $next[$key] -split \' \' | Where-Object { $_ -like "$word*" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }',
    '      break',
    '    }',
    '  }',
    '}',
  ],
}

/** The command that prints completions of all commands, itself included. */
export const completionOf = (commands: () => Readonly<Record<string, Command>>): Command => ({
  about: 'Print the completion of commands and options for a shell: bash, zsh, fish or powershell.',
  positional: [],
  options: { shell: { value: shells.join('|'), required: true } },
  run(_host, args) {
    const shell = oneOf(args, 'shell', shells)
    const lines = scripts[shell](casesOf(commands()))
    return Promise.resolve({ value: { shell, script: lines.join('\n') }, lines })
  },
})
