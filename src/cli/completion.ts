/** Completion scripts, made from the commands themselves. */

import type { Command } from 'commander';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

export function isShell(text: string): text is Shell {
  return (shells as readonly string[]).includes(text);
}

interface Entry {
  /** Names of the commands before, joined by blanks. */
  readonly path: string;
  readonly words: readonly string[];
}

export function completionScript(program: Command, shell: Shell): string {
  const entries = entriesOf(program, []);
  if (shell === 'fish') return fish(program, []);
  const cases = entries
    .map(({ path, words }) => `    ${JSON.stringify(path)}) words=${JSON.stringify(words.join(' '))} ;;`)
    .join('\n');
  const body = `_ligature() {
  local path="" word words=""
  local i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    [[ "$word" == -* ]] || path="\${path:+$path }$word"
  done
  while :; do
    case "$path" in
${cases}
    esac
    [[ -n "$words" || -z "$path" ]] && break
    if [[ "$path" == *" "* ]]; then path="\${path% *}"; else path=""; fi
  done
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
  [[ \${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o filenames -F _ligature ligature
`;
  return shell === 'bash' ? body : `autoload -U +X bashcompinit && bashcompinit\n${body}`;
}

function entriesOf(command: Command, path: readonly string[]): Entry[] {
  const options = [...command.options, ...(path.length > 0 ? rootOf(command).options : [])].flatMap(
    ({ long }) => long ?? [],
  );
  const names = command.commands.map((sub) => sub.name());
  const own = { path: path.join(' '), words: [...names, ...new Set([...options, '--help'])] };
  return [own, ...command.commands.flatMap((sub) => entriesOf(sub, [...path, sub.name()]))];
}

function rootOf(command: Command): Command {
  return command.parent ? rootOf(command.parent) : command;
}

function fish(command: Command, path: readonly string[]): string {
  const seen = path.map((name) => `__fish_seen_subcommand_from ${name}`).join('; and ');
  const others = command.commands.map((sub) => sub.name()).join(' ');
  const here = path.length === 0 ? '__fish_use_subcommand' : `${seen}; and not __fish_seen_subcommand_from ${others}`;
  const lines = command.commands.map(
    (sub) => `complete -c ligature -f -n ${quote(here)} -a ${sub.name()} -d ${quote(sub.description())}`,
  );
  const options = command.options.map(
    ({ long, description }) =>
      `complete -c ligature${path.length === 0 ? '' : ` -n ${quote(seen)}`} -l ${(long ?? '').replace(/^--/, '')} -d ${quote(description)}`,
  );
  const nested = command.commands.map((sub) => fish(sub, [...path, sub.name()])).join('');
  return `${[...lines, ...options].join('\n')}\n${nested}`;
}

function quote(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}
