/** Records of flows: `vpp.ipfix.*`. */

import type { FlowProbeFeature, FlowProbeParams } from '../../model/gen/ligato/vpp/ipfix/flowprobe_pb.js';
import type { IPFIX } from '../../model/gen/ligato/vpp/ipfix/ipfix_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import type { Kind, Problem } from '../../scheduler/kind.ts';
import { ipProblem, nameProblem, optionalRangeProblem, rangeProblem, report } from '../check.ts';
import { equivalence, messageRule, sameIpText } from '../equality.ts';
import { interfaceDependency } from '../interface/model.ts';
import { vrfDependency } from '../vrf/model.ts';

/** Whole keys: one object of each on an agent. */
export const IPFIX_KEY: Key = asKey('config/vpp/ipfix/v2/ipfix');
export const FLOWPROBE_PARAMS_KEY: Key = asKey('config/vpp/ipfix/v2/flowprobe-params');
const FEATURE_PREFIX = 'config/vpp/ipfix/v2/flowprobe-feature/';

/** What counts when a field is 0. */
export const IPFIX_DEFAULTS = { port: 4739, pathMtu: 512, templateInterval: 20 } as const;

export const ipfix: Kind<IPFIX> = {
  name: 'vpp.ipfix.ipfix',
  prefix: IPFIX_KEY,
  label: () => 'IPFIX',
  validate(_key, { collector, sourceAddress, pathMtu }) {
    const problems: Problem[] = [];
    if (collector === undefined) report(problems, 'is missing: a receiver is required', 'collector');
    else {
      report(problems, ipProblem(collector.address, { family: 4 }), 'collector.address');
      report(problems, rangeProblem(collector.port, 0, 65535, 'UDP port'), 'collector.port');
    }
    report(problems, ipProblem(sourceAddress, { family: 4 }), 'source_address');
    report(problems, optionalRangeProblem(pathMtu, 68, 1450, 'bytes'), 'path_mtu');
    return problems;
  },
  equivalent: equivalence<IPFIX>({
    collector: messageRule({ address: sameIpText, port: sameOrDefault(IPFIX_DEFAULTS.port) }),
    sourceAddress: sameIpText,
    pathMtu: sameOrDefault(IPFIX_DEFAULTS.pathMtu),
    templateInterval: sameOrDefault(IPFIX_DEFAULTS.templateInterval),
  }),
  dependencies(_key, { vrfId }) {
    const table = vrfDependency(vrfId, 4);
    return table === undefined ? [] : [table];
  },
};

function sameOrDefault(fallback: number): (left: number, right: number) => boolean {
  return (left, right) => (left || fallback) === (right || fallback);
}

export const flowProbeParams: Kind<FlowProbeParams> = {
  name: 'vpp.ipfix.flowprobe-params',
  prefix: FLOWPROBE_PARAMS_KEY,
  label: () => 'flow records',
  validate(_key, { recordL2, recordL3, recordL4 }) {
    if (recordL2 || recordL3 || recordL4) return [];
    return [{ field: 'record_l2', message: 'nothing is recorded: one of record_l2, record_l3, record_l4 is required' }];
  },
};

export const flowProbeFeature: Kind<FlowProbeFeature> = {
  name: 'vpp.ipfix.flowprobe-feature',
  prefix: FEATURE_PREFIX,
  validate(_key, { interface: name, l2, ip4, ip6 }) {
    const problems: Problem[] = [];
    report(problems, nameProblem(name, 'the name of an interface'), 'interface');
    if (!l2 && !ip4 && !ip6) report(problems, 'nothing is recorded: one of l2, ip4, ip6 is required', 'l2');
    return problems;
  },
  dependencies: (_key, { interface: name }) => [
    { label: 'parameters of flow records', key: FLOWPROBE_PARAMS_KEY },
    interfaceDependency(name),
  ],
};

export function flowProbeFeatureKey(interfaceName: string): Key {
  return asKey(FEATURE_PREFIX + interfaceName);
}
