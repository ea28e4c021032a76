/** Requests to VPP and links of its interfaces under the names of Prometheus that dashboards made for Ligato know. */

import type { Metrics, Samples } from '../../app/index.ts';
import { durationBounds, type MessageCount, type VppClient } from '../../vpp/index.ts';
import type { InterfaceLink } from '../interfaces/vpp-interfaces.ts';

/** All callers share one connection, which is Ligato's channel. */
export function publishRequests(metrics: Metrics, client: VppClient): void {
  const name = (text: string): string => `ligato_govppmux_${text}`;
  const single = (text: string, help: string, type: 'gauge' | 'counter', read: () => number): void =>
    metrics.family({ name: name(text), help, type }, () => [{ labels: {}, value: read() }]);
  const each = (
    text: string,
    help: string,
    type: 'counter' | 'histogram',
    samples: (count: MessageCount) => Samples,
  ): void => metrics.family({ name: name(text), help, type }, () => client.counts().flatMap(samples));
  const counter = (text: string, help: string, read: (count: MessageCount) => number): void =>
    each(text, help, 'counter', (count) => {
      const value = read(count);
      return value === 0 ? [] : [{ labels: { message: count.name }, value }];
    });

  single(
    'channels_created_total',
    'Connections to VPP so far.',
    'counter',
    () => client.statistics().reconnects + (client.isConnected ? 1 : 0),
  );
  single('channels', 'Connections to VPP that are open.', 'gauge', () => (client.isConnected ? 1 : 0));
  single('requests', 'Requests that VPP has not answered yet.', 'gauge', () => client.statistics().inFlight);
  counter('requests_total', 'Requests sent to VPP, by message.', ({ sent }) => sent);
  counter('requests_done_total', 'Requests that VPP carried out, by message.', ({ done }) => done);
  counter('replies_received_total', 'Messages that answered a request.', ({ replies }) => replies);
  each(
    'requests_failed_total',
    "Requests that failed, by message and VPP's name of the error.",
    'counter',
    ({ name: message, failed }) => [...failed].map(([error, value]) => ({ labels: { message, error }, value })),
  );
  const duration = name('successful_request_duration_seconds');
  each('successful_request_duration_seconds', 'Time VPP took for requests, by message.', 'histogram', (count) =>
    count.done === 0 ? [] : histogram(duration, count),
  );
}

function histogram(metric: string, { name: message, durations, seconds, done }: MessageCount): Samples {
  let below = 0;
  const buckets = durations.map((times, place) => {
    below += times;
    return {
      metricName: `${metric}_bucket`,
      labels: { message, le: String(durationBounds[place] ?? '+Inf') },
      value: below,
    };
  });
  return [
    ...buckets,
    { metricName: `${metric}_sum`, labels: { message }, value: seconds },
    { metricName: `${metric}_count`, labels: { message }, value: done },
  ];
}

/** `read`: links of the interfaces at the moment. */
export function publishLinks(metrics: Metrics, read: () => Promise<readonly InterfaceLink[]>): void {
  let shared: ReturnType<typeof read> | undefined;
  const once = (): ReturnType<typeof read> => {
    shared ??= read().finally(() => setImmediate(() => (shared = undefined)));
    return shared;
  };
  for (const [state, of] of [
    ['operational_state', 'operational'],
    ['admin_state', 'admin'],
  ] as const)
    metrics.family(
      { name: `ligato_ifplugin_${state}`, help: `1: the interface is up (${of}), 2: it is down.` },
      async () => {
        // None while VPP does not answer: its health says so.
        const links = await once().catch(() => []);
        return links.map((link) => ({ labels: { name: link.name }, value: link[of] === 'UP' ? 1 : 2 }));
      },
    );
}
