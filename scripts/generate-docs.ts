/**
 * `npm run docs`: docs/reference as the code says it: the command, REST, files of the agent, metrics, models. `--into FOLDER` writes
 * there instead; the test that the committed pages are up to date uses it.
 */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { withAgent, withVppAgent } from './docs/agent.ts';
import { cliPage } from './docs/cli.ts';
import { configurationPage } from './docs/configuration.ts';
import { differencesPage } from './docs/differences.ts';
import { generated } from './docs/markdown.ts';
import { metricsOf, metricsPage } from './docs/metrics.ts';
import { modelPages } from './docs/models.ts';
import { restPage } from './docs/rest.ts';
import { supportPage } from './docs/support.ts';
import { vppReleasesPage } from './docs/vpp-releases.ts';

/** Pages by path below docs/reference. */
export async function referencePages(): Promise<ReadonlyMap<string, string>> {
  const [rest, metrics] = await withAgent(
    async (application) => [restPage(application), await metricsOf(application)] as const,
  );
  return new Map([
    ['rest.md', rest],
    ['metrics.md', metricsPage(metrics, await withVppAgent(metricsOf))],
    ['cli.md', cliPage()],
    ['configuration.md', configurationPage()],
    ['support.md', supportPage()],
    ['engine-differences.md', differencesPage()],
    ['vpp-releases.md', await vppReleasesPage()],
    ...modelPages(),
  ]);
}

/** Pages that are there and say that they are generated, by path. */
export function committedPages(folder: string): ReadonlyMap<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.md'));
  const pages = paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')] as const);
  return new Map(pages.filter(([, text]) => text.startsWith(generated)));
}

export const reference = join(import.meta.dirname, '../docs/reference');

if (import.meta.main) {
  const { values } = parseArgs({ options: { into: { type: 'string', default: reference } } });
  const pages = await referencePages();
  mkdirSync(values.into, { recursive: true });
  for (const path of committedPages(values.into).keys()) if (!pages.has(path)) rmSync(join(values.into, path));
  for (const [path, text] of pages) {
    mkdirSync(dirname(join(values.into, path)), { recursive: true });
    writeFileSync(join(values.into, path), text);
  }
  console.log(`${pages.size} pages in ${values.into}`);
}
