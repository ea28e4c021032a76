/** States and counters of interfaces as Ligato's messages. */

import { create } from '@bufbuild/protobuf';
import type { Interface as LinuxInterface } from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import {
  InterfaceNotification_NotifType as LinuxNotifType,
  type InterfaceState_Status as LinuxStatus,
} from '../../model/gen/ligato/linux/interfaces/state_pb.js';
import { type Notification, NotificationSchema } from '../../model/gen/ligato/configurator/configurator_pb.js';
import { type Stats, StatsSchema } from '../../model/gen/ligato/configurator/statspoller_pb.js';
import type { Interface } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import {
  InterfaceNotification_NotifType,
  InterfaceState_Status,
} from '../../model/gen/ligato/vpp/interfaces/state_pb.js';
import type { VppInterfaceCounters } from '../../vpp/index.ts';
import { asKey } from '../../model/index.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { InterfaceState, LinkStatus } from '../interfaces/interface-states.ts';

const status: Readonly<Record<LinkStatus | 'DELETED', InterfaceState_Status>> = {
  UNKNOWN: InterfaceState_Status.UNKNOWN_STATUS,
  UP: InterfaceState_Status.UP,
  DOWN: InterfaceState_Status.DOWN,
  DELETED: InterfaceState_Status.DELETED,
};

/** Link and administrative state of an interface; `gone`: it was deleted. */
export function linkNotification(one: InterfaceState, scheduler: Scheduler, gone = false): Notification {
  const value = scheduler.snapshot().node(asKey(one.key))?.applied;
  const admin = status[gone ? 'DELETED' : one.admin];
  const oper = status[gone ? 'DELETED' : one.operational];
  const state = {
    name: one.name,
    internalName: one.device,
    lastChange: BigInt(Math.floor(one.since / 1000)),
    physAddress: one.mac,
    mtu: one.mtu,
    ifIndex: one.index,
  };
  if (one.model !== 'vpp.interfaces') {
    const type = (value as LinuxInterface | null | undefined)?.type ?? 0;
    return create(NotificationSchema, {
      notification: {
        case: 'linuxNotification',
        value: {
          interface: {
            type: LinuxNotifType.UPDOWN,
            // The same numbers: both messages have the same states.
            state: {
              ...state,
              type,
              adminStatus: admin as number as LinuxStatus,
              operStatus: oper as number as LinuxStatus,
            },
          },
        },
      },
    });
  }
  const type = (value as Interface | null | undefined)?.type ?? 0;
  return create(NotificationSchema, {
    notification: {
      case: 'vppNotification',
      value: {
        interface: {
          type: InterfaceNotification_NotifType.UPDOWN,
          state: { ...state, type, adminStatus: admin, operStatus: oper },
        },
      },
    },
  });
}

/** Counters of an interface of the switch. What this data plane does not count is 0. */
export function interfaceStats({ name, counters }: InterfaceState): Stats {
  return create(StatsSchema, {
    stats: {
      case: 'vppStats',
      value: {
        interface: {
          name,
          rx: { packets: counters.rxPackets, bytes: counters.rxBytes },
          tx: { packets: counters.txPackets, bytes: counters.txBytes },
          rxMulticast: { packets: counters.rxMulticast },
          rxError: counters.rxErrors,
          txError: counters.txErrors,
          drops: counters.rxDropped + counters.txDropped,
          ...vppOnly(counters.vpp),
        },
      },
    },
  });
}

function vppOnly(counted: VppInterfaceCounters | undefined) {
  if (counted === undefined) return {};
  const { rxMulticast, rxBroadcast, txMulticast, txBroadcast, rxNoBuffer, rxMiss, punts, ip4, ip6, mpls } = counted;
  return { rxMulticast, rxBroadcast, txMulticast, txBroadcast, rxNoBuf: rxNoBuffer, rxMiss, punts, ip4, ip6, mpls };
}
