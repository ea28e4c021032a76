/** `vpp.tohost` and `vpp.exception` in VPP: packets are written to an application's socket. VPP needs `punt { socket PATH }`. */

import { create } from '@bufbuild/protobuf';
import { ExceptionSchema, L3Protocol, L4Protocol, ToHostSchema } from '../../../model/gen/ligato/vpp/punt/punt_pb.js';
import type { Exception, ToHost } from '../../../model/gen/ligato/vpp/punt/punt_pb.js';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { vppDump } from '../../vpp/dump.ts';
import { lacking } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { exceptionKey, toHostKey } from '../model.ts';

/** Version of what VPP writes before each packet. */
const HEADER_VERSION = 1;
const MESSAGES = [['punt_socket_register'], ['punt_socket_deregister'], ['punt_socket_dump']] as const;

type Family = 'ADDRESS_IP4' | 'ADDRESS_IP6';

function familiesOf(protocol: L3Protocol): readonly Family[] {
  if (protocol === L3Protocol.ALL) return ['ADDRESS_IP4', 'ADDRESS_IP6'];
  return [protocol === L3Protocol.IPV6 ? 'ADDRESS_IP6' : 'ADDRESS_IP4'];
}

function portOf(af: Family, port: number) {
  return { type: 'PUNT_API_TYPE_L4', punt: { l4: { af, protocol: 'IP_API_PROTO_UDP', port } } } as const;
}

export function toHostHandler(engine: VppEngine): Handler<ToHost, undefined> {
  const { client } = engine;
  const register = async ({ signal }: OperationContext, value: ToHost): Promise<undefined> => {
    const { socketPath: pathname, port } = value;
    await Promise.all(
      familiesOf(value.l3Protocol).map((af) => {
        const fields = { header_version: HEADER_VERSION, punt: portOf(af, port), pathname };
        return client.request('punt_socket_register', fields, { signal });
      }),
    );
    return undefined;
  };
  return {
    kind: 'vpp.tohost',
    engine: 'vpp',
    unsupported: () => lacking(engine, ...MESSAGES),
    create: (context, _key, value) => register(context, value),
    // A port has one socket: a new one takes the place of the old.
    update: (context, _key, _from, to) => register(context, to),
    async remove({ signal }, _key, { l3Protocol, port }) {
      // A port without a socket is no error to VPP.
      await Promise.all(
        familiesOf(l3Protocol).map((af) =>
          client.request('punt_socket_deregister', { punt: portOf(af, port) }, { signal }),
        ),
      );
    },
    retrieve: (context) => retrievePorts(engine, context),
  };
}

async function retrievePorts(
  engine: VppEngine,
  context: RetrieveContext<ToHost, undefined>,
): Promise<readonly Retrieved<ToHost, undefined>[]> {
  const sockets = new Map<string, string>();
  const list = await vppDump(engine, context.session).list('punt_socket_dump', { type: 'PUNT_API_TYPE_L4' });
  for (const { punt, pathname } of list) sockets.set(`${punt.punt.l4.af} ${punt.punt.l4.port}`, pathname);
  const retrieved: Retrieved<ToHost, undefined>[] = [];
  const seen = new Set<string>();
  for (const [key, { value }] of context.expected) {
    const places = familiesOf(value.l3Protocol).map((af) => `${af} ${value.port}`);
    if (!places.every((place) => sockets.has(place))) continue;
    for (const place of places) seen.add(place);
    const socketPath = places.map((place) => sockets.get(place)!).find((path) => path !== value.socketPath);
    retrieved.push({
      key,
      value: socketPath === undefined ? value : { ...value, socketPath },
      metadata: undefined,
      origin: 'ours',
    });
  }
  for (const [place, socketPath] of sockets) {
    if (seen.has(place)) continue;
    const l3Protocol = place.startsWith('ADDRESS_IP6') ? L3Protocol.IPV6 : L3Protocol.IPV4;
    const port = Number(place.split(' ')[1]);
    const key = toHostKey(l3Protocol, L4Protocol.UDP, port);
    const value = create(ToHostSchema, { l3Protocol, l4Protocol: L4Protocol.UDP, port, socketPath });
    retrieved.push({ key, value, metadata: undefined, origin: 'foreign' });
  }
  const { keys } = context;
  return keys ? retrieved.filter(({ key }) => keys.has(key)) : retrieved;
}

interface VppReason {
  readonly id: number;
}

export function exceptionHandler(engine: VppEngine): Handler<Exception, VppReason> {
  const { client } = engine;
  const register = async ({ signal }: OperationContext, { socketPath }: Exception, { id }: VppReason) => {
    const punt = { type: 'PUNT_API_TYPE_EXCEPTION', punt: { exception: { id } } } as const;
    const fields = { header_version: HEADER_VERSION, punt, pathname: socketPath };
    await client.request('punt_socket_register', fields, { signal });
    return { id };
  };
  return {
    kind: 'vpp.exception',
    engine: 'vpp',
    unsupported: () => lacking(engine, ...MESSAGES, ['punt_reason_dump']),
    async create(context, _key, value) {
      // VPP does not answer at all when it is asked with a reason that it does not have.
      const reasons = await client.list('punt_reason_dump', {}, { signal: context.signal });
      const reason = reasons.find(({ reason: { name } }) => name === value.reason)?.reason;
      if (reason) return register(context, value, { id: reason.id });
      const names = reasons.map(({ reason: { name } }) => name).sort();
      throw new SchedulerError('failed', `vpp: no reason ${value.reason}; there are ${names.join(', ')}`);
    },
    update: (context, _key, _from, to, metadata) => register(context, to, metadata),
    async remove({ signal }, _key, _value, { id }) {
      const punt = { type: 'PUNT_API_TYPE_EXCEPTION', punt: { exception: { id } } } as const;
      await client.request('punt_socket_deregister', { punt }, { signal });
    },
    retrieve: (context) => retrieveExceptions(engine, context),
  };
}

async function retrieveExceptions(
  engine: VppEngine,
  context: RetrieveContext<Exception, VppReason>,
): Promise<readonly Retrieved<Exception, VppReason>[]> {
  const dump = vppDump(engine, context.session);
  const sockets = await dump.list('punt_socket_dump', { type: 'PUNT_API_TYPE_EXCEPTION' });
  if (sockets.length === 0) return [];
  const names = new Map((await dump.list('punt_reason_dump', {})).map(({ reason: { id, name } }) => [id, name]));
  const retrieved: Retrieved<Exception, VppReason>[] = [];
  for (const { punt, pathname } of sockets) {
    const { id } = punt.punt.exception;
    const reason = names.get(id) ?? '';
    const key = exceptionKey(reason);
    if (context.keys && !context.keys.has(key)) continue;
    const value = create(ExceptionSchema, { reason, socketPath: pathname });
    retrieved.push({ key, value, metadata: { id }, origin: context.expected.has(key) ? 'ours' : 'foreign' });
  }
  return retrieved;
}
