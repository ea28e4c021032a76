import type { Encoder } from './encoder.ts';
import { bool8, field, readFields, u16, u32, u8, writeFields } from './fields.ts';
import type { Attributes } from './reader.ts';

/** What a bridge does with one of its ports (IFLA_BRPORT_...). */
export interface BridgePort {
  /** 0 disabled, 1 listening, 2 learning, 3 forwarding, 4 blocking. */
  readonly state?: number;
  readonly priority?: number;
  readonly cost?: number;
  readonly hairpin?: boolean;
  readonly guard?: boolean;
  readonly rootBlock?: boolean;
  readonly fastLeave?: boolean;
  readonly learning?: boolean;
  /** Unknown unicast is flooded to it. */
  readonly flood?: boolean;
  readonly proxyArp?: boolean;
  readonly proxyArpWifi?: boolean;
  readonly multicastFlood?: boolean;
  readonly multicastToUnicast?: boolean;
  readonly vlanTunnel?: boolean;
  readonly broadcastFlood?: boolean;
  readonly groupForwardMask?: number;
  readonly neighbourSuppress?: boolean;
  /** Isolated ports of a bridge do not reach each other. */
  readonly isolated?: boolean;
  readonly backupPort?: number;
  readonly locked?: boolean;
}

const port = field<BridgePort>();

const FIELDS = [
  port(1, 'state', u8),
  port(2, 'priority', u16),
  port(3, 'cost', u32),
  port(4, 'hairpin', bool8),
  port(5, 'guard', bool8),
  port(6, 'rootBlock', bool8),
  port(7, 'fastLeave', bool8),
  port(8, 'learning', bool8),
  port(9, 'flood', bool8),
  port(10, 'proxyArp', bool8),
  port(12, 'proxyArpWifi', bool8),
  port(27, 'multicastFlood', bool8),
  port(28, 'multicastToUnicast', bool8),
  port(29, 'vlanTunnel', bool8),
  port(30, 'broadcastFlood', bool8),
  port(31, 'groupForwardMask', u16),
  port(32, 'neighbourSuppress', bool8),
  port(33, 'isolated', bool8),
  port(34, 'backupPort', u32),
  port(39, 'locked', bool8),
];

export function writeBridgePort(encoder: Encoder, settings: BridgePort): void {
  writeFields(encoder, FIELDS, settings);
}

export function readBridgePort(attributes: Attributes): BridgePort {
  return readFields(attributes, FIELDS);
}
