/** Regular look at known neighbours: `vpp.ipscanneigh-global`. */

import { IPScanNeighbor_Mode as Mode } from '../../model/gen/ligato/vpp/l3/l3_pb.js';
import type { IPScanNeighbor } from '../../model/gen/ligato/vpp/l3/l3_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import type { Kind, Problem } from '../../scheduler/kind.ts';
import { enumProblem, rangeProblem, report } from '../check.ts';

/** The whole key: one object on an agent. */
export const IP_SCAN_NEIGHBOR_KEY: Key = asKey('config/vpp/v2/ipscanneigh-global');

export const ipScanNeighbor: Kind<IPScanNeighbor> = {
  name: 'vpp.ipscanneigh-global',
  prefix: IP_SCAN_NEIGHBOR_KEY,
  label: () => 'neighbour scan',
  validate(_key, value) {
    const problems: Problem[] = [];
    report(problems, enumProblem(value.mode, Mode), 'mode');
    report(problems, rangeProblem(value.scanInterval, 0, 255, 'minutes'), 'scan_interval');
    report(problems, rangeProblem(value.maxProcTime, 0, 255, 'µs'), 'max_proc_time');
    report(problems, rangeProblem(value.maxUpdate, 0, 255), 'max_update');
    report(problems, rangeProblem(value.scanIntDelay, 0, 255, 'ms'), 'scan_int_delay');
    report(problems, rangeProblem(value.staleThreshold, 0, 255, 'minutes'), 'stale_threshold');
    return problems;
  },
};
