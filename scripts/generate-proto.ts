/**
 * Generates src/model/gen from proto/: types and descriptors (protoc-gen-es). Needs no network.
 *
 * `--into DIR` writes elsewhere; the test that the committed code is up to date uses it.
 */

import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules', '.bin');

/** Runs buf with the plugins of this checkout; throws with buf's own words when a file is wrong. */
export function generate(into: string): void {
  buf('format', '--write', 'proto');
  buf('generate', '--output', into);
}

function buf(...command: string[]): void {
  // protoc-gen-es is found by its relative path and started by the node of this checkout.
  const path = `${bin}:${process.env['PATH'] ?? ''}`;
  execFileSync(join(bin, 'buf'), command, { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: path } });
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { into: { type: 'string', default: root } } });
  generate(values.into);
}
