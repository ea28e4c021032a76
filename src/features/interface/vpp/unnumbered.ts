/** `vpp.interfaces.unnumbered` in VPP. */

import type { Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { vppDump } from '../../vpp/dump.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';
import { unnumberedKey } from '../model/keys.ts';
import type { Unnumbered } from '../model/parts.ts';
import { swIfIndexOf } from '../vpp-metadata.ts';

/** Both ends of the loan, in VPP's numbers. */
export interface Loan {
  readonly borrower: number;
  readonly lender: number;
}

export function unnumberedHandler(engine: VppEngine): Handler<Unnumbered, Loan> {
  const { client } = engine;
  // In this message `sw_if_index` is the one that has the address.
  const fields = ({ borrower, lender }: Loan, is_add: boolean) => ({
    sw_if_index: lender,
    unnumbered_sw_if_index: borrower,
    is_add,
  });
  return {
    kind: 'vpp.interfaces.unnumbered',
    engine: 'vpp',
    async create(context, _key, { interface: name, lender }) {
      const loan = { borrower: swIfIndexOf(context, name), lender: swIfIndexOf(context, lender) };
      await client.request('sw_interface_set_unnumbered', fields(loan, true), { signal: context.signal });
      return loan;
    },
    async remove({ signal }, _key, _value, loan) {
      await removed(client.request('sw_interface_set_unnumbered', fields(loan, false), { signal }));
    },
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces', 'vpp.interfaces.address'],
  };
}

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<Unnumbered, Loan>,
): Promise<readonly Retrieved<Unnumbered, Loan>[]> {
  const dump = vppDump(engine, context.session);
  const interfaces = await dump.interfaces();
  const retrieved: Retrieved<Unnumbered, Loan>[] = [];
  for (const { sw_if_index: borrower, ip_sw_if_index: lender } of await dump.list('ip_unnumbered_dump', {})) {
    const name = interfaces.at(borrower)?.tag ?? '';
    const key = unnumberedKey(name);
    if (name === '' || (context.keys && !context.keys.has(key))) continue;
    const value = { interface: name, lender: interfaces.nameOf(lender) };
    retrieved.push({ key, value, metadata: { borrower, lender }, origin: 'ours' });
  }
  return retrieved;
}
