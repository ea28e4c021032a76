/** What iptables-save prints, and how it spells rules. */

import { tokens } from '../model.ts';

/** One chain as it is. */
export interface SavedChain {
  /** `ACCEPT`, `DROP`, or `-` for a custom chain. */
  readonly policy: string;
  /** Without `-A CHAIN`, in order. */
  readonly rules: readonly string[];
}

/** Chains by `TABLE CHAIN`. */
export function parseSaved(text: string): ReadonlyMap<string, SavedChain> {
  const chains = new Map<string, { policy: string; rules: string[] }>();
  let table = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) {
      table = line.slice(1).trim();
    } else if (line.startsWith(':')) {
      const [name, policy] = line.slice(1).split(' ');
      chains.set(`${table} ${name}`, { policy: policy ?? '-', rules: [] });
    } else if (line.startsWith('-A ')) {
      const end = line.indexOf(' ', 3);
      const name = end < 0 ? line.slice(3) : line.slice(3, end);
      chains.get(`${table} ${name}`)?.rules.push(end < 0 ? '' : line.slice(end + 1));
    }
  }
  return chains;
}

/** Long names of the options that every rule can have. */
const SHORT: Readonly<Record<string, string>> = {
  '--source': '-s',
  '--src': '-s',
  '--destination': '-d',
  '--dst': '-d',
  '--protocol': '-p',
  '--proto': '-p',
  '--in-interface': '-i',
  '--out-interface': '-o',
  '--jump': '-j',
  '--goto': '-g',
  '--match': '-m',
  '--fragment': '-f',
  '--destination-port': '--dport',
  '--source-port': '--sport',
};

/**
 * A spelling in which a rule as users write it and as iptables-save prints it are mostly the same: short options, prefix
 * lengths, matches that a protocol implies. Used only when it is not known how iptables spells the rule (after a restart).
 */
export function spelledRule(rule: string): string {
  const words = (tokens(rule) ?? [rule]).map((word) => SHORT[word] ?? word);
  const spelled: string[] = [];
  let implied: string | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const next = words[at + 1];
    if ((word === '-s' || word === '-d') && next !== undefined) {
      spelled.push(word, withLength(next));
      at++;
    } else if (word === '-p' && next !== undefined) {
      implied = next.toLowerCase();
      spelled.push(word, implied);
      at++;
    } else if (word === '-m' && next === implied) {
      at++;
    } else {
      spelled.push(word);
    }
  }
  return spelled.join(' ');
}

function withLength(address: string): string {
  if (address.includes('/')) return address;
  return `${address}/${address.includes(':') ? 128 : 32}`;
}
