/** The graph of values as text, as graphviz source and as a picture. */

import { graphDot, render } from '../agent/rest/graph-dot.ts';
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

/** Rendered by graphviz' `dot`. */
export async function graphSvg(nodes: readonly GraphAnswer[]): Promise<string> {
  const picture = await render(graphDot(nodes), 'svg');
  if (picture === undefined)
    throw new CliError('failed', 'svg needs the program `dot`: install graphviz, or use -o dot');
  return picture.toString('utf8');
}
