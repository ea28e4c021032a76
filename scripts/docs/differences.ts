/** Where the engines differ: from what differential tests know by name. */

import { knownDifferences } from '../../test/differential/differences.ts';
import { otherDifferences } from '../../test/differential/other-differences.ts';
import { cell, code, generated, page, table } from './markdown.ts';

export function differencesPage(): string {
  const rows = (list: readonly { readonly name: string; readonly text: string }[]) =>
    list.map(({ name, text }) => [code(name), cell(text)]);
  return page(
    generated,
    '# Where the engines differ',
    'The same configuration does the same on both engines, but for this. Configurations and packets made by chance go through both ' +
      '([differential testing](../explanation/testing.md#the-two-engines-against-each-other)); what they do differently and is in the ' +
      'first table counts as known, everything else as a defect. Single fields that an engine cannot make at all are UNIMPLEMENTED, ' +
      'with the reason: [what is supported](support.md).',
    table(['difference', 'what each engine does'], rows(knownDifferences)),
    'Known as well, and not compared:',
    table(['difference', 'what each engine does'], rows(otherDifferences)),
    'Ports and addresses of a pool, backends of a service and paths of a route that are drawn by chance or by a hash are drawn by each ' +
      'engine in its own way. Messages of the router itself have a TTL of 64 from the Linux kernel, and of 255 from VPP.',
  );
}
