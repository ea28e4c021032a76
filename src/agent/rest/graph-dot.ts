/** The graph of values for graphviz: as source, and rendered by its `dot` where that is installed. */

import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';

export interface DrawnNode {
  readonly key: string;
  readonly label: string;
  readonly state: string;
  readonly parts: readonly string[];
  readonly dependencies: readonly {
    readonly label: string;
    readonly satisfied: boolean;
    readonly keys: readonly string[];
  }[];
}

const fills: Readonly<Record<string, string>> = {
  CONFIGURED: 'palegreen',
  OBTAINED: 'lightcyan',
  DISCOVERED: 'lightcyan',
  PENDING: 'lightyellow',
  INVALID: 'lightpink',
  FAILED: 'salmon',
  RETRYING: 'orange',
  MISSING: 'lightpink',
  UNIMPLEMENTED: 'lightgrey',
};

/** Not in the data plane. */
const absent = new Set(['PENDING', 'MISSING', 'UNIMPLEMENTED', 'REMOVED']);

/** `touched`: keys with a golden border. */
export function graphDot(nodes: readonly DrawnNode[], touched: ReadonlySet<string> = new Set()): string {
  const lines = [
    'digraph ligature {',
    '  rankdir=LR; node [shape=box, style=filled, fontname=sans]; edge [fontname=sans];',
  ];
  const known = new Set(nodes.map(({ key }) => key));
  for (const { key, label, state, parts, dependencies } of nodes) {
    const style = absent.has(state) ? ', style="filled,dashed"' : '';
    const border = touched.has(key) ? ', color=gold, penwidth=3' : '';
    lines.push(
      `  ${quote(key)} [label=${quote(label)}, tooltip=${quote(`${key} ${state}`)}, fillcolor=${quote(fills[state] ?? 'white')}${style}${border}];`,
    );
    for (const part of parts) lines.push(`  ${quote(key)} -> ${quote(part)} [color=goldenrod, style=bold];`);
    for (const dependency of dependencies) {
      for (const target of dependency.keys.filter((one) => known.has(one))) {
        lines.push(`  ${quote(key)} -> ${quote(target)} [color=steelblue, label=${quote(dependency.label)}];`);
      }
      if (!dependency.satisfied) {
        const missing = `missing ${dependency.label}`;
        lines.push(`  ${quote(missing)} [label=${quote(dependency.label)}, style=dashed];`);
        lines.push(`  ${quote(key)} -> ${quote(missing)} [color=red, style=dashed];`);
      }
    }
  }
  return `${lines.join('\n')}\n}\n`;
}

function quote(words: string): string {
  return `"${words.replace(/["\\]/g, '\\$&')}"`;
}

/** What `dot` made of it; undefined: there is no such program. Rejects when it fails or the signal aborts. */
export async function render(dot: string, format: 'svg' | 'png', signal?: AbortSignal): Promise<Buffer | undefined> {
  const child = spawn('dot', [`-T${format}`], {
    stdio: ['pipe', 'pipe', 'ignore'],
    ...(signal === undefined ? {} : { signal }),
  });
  const absentProgram = new Promise<undefined>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? resolve(undefined) : reject(error),
    );
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  // It may end before it has read everything.
  child.stdin.on('error', () => {});
  child.stdin.end(dot);
  const drawn = buffer(child.stdout).then(async (picture) => {
    const status = await ended;
    if (status !== 0) throw new Error(`dot ended with status ${status}`);
    return picture;
  });
  return Promise.race([drawn, absentProgram]);
}
