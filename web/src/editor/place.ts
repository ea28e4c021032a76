/** Where in a block of YAML the cursor is, by indentation alone: text that is being written is rarely valid. */

export interface Place {
  /** Names from the root, `-` for an element of a list. */
  readonly path: readonly string[];
  /** What of the word was typed. */
  readonly word: string;
  /** The name whose value is being typed; undefined where a name is. */
  readonly valueOf: string | undefined;
}

interface Step {
  readonly column: number;
  /** A name, or `-` for an element of a list. */
  readonly name: string;
}

/** The place at the end of `before`, the text in front of the cursor. */
export function placeOf(before: string): Place {
  const lines = before.split('\n');
  const open: Step[] = [];
  for (const line of lines.slice(0, -1)) if (!/^\s*(#.*)?$/.test(line)) follow(open, line);
  const word = follow(open, lines.at(-1) ?? '');
  const valueOf = word.named ? open.at(-1)?.name : undefined;
  return { path: open.map(({ name }) => name), word: word.text, valueOf };
}

/** Brings the open steps up to the end of a line; returns what stands behind the last of them. */
function follow(open: Step[], line: string): { readonly named: boolean; readonly text: string } {
  let column = line.length - line.trimStart().length;
  let text = line.slice(column);
  while (text === '-' || text.startsWith('- ')) {
    // A list may stand at the column of its name.
    while ((open.at(-1)?.column ?? -1) > column || (open.at(-1)?.column === column && open.at(-1)?.name === '-'))
      open.pop();
    open.push({ column, name: '-' });
    const next = text.slice(1).trimStart();
    column += text.length - next.length;
    text = next;
  }
  while ((open.at(-1)?.column ?? -1) >= column) open.pop();
  const named = /^([\w./-]+):(?:\s+(.*))?$/.exec(text);
  if (named === null) return { named: false, text };
  open.push({ column, name: named[1] ?? '' });
  return { named: true, text: named[2] ?? '' };
}
