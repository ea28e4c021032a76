/** The text of a rule as iptables reads it. */

import { quote } from '../../check.ts';

/**
 * The words of a rule, as a shell and iptables-restore split them: blanks separate, single and double quotes join, a
 * backslash takes the next character as it is (not within single quotes). Undefined when a quote is left open.
 */
export function tokens(rule: string): readonly string[] | undefined {
  const found: string[] = [];
  let word: string | undefined;
  let open = '';
  for (let at = 0; at < rule.length; at++) {
    const char = rule.charAt(at);
    if (char === '\\' && open !== "'") {
      word = (word ?? '') + rule.charAt(++at);
    } else if (open !== '') {
      if (char === open) open = '';
      else word += char;
    } else if (char === '"' || char === "'") {
      open = char;
      word ??= '';
    } else if (char === ' ' || char === '\t') {
      if (word !== undefined) found.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (open !== '') return undefined;
  if (word !== undefined) found.push(word);
  return found;
}

/** Options that say which chain is meant or what to do with it: that is the object's business, not the rule's. */
const COMMANDS = new Set([
  ...['-A', '-C', '-D', '-I', '-R', '-L', '-S', '-F', '-Z', '-N', '-X', '-P', '-E', '-t'],
  ...['--append', '--check', '--delete', '--insert', '--replace', '--list', '--list-rules', '--flush', '--zero'],
  ...['--new-chain', '--delete-chain', '--policy', '--rename-chain', '--table'],
]);

export function ruleProblem(rule: string): string | undefined {
  for (let at = 0; at < rule.length; at++) {
    const code = rule.charCodeAt(at);
    if ((code < 32 && code !== 9) || code === 127)
      return 'contains a control character or a line break; one line is accepted';
  }
  const words = tokens(rule);
  if (words === undefined) return `${quote(rule)} has a quote that is not closed`;
  if (words.length === 0) return 'is empty: match and target of a rule such as `-s 10.0.0.0/8 -j ACCEPT` are required';
  const command = words.find((word, index) => COMMANDS.has(word) && words[index - 1] !== '--comment');
  if (command === undefined) return undefined;
  return `${command} is a command, not a part of a rule; match and target such as \`-s 10.0.0.0/8 -j ACCEPT\` are accepted`;
}
