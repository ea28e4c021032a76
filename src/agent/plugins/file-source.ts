import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import * as z from 'zod';
import { definePlugin } from '../../app/index.ts';
import { IntentError } from '../intent/errors.ts';
import { configuratorPlugin } from './configurator.ts';
import { intentPlugin } from './intent.ts';
import { sourceOf } from './sources.ts';

/** The initial configuration: a file that is applied at start as the source `file`, before the agent is ready. */
export const fileSourcePlugin = definePlugin({
  name: 'initfileregistry',
  description: 'applies a configuration file at start',
  config: z.strictObject({
    'disable-initial-configuration': z.boolean().default(false),
    'initial-configuration-file-path': z
      .string()
      .default('initial-config.yaml')
      .describe('YAML or JSON; relative to the configuration directory; no such file: nothing is applied'),
  }),
  needs: { configurator: configuratorPlugin, intent: intentPlugin },
  start: ({ configurator }, config, { application }) => ({
    configurator,
    config,
    directory: application.configDirectory,
  }),
  async started({ configurator, config, directory }, { log, report }) {
    if (config['disable-initial-configuration']) return;
    const name = config['initial-configuration-file-path'];
    const path = isAbsolute(name) ? name : join(directory, name);
    const content = await readIfThere(path);
    if (content === undefined) {
      log.debug({ path }, 'no initial configuration');
      return;
    }
    try {
      const { commit } = await configurator.apply(content, {
        source: sourceOf('file'),
        file: path,
        replace: true,
        options: { description: `initial configuration ${path}` },
      });
      log.info({ path, failed: commit?.failures.length ?? 0 }, 'initial configuration applied');
    } catch (error) {
      if (error instanceof IntentError && error.code === 'away') {
        log.info({ path }, `initial configuration: ${error.message}`);
        return;
      }
      // The last known configuration goes on; the file has to be mended.
      report('error', `initial configuration: ${error instanceof Error ? error.message : String(error)}`);
      log.error({ path, err: error }, 'the initial configuration is wrong; what was applied before stays');
    }
  },
  startTimeout: 60_000,
});

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
