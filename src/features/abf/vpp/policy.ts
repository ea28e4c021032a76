/** `vpp.abfs.abf` in VPP: a policy, the list it asks and the paths it sends to. */

import { create } from '@bufbuild/protobuf';
import { ABFSchema } from '../../../model/gen/ligato/vpp/abf/abf_pb.js';
import type { ABF } from '../../../model/gen/ligato/vpp/abf/abf_pb.js';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { aclNames, vppAclOf } from '../../acl/vpp-metadata.ts';
import { vppDump } from '../../vpp/dump.ts';
import { lacking } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';
import { abfKey } from '../model.ts';
import { fieldsOf, identityOf, pathsOf, readPath, textOf, valueOf } from './path.ts';
import type { VppAbfPath } from './path.ts';

export interface VppAbf {
  readonly aclIndex: number;
  /** VPP takes away the paths that it is told, and the policy with the last one. */
  readonly paths: readonly VppAbfPath[];
}

export function policyHandler(engine: VppEngine): Handler<ABF, VppAbf> {
  const addOrDelete = ({ signal }: OperationContext, index: number, { aclIndex, paths }: VppAbf, is_add: boolean) => {
    const policy = { policy_id: index, acl_index: aclIndex, paths: paths.map(fieldsOf) };
    return engine.client.request('abf_policy_add_del', { is_add, policy }, { signal });
  };

  return {
    kind: 'vpp.abfs.abf',
    engine: 'vpp',
    unsupported: () => lacking(engine, ['abf_policy_add_del'], ['abf_policy_dump']),
    async create(context, _key, value) {
      const policy = { aclIndex: vppAclOf(context, value.aclName).index, paths: pathsOf(context, value) };
      await addOrDelete(context, value.index, policy, true);
      return policy;
    },
    recreate: (_key, from, to) => from.aclName !== to.aclName || reweighs(from, to),
    // New paths first: with its last path a policy would go, under the interfaces it is attached to.
    async update(context, _key, _from, to, metadata) {
      const after = pathsOf(context, to);
      const { aclIndex } = metadata;
      const added = without(after, metadata.paths);
      const gone = without(metadata.paths, after);
      await Promise.all([
        ...(added.length === 0 ? [] : [addOrDelete(context, to.index, { aclIndex, paths: added }, true)]),
        ...(gone.length === 0 ? [] : [addOrDelete(context, to.index, { aclIndex, paths: gone }, false)]),
      ]);
      return { aclIndex, paths: after };
    },
    // Of a policy that is not there VPP says INVALID_VALUE.
    remove: (context, _key, { index }, metadata) =>
      removed(addOrDelete(context, index, metadata, false), 'INVALID_VALUE'),
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces', 'vpp.acls.acl'],
  };
}

function without(paths: readonly VppAbfPath[], others: readonly VppAbfPath[]): readonly VppAbfPath[] {
  const known = new Set(others.map(identityOf));
  return paths.filter((path) => !known.has(identityOf(path)));
}

/** VPP keeps a path that it has as it is: another weight or preference needs a new policy. */
function reweighs(from: ABF, to: ABF): boolean {
  return from.forwardingPaths.some((before) =>
    to.forwardingPaths.some(
      (after) =>
        before.nextHopIp === after.nextHopIp &&
        before.interfaceName === after.interfaceName &&
        before.dvr === after.dvr &&
        ((before.weight || 1) !== (after.weight || 1) || before.preference !== after.preference),
    ),
  );
}

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<ABF, VppAbf>,
): Promise<readonly Retrieved<ABF, VppAbf>[]> {
  const dump = vppDump(engine, context.session);
  const [names, interfaces, policies] = await Promise.all([
    aclNames(engine, context),
    dump.interfaces(),
    dump.list('abf_policy_dump'),
  ]);
  const retrieved: Retrieved<ABF, VppAbf>[] = [];
  for (const { policy } of policies) {
    const { policy_id: index, acl_index: aclIndex } = policy;
    const key = abfKey(index);
    if (context.keys && !context.keys.has(key)) continue;
    const wanted = context.expected.get(key)?.value;
    const aclName = names.get(aclIndex);
    const paths = policy.paths.map(readPath).sort((left, right) => (textOf(left) < textOf(right) ? -1 : 1));
    const value = create(ABFSchema, {
      index,
      aclName: aclName ?? `#${aclIndex}`,
      attachedInterfaces: wanted?.attachedInterfaces ?? [],
      forwardingPaths: paths.map((path) => valueOf(interfaces, path, wanted)),
    });
    const origin = wanted !== undefined || aclName !== undefined ? 'ours' : 'foreign';
    retrieved.push({ key, value, metadata: { aclIndex, paths }, origin });
  }
  return retrieved;
}
