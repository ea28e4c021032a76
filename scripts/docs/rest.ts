/** REST, from the routes of a running agent. */

import {
  type Application,
  httpPlugin,
  queryParameters,
  type QueryParameter,
  type RouteListing,
} from '../../src/app/index.ts';
import { cell, code, generated, page, table } from './markdown.ts';

const groups: readonly (readonly [title: string, prefix: string])[] = [
  ['New in Ligature', '/api/v1'],
  ['Configuration', '/configuration'],
  ['Scheduler', '/scheduler'],
  ['Dumps', '/dump'],
  ['Information', '/info'],
  ['Logs', '/log'],
];

export function restPage(application: Application): string {
  const routes = [...application.api(httpPlugin).routes].sort((left, right) => compare(left.path, right.path));
  const grouped = groups.map(([title, prefix]) => section(title, routes.filter(within(prefix))));
  const others = routes.filter((route) => !groups.some(([, prefix]) => within(prefix)(route)));
  return page(
    generated,
    '# REST',
    "By default on `127.0.0.1:9191`, and on the unix socket `<state-dir>/control/http.sock`. On the socket the agent's own " +
      'user and root are admin; `socket-callers` in http.conf lets others in. On loopback reading is free; changing needs `Authorization: Bearer` with the token of ' +
      '`<state-dir>/http-token`, or of `http.conf`. See [configuration](configuration.md#http).',
    'Errors are `{"Error": "...", "code": "...", "field": "...", "problems": [...]}`: see [states and errors](states.md).',
    'Below `/api/v1` a parameter that is not listed is an error, and one that is 0, 1, true or false may stand without a value: `?replace` is ' +
      '`?replace=true`.',
    ...grouped.flat(),
    ...section('Health, metrics and the index', others),
  );
}

function within(prefix: string): (route: RouteListing) => boolean {
  return ({ path }) => path === prefix || path.startsWith(`${prefix}/`);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function section(title: string, routes: readonly RouteListing[]): readonly string[] {
  const rows = routes.map(({ method, path, role, summary, schema }) => {
    const parameters = queryParameters(schema?.query).map(parameterText).join('<br>');
    return [code(`${method} ${path}`), role, cell(summary), parameters];
  });
  return [`## ${title}`, table(['route', 'role', 'does', 'query parameters'], rows)];
}

function parameterText({ name, required, accepts, otherwise }: QueryParameter): string {
  const without = otherwise === undefined ? '' : `, else ${otherwise}`;
  return `${code(name)}${required ? ' (required)' : ''}: ${cell(accepts)}${cell(without)}`;
}
