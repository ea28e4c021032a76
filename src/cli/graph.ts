/** The graph of values as text, as graphviz source and as a picture. */

import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { GraphAnswer } from './answers.ts';
import { CliError } from './errors.ts';
import { paint, stateColour } from './output.ts';

export function graphText(nodes: readonly GraphAnswer[]): string {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const lines: string[] = [];
  const draw = (node: GraphAnswer, indent: string): void => {
    lines.push(`${indent}${node.key} ${paint(node.state, stateColour(node.state))}`);
    for (const { label, satisfied } of node.dependencies) {
      lines.push(`${indent}  needs ${label}${satisfied ? '' : paint(' (missing)', 'yellow')}`);
    }
    for (const part of node.parts) {
      const child = byKey.get(part);
      if (child) draw(child, `${indent}    `);
    }
  };
  for (const node of nodes) if (node.parent === undefined) draw(node, '');
  return lines.length > 0 ? `${lines.join('\n')}\n` : 'no values\n';
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

export function graphDot(nodes: readonly GraphAnswer[]): string {
  const lines = [
    'digraph ligature {',
    '  rankdir=LR; node [shape=box, style=filled, fontname=sans]; edge [fontname=sans];',
  ];
  const known = new Set(nodes.map(({ key }) => key));
  for (const { key, label, state, parts, dependencies } of nodes) {
    lines.push(
      `  ${quote(key)} [label=${quote(label)}, tooltip=${quote(`${key} ${state}`)}, fillcolor=${quote(fills[state] ?? 'white')}];`,
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

/** Rendered by graphviz' `dot`. */
export async function graphSvg(nodes: readonly GraphAnswer[]): Promise<string> {
  const child = spawn('dot', ['-Tsvg'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const failure = new Promise<never>((_resolve, reject) => {
    child.once('error', () =>
      reject(new CliError('failed', 'svg needs the program `dot`: install graphviz, or use -o dot')),
    );
  });
  child.stdin.end(graphDot(nodes));
  return Promise.race([text(child.stdout), failure]);
}
