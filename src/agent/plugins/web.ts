import * as z from 'zod';
import { definePlugin, HttpReply, httpPlugin } from '../../app/index.ts';
import { StaticFiles, webFolder } from '../web/static-files.ts';

const notBuilt =
  'The web UI is not built: run `npm run build` in the checkout (the installed package has it). REST is at /api/v1.\n';

/** The web UI at `/`. The files hold nothing of the agent; what they ask for is guarded as every request is. */
export const webPlugin = definePlugin({
  name: 'web',
  description: 'web UI',
  config: z.strictObject({
    folder: z.string().optional().describe('folder with the built web UI (default: the one that came with the agent)'),
  }),
  needs: { http: httpPlugin },
  start({ http }, config, { log }) {
    const folder = config.folder ?? webFolder(import.meta.dirname);
    const files = folder === undefined ? undefined : new StaticFiles(folder);
    if (files === undefined) log.info('the web UI is not built, / only says so');
    http.route({
      method: 'GET',
      path: '/',
      role: 'public',
      summary: 'web UI',
      handler: async ({ headers }) =>
        (await files?.answer('index.html', takesGzip(headers))) ??
        new HttpReply(notBuilt, { status: 404, type: 'text/plain' }),
    });
    http.route({
      method: 'GET',
      path: '/assets/:name',
      role: 'public',
      summary: 'files of the web UI',
      handler: async ({ params, headers }) =>
        (await files?.answer(params['name'] ?? '', takesGzip(headers))) ??
        new HttpReply(undefined, { status: 404, type: 'text/plain' }),
    });
  },
});

function takesGzip(headers: { readonly 'accept-encoding'?: string | string[] | undefined }): boolean {
  return String(headers['accept-encoding'] ?? '').includes('gzip');
}
