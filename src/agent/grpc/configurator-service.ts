/** `ligato.configurator.ConfiguratorService`: the configuration as one container of built-in models. */

import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, type HandlerContext, type ServiceImpl } from '@connectrpc/connect';
import { asKey } from '../../model/index.ts';
import {
  type ConfiguratorService,
  DeleteResponseSchema,
  DumpResponseSchema,
  GetResponseSchema,
  UpdateResponseSchema,
} from '../../model/gen/ligato/configurator/configurator_pb.js';
import type { ApplyResult } from '../configuration/configurator.ts';
import { changeOptions } from './change-options.ts';
import { containerOf, contentsOf } from './config-container.ts';
import type { ServiceNeeds } from './needs.ts';
import type { InterfaceNotifications } from './notifications.ts';
import { waitDone } from './wait-done.ts';

export function configuratorService(
  { configurator, models, scheduler, values, sourceOf }: ServiceNeeds,
  notifications: InterfaceNotifications,
): ServiceImpl<typeof ConfiguratorService> {
  const finish = async (
    result: ApplyResult,
    keys: readonly string[],
    wait: boolean,
    gone: boolean,
    context: HandlerContext,
  ) => {
    const { commit } = result;
    if (commit !== undefined) context.responseHeader.set('seqnum', String(commit.seqNum));
    refuseFailures(commit);
    if (wait) await waitDone(scheduler, keys.map(asKey), gone, context.signal);
  };
  return {
    get: () => create(GetResponseSchema, { config: containerOf(values.maskedAll(configurator.wanted())) }),

    async update({ update, fullResync, waitDone: wait }, context) {
      const objects = contentsOf(update);
      const result = await configurator.apply(objects, changeOptions(context, sourceOf, fullResync));
      await finish(
        result,
        objects.map((object) => models.keyOf(object)),
        wait,
        false,
        context,
      );
      return create(UpdateResponseSchema);
    },

    async delete({ delete: given, waitDone: wait }, context) {
      const objects = contentsOf(given);
      const result = await configurator.delete(objects, changeOptions(context, sourceOf, false));
      await finish(
        result,
        objects.map((object) => models.keyOf(object)),
        wait,
        true,
        context,
      );
      return create(DeleteResponseSchema);
    },

    dump: async () =>
      create(DumpResponseSchema, { dump: containerOf(values.maskedAll(await configurator.retrieved())) }),

    notify: ({ idx, filters }, { signal }) => notifications.stream(idx, filters, signal),
  };
}

/** Names every object that failed; what could be done is done. */
function refuseFailures(commit: ApplyResult['commit']): void {
  if (commit === undefined || commit.failures.length === 0) return;
  const told = commit.failures.slice(0, 10).map(({ key, error }) => `${key}: ${error.message}`);
  const more = commit.failures.length > 10 ? ` (and ${commit.failures.length - 10} more)` : '';
  throw new ConnectError(
    `transaction ${commit.seqNum} failed in part: ${told.join('; ')}${more}`,
    Code.FailedPrecondition,
    { seqnum: String(commit.seqNum) },
  );
}
