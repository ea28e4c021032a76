/** Port mirroring: `vpp.span`. */

import { Span_Direction as Direction } from '../../model/gen/ligato/vpp/interfaces/span_pb.js';
import type { Span } from '../../model/gen/ligato/vpp/interfaces/span_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import type { Kind, Problem } from '../../scheduler/kind.ts';
import { enumProblem, nameProblem, report } from '../check.ts';
import { interfaceDependency } from '../interface/model.ts';

const PREFIX = 'config/vpp/v2/span/';

export const span: Kind<Span> = {
  name: 'vpp.span',
  prefix: PREFIX,
  validate(_key, { interfaceFrom: from, interfaceTo: to, direction }) {
    const problems: Problem[] = [];
    report(problems, nameProblem(from, 'the name of an interface'), 'interface_from');
    const itself = from === to ? `${to} is the interface that is watched` : undefined;
    report(problems, nameProblem(to, 'the name of an interface') ?? itself, 'interface_to');
    report(problems, enumProblem(direction, Direction, { zero: false }), 'direction');
    return problems;
  },
  dependencies: (_key, { interfaceFrom, interfaceTo }) => [
    interfaceDependency(interfaceFrom),
    interfaceDependency(interfaceTo),
  ],
};

export function spanKey(from: string, to: string): Key {
  return asKey(`${PREFIX}${from}/to/${to}`);
}
